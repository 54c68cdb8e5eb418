#pragma once
#include <stdint.h>

// Straight-line programs of strided tensor operations over `double`, with counted loops around them.

// The deepest nest of loops around an operation.
#define CONTRACTION_LOOPS 3
// The most dimensions of an operation.
#define CONTRACTION_RANK 8
// The most factors of a product.
#define CONTRACTION_FACTORS 4

// Where an operand starts: bases[buffer] + offset + Σ_l step[l] · index[l], over the loops around the operation.
typedef struct {
  int64_t offset;
  int64_t step[CONTRACTION_LOOPS];
  int64_t buffer;
} contraction_place;

typedef enum {
  // Runs the next `detail` operations `extent[0]` times. Inside another loop and with `shrinking` 0 it has one turn less
  // for each turn of that one.
  contraction_loop = 0,
  // target[Σ_d i_d target_stride[d]] (+)= scale · Π_f factor_f[Σ_d i_d factor_stride[f][d]], over all index tuples i;
  // a dimension of target stride 0 is summed over. With no factor the target is filled with `scale`.
  contraction_multiply = 1,
  // The same with two factors A and B, whose last three dimensions are m, n and k: C[m,n] (+)= scale · Σ_k A[m,k] B[k,n],
  // for each index of the dimensions before. A does not depend on n, B not on m, C not on k.
  contraction_gemm = 2,
  // target[i] = f(factor_0[i]) for extent[0] consecutive numbers; `detail` names f.
  contraction_map = 3,
  // target[i, j] = factor_0[i, j] − max_j factor_0[i, j], for extent[0] consecutive rows of extent[1] numbers.
  contraction_shift = 4,
  // target[j, i] = target[i, j] for i < j: the lower triangle of a square matrix from its upper; extent[0] is its order,
  // target_stride[0] the distance of its rows.
  contraction_mirror = 5,
} contraction_kind;

typedef enum {
  contraction_exponential = 0,
  contraction_reciprocal = 1,
  contraction_square_root = 2,
  contraction_positive_part = 3,
  // 1 for positive numbers, 0 for others.
  contraction_step = 4,
  // The natural logarithm.
  contraction_logarithm = 5,
  // The distribution function of the standard normal distribution and its density.
  contraction_normal_distribution = 6,
  contraction_normal_density = 7,
} contraction_function;

typedef struct {
  int32_t kind;
  int32_t detail;
  // Adds to the target instead of overwriting it.
  int32_t accumulate;
  // The target is large and will not be read again soon: stores may pass by the cache.
  int32_t stream;
  int32_t factor_count;
  int32_t rank;
  // Where not negative: extent[shrinking] becomes smaller by one for each turn of the innermost loop.
  int32_t shrinking;
  double scale;
  contraction_place target;
  contraction_place factor[CONTRACTION_FACTORS];
  int64_t extent[CONTRACTION_RANK];
  int64_t target_stride[CONTRACTION_RANK];
  int64_t factor_stride[CONTRACTION_FACTORS][CONTRACTION_RANK];
} contraction_operation;

// Runs a program on the calling thread. Where the first operation is a loop, `first` and `count` choose its turns (all:
// 0 and its extent); otherwise they are 0 and 1. Operands overlap only where they are the same numbers, and no target
// overlaps a factor of the same operation, save that a map or a shift may work in place.
void contraction_run(const contraction_operation *operations, int64_t length, int64_t first, int64_t count,
                     double *const *bases);

// Rewrites the products of a program in place so that they run without further analysis: dimensions are dropped, merged
// and put in order, factors exchanged, and `detail`, which must be 0 in a product before, says how to run it. A program
// that is not prepared gives the same numbers; each turn of each product then analyses it anew.
void contraction_prepare(contraction_operation *operations, int64_t length);

// The number of instruction sets that `contraction_run` chooses among on this processor, by taking the last.
int contraction_instruction_sets(void);

// Runs a program with one of these; 0 needs nothing of the processor.
void contraction_run_with(int instructions, const contraction_operation *operations, int64_t length, int64_t first,
                          int64_t count, double *const *bases);
