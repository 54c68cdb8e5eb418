#include "Preparation.h"

typedef contraction_operation operation;

static int64_t size_of(int64_t x) { return x < 0 ? -x : x; }

static void swap_numbers(int64_t *x, int64_t *y) {
  int64_t z = *x;
  *x = *y;
  *y = z;
}

static void swap_dimensions(operation *o, int d, int e) {
  if (d == e) return;
  swap_numbers(&o->extent[d], &o->extent[e]);
  swap_numbers(&o->target_stride[d], &o->target_stride[e]);
  for (int f = 0; f < o->factor_count; f++) swap_numbers(&o->factor_stride[f][d], &o->factor_stride[f][e]);
  if (o->shrinking == d) o->shrinking = e;
  else if (o->shrinking == e) o->shrinking = d;
}

static void swap_factors(operation *o, int f, int g) {
  if (f == g) return;
  contraction_place place = o->factor[f];
  o->factor[f] = o->factor[g];
  o->factor[g] = place;
  for (int d = 0; d < o->rank; d++) swap_numbers(&o->factor_stride[f][d], &o->factor_stride[g][d]);
}

// Moves dimension d to place e; those between move by one.
static void move_dimension(operation *o, int d, int e) {
  for (; d < e; d++) swap_dimensions(o, d, d + 1);
  for (; d > e; d--) swap_dimensions(o, d, d - 1);
}

static void remove_dimension(operation *o, int d) {
  move_dimension(o, d, o->rank - 1);
  o->rank--;
}

static void remove_single_dimensions(operation *o, int count) {
  for (int d = count - 1; d >= 0; d--)
    if (o->extent[d] == 1 && o->shrinking != d) remove_dimension(o, d);
}

// Whether dimension d goes on where dimension e ends, in every operand.
static int continues(const operation *o, int d, int e) {
  if (o->shrinking == d || o->shrinking == e) return 0;
  if ((o->target_stride[d] == 0) != (o->target_stride[e] == 0)) return 0;
  if (o->target_stride[d] != o->target_stride[e] * o->extent[e]) return 0;
  for (int f = 0; f < o->factor_count; f++)
    if (o->factor_stride[f][d] != o->factor_stride[f][e] * o->extent[e]) return 0;
  return 1;
}

static int64_t weight(const operation *o, int d) {
  if (o->target_stride[d] != 0) return size_of(o->target_stride[d]);
  int64_t sum = 0;
  for (int f = 0; f < o->factor_count; f++) sum += size_of(o->factor_stride[f][d]);
  return sum;
}

// Dimensions of the target first, then those summed over; each from far to near, merged where they can be.
static void order_dimensions(operation *o) {
  for (int i = 1; i < o->rank; i++) {
    for (int d = i; d > 0; d--) {
      int is_sum = o->target_stride[d] == 0, is_sum_before = o->target_stride[d - 1] == 0;
      if (is_sum > is_sum_before || (is_sum == is_sum_before && weight(o, d) <= weight(o, d - 1))) break;
      swap_dimensions(o, d, d - 1);
    }
  }
  for (int d = 0; d < o->rank; d++) {
    for (int e = 0; e < o->rank; e++) {
      if (d == e || !continues(o, d, e)) continue;
      o->extent[e] *= o->extent[d];
      remove_dimension(o, d);
      d = -1;
      break;
    }
  }
}

// The number of factors consecutive in dimension d where all others are constant in it; otherwise 0.
static int consecutive_factors(const operation *o, int d) {
  int units = 0;
  for (int f = 0; f < o->factor_count; f++) {
    if (o->factor_stride[f][d] == 1) units++;
    else if (o->factor_stride[f][d] != 0) return 0;
  }
  return units;
}

static void consecutive_factors_first(operation *o, int d) {
  for (int f = 0, next = 0; f < o->factor_count; f++)
    if (o->factor_stride[f][d] == 1) swap_factors(o, f, next++);
}

static int32_t prepare_elementwise(operation *o) {
  int last = o->rank - 1, nearest = -1;
  for (int d = 0; d <= last; d++)
    if (o->target_stride[d] == 1 && (nearest < 0 || o->extent[d] > o->extent[nearest])) nearest = d;
  if (nearest < 0) return DETAIL(path_scalar, 0, 0);
  move_dimension(o, nearest, last);
  for (int f = 0; f < o->factor_count; f++) {
    int64_t stride = o->factor_stride[f][last];
    if (stride == 0 || stride == 1) continue;
    for (int d = 0; d < last && o->extent[last] >= 4; d++) {
      if (o->factor_stride[f][d] != 1 || o->extent[d] < 4) continue;
      move_dimension(o, d, last - 1);
      return DETAIL(path_transposed, 0, 0);
    }
    return DETAIL(path_scalar, 0, 0);
  }
  int units = consecutive_factors(o, last);
  consecutive_factors_first(o, last);
  return DETAIL(path_elementwise, units, 0);
}

static int64_t preference(const operation *o, int d) {
  return d < 0 ? 0 : o->extent[d] < 8 ? o->extent[d] : 8;
}

static int32_t prepare_sum(operation *o, int sums) {
  int last = o->rank - 1, column = -1, row = -1;
  for (int d = 0; d <= last; d++) {
    if (consecutive_factors(o, d) == 0) continue;
    int *best = o->target_stride[d] == 0 ? &row : &column;
    if (*best < 0 || o->extent[d] > o->extent[*best]) *best = d;
  }
  if (column >= 0 && preference(o, column) >= preference(o, row)) {
    move_dimension(o, column, last);
    int units = consecutive_factors(o, last);
    consecutive_factors_first(o, last);
    return DETAIL(path_columns, units, sums);
  }
  if (row >= 0) {
    move_dimension(o, row, last);
    int units = consecutive_factors(o, last);
    consecutive_factors_first(o, last);
    return DETAIL(path_rows, units, sums);
  }
  return DETAIL(path_scalar, 0, sums);
}

static void prepare_multiply(operation *o) {
  remove_single_dimensions(o, o->rank);
  order_dimensions(o);
  if (o->rank == 0) {
    o->rank = 1;
    o->extent[0] = 1;
    o->target_stride[0] = 1;
    for (int f = 0; f < o->factor_count; f++) o->factor_stride[f][0] = 1;
  }
  int sums = 0;
  for (int d = 0; d < o->rank; d++) sums += o->target_stride[d] == 0;
  o->detail = sums == 0 ? prepare_elementwise(o) : prepare_sum(o, sums);
}

// Lets dimension e be the whole of dimensions d and e where it can.
static int absorb(operation *o, int d, int e) {
  if (o->shrinking == d || o->shrinking == e) return 0;
  if (o->extent[e] == 1) {
    o->target_stride[e] = o->target_stride[d];
    for (int f = 0; f < 2; f++) o->factor_stride[f][e] = o->factor_stride[f][d];
    o->extent[e] = o->extent[d];
  } else {
    if (!continues(o, d, e)) return 0;
    o->extent[e] *= o->extent[d];
  }
  remove_dimension(o, d);
  return 1;
}

static void prepare_product(operation *o) {
  remove_single_dimensions(o, o->rank - 3);
  for (int d = o->rank - 4; d >= 0; d--) {
    int m = o->rank - 3, n = m + 1, k = m + 2;
    if (o->target_stride[d] == 0) absorb(o, d, k);
    else if (o->factor_stride[1][d] == 0) absorb(o, d, m);
    else if (o->factor_stride[0][d] == 0) absorb(o, d, n);
  }
  int m = o->rank - 3, n = m + 1, k = m + 2;
  // The transposed product where that makes the columns of C consecutive, or a single column a row.
  int is_column = o->extent[n] == 1 && o->extent[m] > 1;
  int is_row = o->extent[m] == 1 && o->extent[n] > 1;
  if (is_column || (!is_row && o->target_stride[n] != 1 && o->target_stride[m] == 1)) {
    swap_factors(o, 0, 1);
    swap_dimensions(o, m, n);
  }
  if (o->extent[k] == 1 && o->shrinking != k) o->factor_stride[0][k] = o->factor_stride[1][k] = 1;
  o->detail = DETAIL(path_product, 0, 0);
}

void contraction_prepare_one(contraction_operation *o) {
  if (o->detail != 0) return;
  if (o->kind == contraction_multiply) prepare_multiply(o);
  else if (o->kind == contraction_gemm) prepare_product(o);
}

void contraction_prepare(contraction_operation *operations, int64_t length) {
  for (int64_t i = 0; i < length; i++) contraction_prepare_one(&operations[i]);
}
