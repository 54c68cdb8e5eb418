#define _GNU_SOURCE
#include "CLAPACKE.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef char *(*text_function)(void);
typedef int (*count_function)(void);
typedef void (*thread_function)(int);
typedef void (*dynamic_function)(void);

static const char *text(const char *symbol) {
  text_function function = (text_function)dlsym(RTLD_DEFAULT, symbol);
  return function ? function() : NULL;
}

const char *clapacke_core(void) { return text("openblas_get_corename"); }

const char *clapacke_configuration(void) { return text("openblas_get_config"); }

int clapacke_threads(void) {
  count_function function = (count_function)dlsym(RTLD_DEFAULT, "openblas_get_num_threads");
  return function ? function() : 0;
}

// The kernels for this processor, or NULL where OpenBLAS's own choice cannot be bettered.
static const char *better_core(void) {
#if defined(__x86_64__)
  static const char *const old[] = {"Prescott", "Core2",       "Penryn", "Dunnington", "Nehalem",
                                    "Sandybridge", "Atom", "Generic", "Unknown"};
  const char *core = clapacke_core();
  if (!core) return NULL;
  for (size_t i = 0; i < sizeof old / sizeof *old; i++) {
    if (strcasecmp(core, old[i]) != 0) continue;
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw"))
      return "SkylakeX";
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return "Haswell";
  }
#endif
  return NULL;
}

void clapacke_select_core(void) {
  if (!getenv("OPENBLAS_CORETYPE")) {
    dynamic_function quit = (dynamic_function)dlsym(RTLD_DEFAULT, "gotoblas_dynamic_quit");
    dynamic_function start = (dynamic_function)dlsym(RTLD_DEFAULT, "gotoblas_dynamic_init");
    const char *core = quit && start ? better_core() : NULL;
    if (core && setenv("OPENBLAS_CORETYPE", core, 1) == 0) {
      quit();
      start();
      // A child process is to choose for itself.
      unsetenv("OPENBLAS_CORETYPE");
    }
  }
  if (!getenv("OPENBLAS_NUM_THREADS")) {
    thread_function set = (thread_function)dlsym(RTLD_DEFAULT, "openblas_set_num_threads");
    if (set) set(1);
  }
}
