#pragma once
#include <flint/fmpq_mat.h>
#include <gmp.h>
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
