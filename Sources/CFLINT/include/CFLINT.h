#pragma once
#include <gmp.h>
#include <flint/fmpq_mat.h>
#if __has_include(<flint/arb.h>)
#include <flint/arb.h>
#else
#include <arb.h>
#endif
#if __has_include(<flint/arb_hypgeom.h>)
#include <flint/arb_hypgeom.h>
#else
#include <arb_hypgeom.h>
#endif
#if __has_include(<flint/arb_mat.h>)
#include <flint/arb_mat.h>
#else
#include <arb_mat.h>
#endif
#include <stdbool.h>
#include <stdint.h>

// Entry (i, j) := numerator / denominator, which must be in lowest terms with a positive denominator.
static inline void cflint_set_small(fmpq_mat_t m, int64_t i, int64_t j, int64_t numerator, int64_t denominator) {
  fmpz_set_si(fmpq_mat_entry_num(m, i, j), numerator);
  fmpz_set_si(fmpq_mat_entry_den(m, i, j), denominator);
}

// Entry (i, j) := q.
static inline void cflint_set_big(fmpq_mat_t m, int64_t i, int64_t j, mpq_srcptr q) {
  fmpz_set_mpz(fmpq_mat_entry_num(m, i, j), mpq_numref(q));
  fmpz_set_mpz(fmpq_mat_entry_den(m, i, j), mpq_denref(q));
}

// Reads entry (i, j) where numerator and denominator are at most 2^63 - 1 in magnitude.
static inline bool cflint_get_small(const fmpq_mat_t m, int64_t i, int64_t j, int64_t *numerator, int64_t *denominator) {
  const fmpz *n = fmpq_mat_entry_num(m, i, j), *d = fmpq_mat_entry_den(m, i, j);
  if (!fmpz_fits_si(n) || !fmpz_fits_si(d)) return false;
  int64_t value = fmpz_get_si(n);
  if (value == INT64_MIN) return false;
  *numerator = value;
  *denominator = fmpz_get_si(d);
  return true;
}

// q := entry (i, j).
static inline void cflint_get_big(const fmpq_mat_t m, int64_t i, int64_t j, mpq_ptr q) {
  fmpz_get_mpz(mpq_numref(q), fmpq_mat_entry_num(m, i, j));
  fmpz_get_mpz(mpq_denref(q), fmpq_mat_entry_den(m, i, j));
}

// x := an enclosure of q, exact where the precision holds q.
static inline void cflint_ball_set_rational(arb_ptr x, mpq_srcptr q, int64_t precision) {
  fmpq_t fraction;
  fmpq_init(fraction);
  fmpq_set_mpq(fraction, q);
  arb_set_fmpq(x, fraction, precision);
  fmpq_clear(fraction);
}

// Whether q is in x.
static inline bool cflint_ball_contains_rational(arb_srcptr x, mpq_srcptr q) {
  fmpq_t fraction;
  fmpq_init(fraction);
  fmpq_set_mpq(fraction, q);
  bool contains = arb_contains_fmpq(x, fraction) != 0;
  fmpq_clear(fraction);
  return contains;
}

// Whether the exponents of midpoint and radius are at most the limit in magnitude, or the numbers zero.
static inline bool cflint_ball_is_moderate(arb_srcptr x, int64_t limit) {
  const fmpz *middle = &x->mid.exp, *radius = &x->rad.exp;
  return !COEFF_IS_MPZ(*middle) && !COEFF_IS_MPZ(*radius) && *middle <= limit && *middle >= -limit &&
         *radius <= limit && *radius >= -limit;
}

// q := an endpoint of x, exactly; x must be finite and moderate.
static inline void cflint_ball_get_endpoint(arb_srcptr x, bool upper, mpq_ptr q) {
  arf_t endpoint;
  fmpz_t mantissa, exponent;
  arf_init(endpoint);
  fmpz_init(mantissa);
  fmpz_init(exponent);
  if (upper) arb_get_ubound_arf(endpoint, x, ARF_PREC_EXACT);
  else arb_get_lbound_arf(endpoint, x, ARF_PREC_EXACT);
  arf_get_fmpz_2exp(mantissa, exponent, endpoint);
  // The mantissa is odd, so the fraction is in lowest terms.
  int64_t shift = fmpz_get_si(exponent);
  fmpz_get_mpz(mpq_numref(q), mantissa);
  mpz_set_ui(mpq_denref(q), 1);
  if (shift > 0) mpz_mul_2exp(mpq_numref(q), mpq_numref(q), (mp_bitcnt_t)shift);
  if (shift < 0) mpz_mul_2exp(mpq_denref(q), mpq_denref(q), (mp_bitcnt_t)-shift);
  fmpz_clear(exponent);
  fmpz_clear(mantissa);
  arf_clear(endpoint);
}

// An endpoint of x, rounded outward.
static inline double cflint_ball_rounded_endpoint(arb_srcptr x, bool upper) {
  arf_t endpoint;
  arf_init(endpoint);
  if (upper) arb_get_ubound_arf(endpoint, x, 64);
  else arb_get_lbound_arf(endpoint, x, 64);
  double rounded = arf_get_d(endpoint, upper ? ARF_RND_CEIL : ARF_RND_FLOOR);
  arf_clear(endpoint);
  return rounded;
}

// Compares the midpoints.
static inline int cflint_ball_compare_midpoints(arb_srcptr x, arb_srcptr y) { return arf_cmp(&x->mid, &y->mid); }

static inline double cflint_ball_nearest_midpoint(arb_srcptr x) { return arf_get_d(&x->mid, ARF_RND_NEAR); }

static inline double cflint_ball_radius(arb_srcptr x) { return mag_get_d(&x->rad); }

// y := an enclosure of the standard normal distribution function, erfc(-x/sqrt(2))/2.
void cflint_ball_normal_distribution(arb_ptr y, arb_srcptr x, int64_t precision);

// y := an enclosure of the standard normal density, exp(-x^2/2)/sqrt(2 pi).
void cflint_ball_normal_density(arb_ptr y, arb_srcptr x, int64_t precision);

// A decimal enclosure, to be freed by flint_free.
static inline char *cflint_ball_text(arb_srcptr x, int64_t digits) { return arb_get_str(x, digits, 0); }

// The ball's distance from zero, rounded down, and the largest magnitude in it, rounded up.
static inline void cflint_ball_magnitude_bounds(arb_ptr lower, arb_ptr upper, arb_srcptr x) {
  mag_t bound;
  mag_init(bound);
  arb_get_mag_lower(bound, x);
  arf_set_mag(arb_midref(lower), bound);
  mag_zero(arb_radref(lower));
  arb_get_mag(bound, x);
  arf_set_mag(arb_midref(upper), bound);
  mag_zero(arb_radref(upper));
  mag_clear(bound);
}

// Whether every pair of balls across the diagonal of a square matrix has a point in common.
bool cflint_mat_may_be_symmetric(const arb_mat_t b);

// s := the midpoints of b, or the midpoints of b and its transpose averaged, rounded to the precision and exact.
void cflint_mat_center(arb_mat_t s, const arb_mat_t b, bool symmetrize, int64_t precision);

// bound := a number at least the spectral norm of x - s for every x in b; s must be exact.
void cflint_mat_distance(arb_t bound, const arb_mat_t b, const arb_mat_t s);

// out := the midpoints, row by row, all multiplied by the power of two that brings the largest below 1 in magnitude;
// exponent := the exponent of that power, negated. All zero for a zero matrix.
void cflint_mat_scaled_doubles(double *out, fmpz_t exponent, const arb_mat_t s);

// Entry (i, j) := value, exactly.
static inline void cflint_mat_set_double(arb_mat_t m, int64_t i, int64_t j, double value) {
  arb_set_d(arb_mat_entry_ptr(m, i, j), value);
}

// bound := an enclosure of the largest row sum of magnitudes of t, or of t - I.
void cflint_mat_row_norm(arb_t bound, const arb_mat_t t, bool subtractIdentity, int64_t precision);

// quotient := an enclosure of the largest |t_ii| / g_ii.
void cflint_mat_largest_quotient(arb_t quotient, const arb_mat_t t, const arb_mat_t g, int64_t precision);

// m := I + E such that the columns of X (I + E) are closer to orthonormal eigenvectors, for t = X^T S X and g = X^T X.
// isUnresolved, n x n: the pairs whose eigenvalues are too close for that, but whose coupling is not negligible.
void cflint_mat_eigenvector_correction(
    arb_mat_t m, bool *isUnresolved, const arb_mat_t t, const arb_mat_t g, int64_t precision);

// out := the block at the given indices of what orthonormal columns would give for t, less its first diagonal entry on
// the diagonal, scaled like cflint_mat_scaled_doubles.
void cflint_mat_cluster_doubles(
    double *out, const arb_mat_t t, const arb_mat_t g, const int64_t *indices, int64_t count, int64_t precision);
