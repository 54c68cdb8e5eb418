#pragma once
#include <gmp.h>
#include <stdbool.h>
#include <stdint.h>

// GMP's accessors are macros, which Swift cannot import.

static inline mpz_ptr cgmp_numerator(mpq_ptr q) { return mpq_numref(q); }
static inline mpz_ptr cgmp_denominator(mpq_ptr q) { return mpq_denref(q); }
static inline int cgmp_sign(mpq_srcptr q) { return mpq_sgn(q); }
static inline int cgmp_integer_sign(mpz_srcptr z) { return mpz_sgn(z); }

// Reads q, in lowest terms, into two words where numerator and denominator are at most 2^63 - 1 in magnitude.
static inline bool cgmp_get_small(mpq_srcptr q, int64_t *numerator, int64_t *denominator) {
  mpz_srcptr n = mpq_numref(q), d = mpq_denref(q);
  if (mpz_size(n) > 1 || mpz_size(d) > 1) return false;
  uint64_t magnitude = mpz_getlimbn(n, 0), below = mpz_getlimbn(d, 0);
  if (magnitude > INT64_MAX || below > INT64_MAX) return false;
  *numerator = mpz_sgn(n) < 0 ? -(int64_t)magnitude : (int64_t)magnitude;
  *denominator = (int64_t)below;
  return true;
}

// Sets q to numerator / denominator, which must be in lowest terms with a positive denominator.
static inline void cgmp_set_small(mpq_ptr q, int64_t numerator, int64_t denominator) {
  mpz_set_si(mpq_numref(q), numerator);
  mpz_set_si(mpq_denref(q), denominator);
}
