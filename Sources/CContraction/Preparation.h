#pragma once
#include "CContraction.h"
#include <math.h>

// How a prepared product is run; kept in the lowest byte of its `detail`, which is 0 in one not prepared.
enum {
  // No sum; the last dimension is consecutive in the target, consecutive or constant in each factor.
  path_elementwise = 1,
  // No sum; the last dimension is consecutive in the target, the one before in some factor.
  path_transposed = 2,
  // Dimensions of the target, then those summed over, then one of the target that is consecutive in some factors and
  // constant in the others.
  path_columns = 3,
  // Dimensions of the target, then those summed over, the last consecutive in some factors and constant in the others.
  path_rows = 4,
  // Dimensions of the target, then those summed over, of any strides.
  path_scalar = 5,
  // A matrix product.
  path_product = 6,
};

// The number of factors consecutive in the last dimension, which are the first; then the number of dimensions summed.
#define DETAIL(path, units, sums) ((path) | (units) << 8 | (sums) << 16)
#define DETAIL_PATH(detail) ((detail) & 255)
#define DETAIL_UNITS(detail) ((detail) >> 8 & 255)
#define DETAIL_SUMS(detail) ((detail) >> 16 & 255)

void contraction_prepare_one(contraction_operation *operation);

void contraction_run_avx512(const contraction_operation *, int64_t, int64_t, int64_t, double *const *);
void contraction_run_avx2(const contraction_operation *, int64_t, int64_t, int64_t, double *const *);
void contraction_run_portable(const contraction_operation *, int64_t, int64_t, int64_t, double *const *);
