// Operations on whole matrices. Included once per instruction set.

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
