#pragma once
#include <gmp.h>
#include <flint/fmpq_mat.h>
#if __has_include(<flint/arb.h>)
#include <flint/arb.h>
#else
#include <arb.h>
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

// A decimal enclosure, to be freed by flint_free.
static inline char *cflint_ball_text(arb_srcptr x, int64_t digits) { return arb_get_str(x, digits, 0); }
