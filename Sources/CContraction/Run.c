#include "Preparation.h"

int contraction_instruction_sets(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw"))
    return 3;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return 2;
#endif
  return 1;
}

void contraction_run_with(int instructions, const contraction_operation *operations, int64_t length, int64_t first,
                          int64_t count, double *const *bases) {
  switch (instructions) {
#if defined(__x86_64__)
  case 2: contraction_run_avx512(operations, length, first, count, bases); break;
  case 1: contraction_run_avx2(operations, length, first, count, bases); break;
#endif
  default: contraction_run_portable(operations, length, first, count, bases); break;
  }
}

void contraction_run(const contraction_operation *operations, int64_t length, int64_t first, int64_t count,
                     double *const *bases) {
  contraction_run_with(contraction_instruction_sets() - 1, operations, length, first, count, bases);
}
