// Functions of one number. Included once per instruction set.

typedef uint64_t words __attribute__((ext_vector_type(WIDTH)));

// factor · exp(x − rest), with |rest| below 2^-12; where the result is denormal, it is rounded once.
//
// 2^k · (1 + r + r² q(r)) with x = k log 2 + r, |r| ≤ log 2 / 2 and q a Chebyshev fit.
INLINE vector scaled_exponential(vector x, vector rest, vector factor) {
  vector least_argument = (vector)-746.0, largest_argument = (vector)710.0;
  x = x < least_argument ? least_argument : x;
  x = x > largest_argument ? largest_argument : x;
  // Adding 1.5 · 2^52 rounds to an integer and leaves it in the last bits.
  vector rounding = (vector)0x1.8p52, shifted = x * 0x1.71547652b82fep0 + rounding, k = shifted - rounding;
  // The first part of log 2 has few bits, so that its product with k is exact.
  vector r = (x - k * 0x1.62e42feep-1) - k * 0x1.a39ef35793c76p-33 - rest;
  vector q = (vector)0x1.1f730349868cep-29;
  q = q * r + 0x1.af4de97ca4194p-26;
  q = q * r + 0x1.27e4db646b17ep-22;
  q = q * r + 0x1.71de0231960ebp-19;
  q = q * r + 0x1.a01a01a6d889cp-16;
  q = q * r + 0x1.a01a01abe7fe1p-13;
  q = q * r + 0x1.6c16c16c162d4p-10;
  q = q * r + 0x1.11111111100dcp-7;
  q = q * r + 0x1.5555555555556p-5;
  q = q * r + 0x1.5555555555557p-3;
  q = q * r + 0.5;
  vector p = factor + factor * (r + r * r * q);
  // In two steps, since 2^k itself need not be a number.
  words exponent = (words)shifted - (words)rounding;
  words half = ((exponent + 4096) >> 1) - 2048, other = exponent - half;
  return p * (vector)((half + 1023) << 52) * (vector)((other + 1023) << 52);
}

// exp(x) to within an ulp.
INLINE vector exponential(vector x) { return scaled_exponential(x, (vector)0.0, (vector)1.0); }

// log(x) to within an ulp: x = 2^k (1 + f) with √½ ≤ 1 + f < √2; with s = f / (2 + f) and z = s²,
// log(1 + f) = 2 artanh s = f − f²/2 + s (f²/2 + z p(z)), where p is a Chebyshev fit.
INLINE vector logarithm(vector x) {
  vector zero = (vector)0.0, infinity = (vector)__builtin_inf(), least_normal = (vector)0x1p-1022;
  vector y = x < least_normal ? x * 0x1p54 : x;
  // In the last bits of 2^52 an integer is a number; 1023 is the exponent of 1, and 54 that of the factor.
  vector offset = x < least_normal ? (vector)(0x1p52 + 1023 + 54) : (vector)(0x1p52 + 1023);
  words bits = (words)y + (0x3ff0000000000000 - 0x3fe6a09e667f3bcd);
  vector k = (vector)((bits >> 52) | 0x4330000000000000) - offset;
  vector f = (vector)((bits & 0x000fffffffffffff) + 0x3fe6a09e667f3bcd) - 1.0;
  vector s = f / (2.0 + f), z = s * s, half_square = 0.5 * f * f;
  vector p = (vector)0x1.2b5900de53b32p-3;
  p = p * z + 0x1.39fe51a7c18f9p-3;
  p = p * z + 0x1.7462b51cb66b1p-3;
  p = p * z + 0x1.c71c62e3f11e6p-3;
  p = p * z + 0x1.2492492df281ap-2;
  p = p * z + 0x1.99999999952d7p-2;
  p = p * z + 0x1.5555555555558p-1;
  // The first part of log 2 has few bits, so that its product with k is exact.
  vector correction = s * (half_square + z * p) + k * 0x1.a39ef35793c76p-33;
  vector result = k * 0x1.62e42feep-1 - ((half_square - correction) - f);
  result = x < infinity ? result : x;
  vector outside = x == zero ? -infinity : (vector)__builtin_nan("");
  return x > zero ? result : outside;
}

// factor · exp(−t²/2) for 0 ≤ t ≤ 39: t² = first² + (t − first)(t + first), where first² is exact.
INLINE vector scaled_gaussian(vector t, vector factor) {
  vector first = (vector)((words)t & 0xfffffffff8000000);
  return scaled_exponential(-0.5 * first * first, 0.5 * (t - first) * (t + first), factor);
}

// Beyond 39 the density and the left tail are zero.
INLINE vector magnitude_up_to_39(vector x) {
  vector t = x < (vector)0.0 ? -x : x, end = (vector)39.0;
  return t > end ? end : t;
}

// φ(x) = exp(−x²/2) / √(2π), to within two ulps.
INLINE vector normal_density(vector x) {
  return scaled_gaussian(magnitude_up_to_39(x), (vector)0x1.9884533d43651p-2);
}

// Φ(−t) = exp(−t²/2) p(t)/q(t) for t ≥ 0, and Φ(t) = 1 − Φ(−t): to within five ulps, also in the left tail, and within
// eight where a product and a sum are rounded apart. The fraction interpolates exp(t²/2) Φ(−t) where (t − 4)/(t + 4) is at
// Chebyshev points, to 2^-59; no coefficient is negative, so that nothing cancels. Even and odd powers stand apart, which
// halves the number of roundings one after the other.
INLINE vector normal_distribution(vector x) {
  vector t = magnitude_up_to_39(x), z = t * t;
  vector p = (vector)0x1.d50d5493f64abp-23, odd_p = (vector)0x1.ca5c9d6be1585p-18;
  p = p * z + 0x1.b7530dc8b741cp-14, odd_p = odd_p * z + 0x1.0cb7637736ae3p-10;
  p = p * z + 0x1.cd74f7874e3ecp-8, odd_p = odd_p * z + 0x1.21839af918d4bp-5;
  p = p * z + 0x1.0c81e61f0ec27p-3, odd_p = odd_p * z + 0x1.6c009cb28c501p-2;
  p = p * z + 0x1.5abe52e33fdd9p-1, odd_p = odd_p * z + 0x1.a723039e938e5p-1;
  p = p * z + 0.5 + odd_p * t;
  vector q = (vector)0x1.1f3c5366a58d1p-16, odd_q = (vector)0x1.25ef4ed08f42fp-21;
  q = q * z + 0x1.5307b0eac3235p-9, odd_q = odd_q * z + 0x1.13e13ddeb90f6p-12;
  q = q * z + 0x1.753c851d18663p-4, odd_q = odd_q * z + 0x1.25757d306e4aep-6;
  q = q * z + 0x1.f305bef9c1f70p-1, odd_q = odd_q * z + 0x1.6210c3b91b08fp-2;
  q = q * z + 0x1.67aa8c82d4867p+1, odd_q = odd_q * z + 0x1.fe557e6d8adfep+0;
  odd_q = odd_q * z + 0x1.39b2969e9aa07p+1;
  q = q * z + 1.0 + odd_q * t;
  vector tail = scaled_gaussian(t, p / q);
  return x < (vector)0.0 ? tail : 1.0 - tail;
}

INLINE vector applied(const int function, vector x) {
  vector zero = (vector)0.0;
  if (function == contraction_exponential) return exponential(x);
  if (function == contraction_reciprocal) return 1.0 / x;
  if (function == contraction_square_root) return __builtin_elementwise_sqrt(x);
  if (function == contraction_step) return x > zero ? (vector)1.0 : zero;
  if (function == contraction_logarithm) return logarithm(x);
  if (function == contraction_normal_distribution) return normal_distribution(x);
  if (function == contraction_normal_density) return normal_density(x);
  return x < zero ? zero : x;
}
