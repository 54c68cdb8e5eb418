#include "CFLINT.h"

#include <stdlib.h>

_Static_assert(sizeof(slong) == sizeof(int64_t), "the shims pass FLINT 64-bit words");

static arb_ptr entry(const arb_mat_t m, slong i, slong j) { return arb_mat_entry_ptr((arb_mat_struct *)m, i, j); }

bool cflint_mat_may_be_symmetric(const arb_mat_t b) {
  slong n = arb_mat_nrows(b);
  if (n != arb_mat_ncols(b)) return false;
  for (slong i = 0; i < n; i++)
    for (slong j = 0; j < i; j++)
      if (!arb_overlaps(entry(b, i, j), entry(b, j, i))) return false;
  return true;
}

void cflint_mat_center(arb_mat_t s, const arb_mat_t b, bool symmetrize, int64_t precision) {
  slong rows = arb_mat_nrows(b), columns = arb_mat_ncols(b);
  for (slong i = 0; i < rows; i++) {
    for (slong j = 0; j < columns; j++) {
      arb_ptr x = entry(s, i, j);
      if (symmetrize && i > j) {
        arb_set(x, entry(s, j, i));
        continue;
      }
      if (symmetrize && i < j && !arf_equal(arb_midref(entry(b, i, j)), arb_midref(entry(b, j, i)))) {
        arf_add(arb_midref(x), arb_midref(entry(b, i, j)), arb_midref(entry(b, j, i)), precision, ARF_RND_NEAR);
        arf_mul_2exp_si(arb_midref(x), arb_midref(x), -1);
      } else {
        arf_set_round(arb_midref(x), arb_midref(entry(b, i, j)), precision, ARF_RND_NEAR);
      }
      mag_zero(arb_radref(x));
    }
  }
}

void cflint_mat_distance(arb_t bound, const arb_mat_t b, const arb_mat_t s) {
  slong rows = arb_mat_nrows(b), columns = arb_mat_ncols(b);
  // The norm is at most the geometric mean of the largest row sum and the largest column sum.
  mag_ptr sums = _mag_vec_init(columns);
  mag_t row, largestRow, largestColumn, size;
  arb_t difference;
  mag_init(row);
  mag_init(largestRow);
  mag_init(largestColumn);
  mag_init(size);
  arb_init(difference);
  for (slong i = 0; i < rows; i++) {
    mag_zero(row);
    for (slong j = 0; j < columns; j++) {
      if (arf_equal(arb_midref(entry(b, i, j)), arb_midref(entry(s, i, j)))) {
        mag_set(size, arb_radref(entry(b, i, j)));
      } else {
        arb_sub(difference, entry(b, i, j), entry(s, i, j), 64);
        arb_get_mag(size, difference);
      }
      mag_add(row, row, size);
      mag_add(sums + j, sums + j, size);
    }
    mag_max(largestRow, largestRow, row);
  }
  for (slong j = 0; j < columns; j++) mag_max(largestColumn, largestColumn, sums + j);
  mag_mul(size, largestRow, largestColumn);
  mag_sqrt(size, size);
  arf_set_mag(arb_midref(bound), size);
  mag_zero(arb_radref(bound));
  arb_clear(difference);
  mag_clear(size);
  mag_clear(largestColumn);
  mag_clear(largestRow);
  mag_clear(row);
  _mag_vec_clear(sums, columns);
}

// The exponent of the entry with the largest midpoint among count entries; false where all are zero.
static bool largest_exponent(fmpz_t exponent, arb_srcptr *entries, slong count) {
  arb_srcptr largest = NULL;
  for (slong k = 0; k < count; k++) {
    if (arf_is_zero(arb_midref(entries[k]))) continue;
    if (!largest || arf_cmpabs(arb_midref(entries[k]), arb_midref(largest)) > 0) largest = entries[k];
  }
  if (largest) fmpz_set(exponent, ARF_EXPREF(arb_midref(largest)));
  return largest != NULL;
}

static void scaled_doubles(double *out, fmpz_t exponent, arb_srcptr *entries, slong count) {
  bool isZero = !largest_exponent(exponent, entries, count);
  if (isZero) fmpz_zero(exponent);
  fmpz_t shift;
  arf_t scaled;
  fmpz_init(shift);
  arf_init(scaled);
  fmpz_neg(shift, exponent);
  for (slong k = 0; k < count; k++) {
    arf_mul_2exp_fmpz(scaled, arb_midref(entries[k]), shift);
    out[k] = isZero ? 0 : arf_get_d(scaled, ARF_RND_NEAR);
  }
  arf_clear(scaled);
  fmpz_clear(shift);
}

void cflint_mat_scaled_doubles(double *out, fmpz_t exponent, const arb_mat_t s) {
  slong rows = arb_mat_nrows(s), columns = arb_mat_ncols(s);
  arb_srcptr *entries = flint_malloc((size_t)(rows * columns + 1) * sizeof *entries);
  for (slong i = 0; i < rows; i++)
    for (slong j = 0; j < columns; j++) entries[i * columns + j] = entry(s, i, j);
  scaled_doubles(out, exponent, entries, rows * columns);
  flint_free(entries);
}

void cflint_mat_row_norm(arb_t bound, const arb_mat_t t, bool subtractIdentity, int64_t precision) {
  arb_t sum, x;
  arb_init(sum);
  arb_init(x);
  arb_zero(bound);
  for (slong i = 0; i < arb_mat_nrows(t); i++) {
    arb_zero(sum);
    for (slong j = 0; j < arb_mat_ncols(t); j++) {
      arb_set(x, entry(t, i, j));
      if (subtractIdentity && i == j) arb_sub_si(x, x, 1, precision);
      arb_abs(x, x);
      arb_add(sum, sum, x, precision);
    }
    arb_max(bound, bound, sum, precision);
  }
  arb_clear(x);
  arb_clear(sum);
}

void cflint_mat_largest_quotient(arb_t quotient, const arb_mat_t t, const arb_mat_t g, int64_t precision) {
  arb_t x;
  arb_init(x);
  arb_zero(quotient);
  for (slong i = 0; i < arb_mat_nrows(t); i++) {
    if (!arb_is_positive(entry(g, i, i))) continue;
    arb_abs(x, entry(t, i, i));
    arb_div(x, x, entry(g, i, i), precision);
    arb_max(quotient, quotient, x, precision);
  }
  arb_clear(x);
}

// r := delta_ij - g_ij, and n := t_ij + lambda_j r.
static void pair_residual(
    arb_t n, arb_t r, const arb_mat_t t, const arb_mat_t g, arb_srcptr values, slong i, slong j, slong precision) {
  arb_neg(r, entry(g, i, j));
  if (i == j) arb_add_si(r, r, 1, precision);
  arb_mul(n, values + j, r, precision);
  if (i != j) arb_add(n, n, entry(t, i, j), precision);
}

void cflint_mat_eigenvector_correction(
    arb_mat_t m, bool *isUnresolved, const arb_mat_t t, const arb_mat_t g, int64_t precision) {
  slong n = arb_mat_nrows(t);
  arb_ptr values = _arb_vec_init(n);
  arb_t residual, r, gap;
  mag_t size, defect, floor, numerator, distance, negligible;
  arb_init(residual);
  arb_init(r);
  arb_init(gap);
  mag_init(size);
  mag_init(defect);
  mag_init(floor);
  mag_init(numerator);
  mag_init(distance);
  mag_init(negligible);
  for (slong i = 0; i < n; i++) {
    arb_div(values + i, entry(t, i, i), entry(g, i, i), precision);
    arb_get_mag(numerator, values + i);
    mag_max(size, size, numerator);
  }
  // How far from orthonormal and diagonal, relatively: the eigenvalues are known to about its square.
  mag_inv(distance, size);
  for (slong i = 0; i < n; i++) {
    for (slong j = 0; j < n; j++) {
      pair_residual(residual, r, t, g, values, i, j, precision);
      arb_get_mag(numerator, r);
      mag_max(defect, defect, numerator);
      arb_get_mag(numerator, residual);
      mag_mul(numerator, numerator, distance);
      mag_max(defect, defect, numerator);
    }
  }
  mag_mul(floor, defect, defect);
  mag_mul(floor, floor, size);
  mag_mul_ui(floor, floor, 4 * (ulong)n);
  mag_mul_2exp_si(negligible, size, 16 - precision);
  for (slong i = 0; i < n; i++) {
    for (slong j = 0; j < n; j++) {
      arb_ptr x = entry(m, i, j);
      isUnresolved[i * n + j] = false;
      pair_residual(residual, r, t, g, values, i, j, precision);
      arb_sub(gap, values + j, values + i, precision);
      arb_get_mag_lower(distance, gap);
      arb_get_mag(numerator, residual);
      bool matters = i != j && mag_cmp(numerator, negligible) > 0;
      // A coupling of second order goes with the defect; one above that is of eigenvalues too close together.
      isUnresolved[i * n + j] = matters && mag_cmp(numerator, floor) > 0;
      mag_mul_2exp_si(numerator, numerator, 16);
      if (matters && mag_cmp(distance, floor) > 0 && mag_cmp(distance, numerator) > 0) {
        isUnresolved[i * n + j] = false;
        arb_div(x, residual, gap, precision);
      } else {
        arb_mul_2exp_si(x, r, -1);
      }
      if (i == j) arb_add_si(x, x, 1, precision);
      mag_zero(arb_radref(x));
    }
  }
  mag_clear(negligible);
  mag_clear(distance);
  mag_clear(numerator);
  mag_clear(floor);
  mag_clear(defect);
  mag_clear(size);
  arb_clear(gap);
  arb_clear(r);
  arb_clear(residual);
  _arb_vec_clear(values, n);
}

void cflint_mat_cluster_doubles(
    double *out, const arb_mat_t t, const arb_mat_t g, const int64_t *indices, int64_t count, int64_t precision) {
  slong size = count * count;
  arb_ptr block = _arb_vec_init(size), values = _arb_vec_init(count);
  arb_srcptr *entries = flint_malloc((size_t)(size + 1) * sizeof *entries);
  arb_t mean;
  arb_init(mean);
  for (slong k = 0; k < count; k++)
    arb_div(values + k, entry(t, indices[k], indices[k]), entry(g, indices[k], indices[k]), precision);
  for (slong k = 0; k < count; k++) {
    for (slong l = 0; l < count; l++) {
      arb_ptr x = block + k * count + l;
      entries[k * count + l] = x;
      if (k == l) {
        arb_sub(x, values + k, values, precision);
        continue;
      }
      // What orthonormal columns would give, to first order in their defect.
      arb_add(mean, values + k, values + l, precision);
      arb_mul_2exp_si(mean, mean, -1);
      arb_set(x, entry(t, indices[k], indices[l]));
      arb_submul(x, mean, entry(g, indices[k], indices[l]), precision);
    }
  }
  fmpz_t exponent;
  fmpz_init(exponent);
  scaled_doubles(out, exponent, entries, size);
  fmpz_clear(exponent);
  arb_clear(mean);
  flint_free(entries);
  _arb_vec_clear(values, count);
  _arb_vec_clear(block, size);
}

void cflint_ball_normal_distribution(arb_ptr y, arb_srcptr x, int64_t precision) {
  arb_t root;
  arb_init(root);
  arb_set_ui(root, 2);
  arb_sqrt(root, root, precision + 8);
  arb_div(root, x, root, precision + 8);
  arb_neg(root, root);
  arb_hypgeom_erfc(root, root, precision + 8);
  arb_mul_2exp_si(y, root, -1);
  arb_set_round(y, y, precision);
  arb_clear(root);
}

void cflint_ball_normal_density(arb_ptr y, arb_srcptr x, int64_t precision) {
  arb_t square, root;
  arb_init(square);
  arb_init(root);
  arb_sqr(square, x, precision + 8);
  arb_mul_2exp_si(square, square, -1);
  arb_neg(square, square);
  arb_exp(square, square, precision + 8);
  arb_const_pi(root, precision + 8);
  arb_mul_2exp_si(root, root, 1);
  arb_sqrt(root, root, precision + 8);
  arb_div(y, square, root, precision);
  arb_clear(square);
  arb_clear(root);
}
