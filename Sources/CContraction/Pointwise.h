// Functions of one number, and operations on whole matrices. Included once per instruction set.

typedef uint64_t words __attribute__((ext_vector_type(WIDTH)));

// 2^k · (1 + r + r² q(r)) with x = k log 2 + r, |r| ≤ log 2 / 2 and q a Chebyshev fit: to within an ulp.
INLINE vector exponential(vector x) {
  vector least_argument = (vector)-746.0, largest_argument = (vector)710.0;
  x = x < least_argument ? least_argument : x;
  x = x > largest_argument ? largest_argument : x;
  // Adding 1.5 · 2^52 rounds to an integer and leaves it in the last bits.
  vector rounding = (vector)0x1.8p52, shifted = x * 0x1.71547652b82fep0 + rounding, k = shifted - rounding;
  // The first part of log 2 has few bits, so that its product with k is exact.
  vector r = (x - k * 0x1.62e42feep-1) - k * 0x1.a39ef35793c76p-33;
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
  vector p = 1.0 + (r + r * r * q);
  // In two steps, since 2^k itself need not be a number.
  words exponent = (words)shifted - (words)rounding;
  words half = ((exponent + 4096) >> 1) - 2048, rest = exponent - half;
  return p * (vector)((half + 1023) << 52) * (vector)((rest + 1023) << 52);
}

// Number by number.
INLINE vector each(double (*f)(double), vector x) {
  UNROLL for (int i = 0; i < WIDTH; i++) x[i] = f(x[i]);
  return x;
}

INLINE vector applied(const int function, vector x) {
  vector zero = (vector)0.0;
  if (function == contraction_exponential) return exponential(x);
  if (function == contraction_reciprocal) return 1.0 / x;
  if (function == contraction_square_root) return __builtin_elementwise_sqrt(x);
  if (function == contraction_step) return x > zero ? (vector)1.0 : zero;
  if (function == contraction_logarithm) return each(log, x);
  // 1/sqrt(2) and 1/sqrt(2 pi).
  if (function == contraction_normal_distribution) return 0.5 * each(erfc, x * -0x1.6a09e667f3bcdp-1);
  if (function == contraction_normal_density) return 0x1.9884533d43651p-2 * exponential(-0.5 * x * x);
  return x < zero ? zero : x;
}

INLINE void map_with(const int function, double *t, const double *x, int64_t n) {
  int64_t i = 0;
  for (; i + WIDTH <= n; i += WIDTH) store(t + i, applied(function, load(x + i)));
  if (i < n) {
    lanes l = first_lanes(n - i);
    store_lanes(t + i, applied(function, load_lanes(x + i, l)), l);
  }
}

static void run_map(int function, double *t, const double *x, int64_t n) {
  switch (function) {
  case contraction_exponential: map_with(contraction_exponential, t, x, n); break;
  case contraction_reciprocal: map_with(contraction_reciprocal, t, x, n); break;
  case contraction_square_root: map_with(contraction_square_root, t, x, n); break;
  case contraction_step: map_with(contraction_step, t, x, n); break;
  case contraction_logarithm: map_with(contraction_logarithm, t, x, n); break;
  case contraction_normal_distribution: map_with(contraction_normal_distribution, t, x, n); break;
  case contraction_normal_density: map_with(contraction_normal_density, t, x, n); break;
  default: map_with(contraction_positive_part, t, x, n); break;
  }
}

static void run_shift(double *t, const double *x, int64_t rows, int64_t n) {
  if (n <= 0) return;
  lanes l = first_lanes(n % WIDTH == 0 ? 1 : n % WIDTH);
  for (int64_t i = 0; i < rows; i++, t += n, x += n) {
    double largest = x[0];
    vector most = (vector)largest;
    int64_t j = 0;
    for (; j + WIDTH <= n; j += WIDTH) {
      vector y = load(x + j);
      most = y > most ? y : most;
    }
    for (int v = 0; v < WIDTH; v++) largest = most[v] > largest ? most[v] : largest;
    for (int64_t r = j; r < n; r++) largest = x[r] > largest ? x[r] : largest;
    for (j = 0; j + WIDTH <= n; j += WIDTH) store(t + j, load(x + j) - largest);
    if (j < n) store_lanes(t + j, load_lanes(x + j, l) - largest, l);
  }
}

// A matrix is mirrored in tiles of so many rows and columns.
#define MIRROR_ROWS 32
#define MIRROR_COLUMNS 64

// a[j, i] := a[i, j] for a block right of the diagonal; x is its first number, y that of its mirror image.
INLINE void mirror_block(const double *x, double *y, int64_t stride, mode how) {
  vector r[WIDTH];
  UNROLL for (int i = 0; i < WIDTH; i++) __builtin_prefetch(x + i * stride + MIRROR_COLUMNS);
  load_transposed(r, x, stride);
  UNROLL for (int i = 0; i < WIDTH; i++) put(y + i * stride, r[i], how);
}

static void run_mirror(double *a, int64_t n, int64_t stride, int is_streaming) {
  mode how = is_streaming && is_aligned(a) && stride % WIDTH == 0 ? passing_cache : overwriting;
  for (int64_t top = 0; top < n; top += MIRROR_ROWS) {
    for (int64_t left = top / MIRROR_COLUMNS * MIRROR_COLUMNS; left < n; left += MIRROR_COLUMNS) {
      int64_t bottom = least(top + MIRROR_ROWS, n), right = least(left + MIRROR_COLUMNS, n);
      for (int64_t j = left < top ? top : left; j < right; j += WIDTH) {
        for (int64_t i = top; i < bottom && i <= j; i += WIDTH) {
          if (i < j && i + WIDTH <= bottom && j + WIDTH <= right) {
            mirror_block(a + i * stride + j, a + j * stride + i, stride, how);
            continue;
          }
          for (int64_t p = i; p < least(i + WIDTH, bottom); p++)
            for (int64_t q = j > p ? j : p + 1; q < least(j + WIDTH, right); q++) a[q * stride + p] = a[p * stride + q];
        }
      }
    }
  }
}
