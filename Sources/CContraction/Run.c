#include "Preparation.h"

void contraction_run(const contraction_operation *operations, int64_t length, int64_t first, int64_t count,
                     double *const *bases) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw"))
    return contraction_run_avx512(operations, length, first, count, bases);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return contraction_run_avx2(operations, length, first, count, bases);
#endif
  contraction_run_portable(operations, length, first, count, bases);
}
