#include "CTraining.h"

#pragma STDC FP_CONTRACT OFF

typedef double eight __attribute__((ext_vector_type(8)));
typedef double loose_eight __attribute__((ext_vector_type(8), aligned(8), may_alias));
// Eight numbers at any address.
#define AT(p) (*(loose_eight *)(p))

#define TARGET
#define NAME(f) f##_portable
#include "Loops.h"
#undef TARGET
#undef NAME

#if defined(__x86_64__)
#define TARGET __attribute__((target("avx2")))
#define NAME(f) f##_avx2
#include "Loops.h"
#undef TARGET
#undef NAME

#define TARGET __attribute__((target("avx512f")))
#define NAME(f) f##_avx512
#include "Loops.h"
#undef TARGET
#undef NAME

#define CHOOSE(f, ...)                                                \
  __builtin_cpu_supports("avx512f") ? f##_avx512(__VA_ARGS__)         \
  : __builtin_cpu_supports("avx2")  ? f##_avx2(__VA_ARGS__)           \
                                    : f##_portable(__VA_ARGS__)
#else
#define CHOOSE(f, ...) f##_portable(__VA_ARGS__)
#endif

void training_scale(double *target, const double *source, double factor, int64_t n) {
  CHOOSE(scale, target, source, factor, n);
}

void training_add(double *target, const double *source, double factor, int64_t n) {
  CHOOSE(add, target, source, factor, n);
}

void training_sum_parts(double *target, const double *parts, int64_t count, int64_t stride, int64_t n) {
  CHOOSE(sum_parts, target, parts, count, stride, n);
}

double training_sum_of_squares(const double *x, int64_t n) { return CHOOSE(sum_of_squares, x, n); }

void training_adam_step(const training_adam *step, double *weights, double *mean, double *square,
                        const double *gradient, int64_t n) {
  CHOOSE(adam_step, step, weights, mean, square, gradient, n);
}
