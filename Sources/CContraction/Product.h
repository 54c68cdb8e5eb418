// C[m,n] (+)= scale · Σ_k A[m,k] B[k,n]. Included once per instruction set.

// The largest tile is ROWS × 2 vectors of C, kept in registers.
#if WIDTH == 8
#define ROWS 8
#elif WIDTH == 4
#define ROWS 6
#else
#define ROWS 4
#endif
#define PANEL (2 * WIDTH)
// A block of B is copied into panels of PANEL columns; it is to stay in the second-level cache.
#define PACKED_NUMBERS 24576
#define PACKED_DEPTH 128
// A is copied too where C has more columns.
#define PACKED_ROWS_FROM (6 * PANEL)

typedef struct {
  double *c;
  const double *a, *b;
  int64_t m, n, k;
  int64_t cm, cn, am, ak, bk, bn;
  double scale;
  mode how;
} product;

// rows × columns vectors of C; of the last vector only the lanes `last` where it is partial.
INLINE void tile(const int rows, const int columns, const int is_partial, int64_t k, const double *a, int64_t am,
                 int64_t ak, const double *b, int64_t bk, double *c, int64_t cm, double scale, mode how, lanes last) {
  vector sum[8][8];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < columns; v++) sum[r][v] = (vector)0.0;
  }
  for (int64_t p = 0; p < k; p++) {
    vector right[8];
    UNROLL for (int v = 0; v < columns; v++)
      right[v] = is_partial && v == columns - 1 ? load_lanes(b + v * WIDTH, last) : load(b + v * WIDTH);
    UNROLL for (int r = 0; r < rows; r++) {
      vector left = (vector)a[r * am];
      UNROLL for (int v = 0; v < columns; v++) sum[r][v] += left * right[v];
    }
    a += ak;
    b += bk;
  }
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < columns; v++) {
      double *p = c + r * cm + v * WIDTH;
      if (is_partial && v == columns - 1) put_lanes(p, scale * sum[r][v], last, how);
      else put(p, scale * sum[r][v], how);
    }
  }
}

// `rows` rows of C; panel q of B starts at b + q · step.
INLINE void strip(const int rows, const int columns, const product *x, const double *a, int64_t am, int64_t ak,
                  const double *b, int64_t bk, int64_t step, double *c, int64_t k) {
  int64_t n = x->n, j = 0;
  if (columns > 2) {
    for (; j + columns * WIDTH <= n; j += columns * WIDTH)
      tile(rows, columns, 0, k, a, am, ak, b + j, bk, c + j, x->cm, x->scale, x->how, first_lanes(1));
    b += j;
  }
  for (; j + PANEL <= n; j += PANEL, b += step)
    tile(rows, 2, 0, k, a, am, ak, b, bk, c + j, x->cm, x->scale, x->how, first_lanes(1));
  if (n - j > WIDTH)
    tile(rows, 2, 1, k, a, am, ak, b, bk, c + j, x->cm, x->scale, x->how, first_lanes(n - j - WIDTH));
  else if (n - j > 0)
    tile(rows, 1, 1, k, a, am, ak, b, bk, c + j, x->cm, x->scale, x->how, first_lanes(n - j));
}

#define STRIP(rows, columns)                                                                                  \
  static __attribute__((noinline)) void strip_##rows(const product *x, const double *a, int64_t am,           \
                                                     int64_t ak, const double *b, int64_t bk, int64_t step,   \
                                                     double *c, int64_t k) {                                  \
    if (columns > 2 && step == PANEL) strip(rows, columns, x, a, am, ak, b, bk, step, c, k);                  \
    else strip(rows, 2, x, a, am, ak, b, bk, step, c, k);                                                     \
  }
STRIP(1, 8)
STRIP(2, (WIDTH == 8 ? 8 : 4))
STRIP(3, (WIDTH == 8 ? 4 : 2))
STRIP(4, (WIDTH == 8 ? 4 : 2))
#if ROWS > 4
STRIP(5, 2)
STRIP(6, 2)
#endif
#if ROWS > 6
STRIP(7, 2)
STRIP(8, 2)
#endif

INLINE void any_strip(int64_t rows, const product *x, const double *a, int64_t am, int64_t ak, const double *b,
                      int64_t bk, int64_t step, double *c, int64_t k) {
  switch (rows) {
  case 1: strip_1(x, a, am, ak, b, bk, step, c, k); break;
  case 2: strip_2(x, a, am, ak, b, bk, step, c, k); break;
  case 3: strip_3(x, a, am, ak, b, bk, step, c, k); break;
#if ROWS > 4
  case 4: strip_4(x, a, am, ak, b, bk, step, c, k); break;
  case 5: strip_5(x, a, am, ak, b, bk, step, c, k); break;
#endif
#if ROWS > 6
  case 6: strip_6(x, a, am, ak, b, bk, step, c, k); break;
  case 7: strip_7(x, a, am, ak, b, bk, step, c, k); break;
#endif
#if ROWS == 8
  default: strip_8(x, a, am, ak, b, bk, step, c, k); break;
#elif ROWS == 6
  default: strip_6(x, a, am, ak, b, bk, step, c, k); break;
#else
  default: strip_4(x, a, am, ak, b, bk, step, c, k); break;
#endif
  }
}

// Rows of B are consecutive numbers: B is read in place.
static void product_in_place(const product *x) {
  for (int64_t i = 0; i < x->m; i += ROWS)
    any_strip(least(ROWS, x->m - i), x, x->a + i * x->am, x->am, x->ak, x->b, x->bk, PANEL, x->c + i * x->cm, x->k);
}

// panel[p · PANEL + j] := B[p, j] for `columns` columns.
static void pack_panel(double *panel, const double *b, int64_t bk, int64_t bn, int64_t k, int64_t columns) {
  if (columns == PANEL && bn == 1) {
    for (int64_t p = 0; p < k; p++) {
      store(panel + p * PANEL, load(b + p * bk));
      store(panel + p * PANEL + WIDTH, load(b + p * bk + WIDTH));
    }
  } else if (bk == 1) {
    for (int64_t half = 0; half < columns; half += WIDTH) {
      const double *x = b + half * bn;
      double *y = panel + half;
      int64_t count = least(WIDTH, columns - half), p = 0;
      vector r[WIDTH];
      for (; p + WIDTH <= k && count == WIDTH; p += WIDTH) {
        load_transposed(r, x + p, bn);
        UNROLL for (int j = 0; j < WIDTH; j++) store(y + (p + j) * PANEL, r[j]);
      }
      for (; p < k; p += WIDTH) {
        int64_t depth = least(WIDTH, k - p);
        load_part_transposed(r, x + p, bn, depth, count);
        UNROLL for (int j = 0; j < WIDTH; j++)
          if (j < depth) store(y + (p + j) * PANEL, r[j]);
      }
    }
  } else {
    for (int64_t p = 0; p < k; p++)
      for (int64_t j = 0; j < columns; j++) panel[p * PANEL + j] = b[p * bk + j * bn];
  }
}

// rows[p · ROWS + i] := A[i, p].
static void pack_rows(double *rows, const double *a, int64_t am, int64_t ak, int64_t k, int64_t count) {
  int64_t p = 0;
#if ROWS == WIDTH
  if (count == ROWS && am == 1) {
    for (; p < k; p++) store(rows + p * ROWS, load(a + p * ak));
    return;
  }
  if (count == ROWS && ak == 1) {
    vector r[WIDTH];
    for (; p + WIDTH <= k; p += WIDTH) {
      load_transposed(r, a + p, am);
      UNROLL for (int i = 0; i < WIDTH; i++) store(rows + (p + i) * ROWS, r[i]);
    }
  }
#endif
  for (; p < k; p++)
    for (int64_t i = 0; i < count; i++) rows[p * ROWS + i] = a[i * am + p * ak];
}

// The largest part of k that is packed at once.
#define LARGEST_DEPTH 384

// Any strides of A and B: B is copied block by block into panels, A strip by strip where it is read often.
static __attribute__((noinline)) void product_packed(const product *x) {
  // A last panel of few columns is written in full.
  double packed[PACKED_NUMBERS + WIDTH] __attribute__((aligned(64)));
  double rows[ROWS * LARGEST_DEPTH] __attribute__((aligned(64)));
  int64_t panels = (x->n + PANEL - 1) / PANEL, parts = 1, depth = x->k, width = panels * PANEL;
  if (depth > PACKED_DEPTH || depth * width > PACKED_NUMBERS) {
    int64_t limit = PACKED_NUMBERS / width;
    limit = limit < PACKED_DEPTH ? PACKED_DEPTH : least(limit, LARGEST_DEPTH);
    parts = (x->k + limit - 1) / limit;
    depth = (x->k + parts - 1) / parts;
    width = PACKED_NUMBERS / depth / PANEL * PANEL;
  }
  int packs_rows = x->n > PACKED_ROWS_FROM;
  for (int64_t j = 0; j < x->n; j += width) {
    product block;
    block.n = least(width, x->n - j);
    block.cm = x->cm;
    block.scale = x->scale;
    block.how = x->how;
    for (int64_t p = 0; p < x->k; p += depth) {
      int64_t k = least(depth, x->k - p);
      for (int64_t q = 0; q < block.n; q += PANEL)
        pack_panel(packed + q * k, x->b + p * x->bk + (j + q) * x->bn, x->bk, x->bn, k, least(PANEL, block.n - q));
      if (p > 0) block.how = accumulating;
      else if (x->how == passing_cache && parts > 1) block.how = overwriting;
      for (int64_t i = 0; i < x->m; i += ROWS) {
        int64_t count = least(ROWS, x->m - i);
        const double *a = x->a + i * x->am + p * x->ak;
        double *c = x->c + i * x->cm + j;
        if (packs_rows) {
          pack_rows(rows, a, x->am, x->ak, k, count);
          any_strip(count, &block, rows, 1, ROWS, packed, PANEL, k * PANEL, c, k);
        } else {
          any_strip(count, &block, a, x->am, x->ak, packed, PANEL, k * PANEL, c, k);
        }
      }
    }
  }
}

// Columns of B and rows of A are consecutive numbers, and there are few rows: scalar products, WIDTH at a time.
static void product_of_rows(const product *x) {
  for (int64_t i = 0; i < x->m; i++) {
    const double *a = x->a + i * x->am;
    for (int64_t j = 0; j < x->n; j += WIDTH) {
      int64_t columns = least(WIDTH, x->n - j);
      const double *b = x->b + j * x->bn;
      vector sum[WIDTH];
      UNROLL for (int v = 0; v < WIDTH; v++) sum[v] = (vector)0.0;
      // Columns past the last repeat it.
      int64_t place[WIDTH];
      UNROLL for (int v = 0; v < WIDTH; v++) place[v] = least(v, columns - 1) * x->bn;
      int64_t p = 0;
      for (; p + WIDTH <= x->k; p += WIDTH) {
        vector left = load(a + p);
        UNROLL for (int v = 0; v < WIDTH; v++) sum[v] += left * load(b + place[v] + p);
      }
      if (p < x->k) {
        lanes last = first_lanes(x->k - p);
        vector left = load_lanes(a + p, last);
        UNROLL for (int v = 0; v < WIDTH; v++) sum[v] += left * load_lanes(b + place[v] + p, last);
      }
      transpose(sum);
      vector total = sum[0];
      UNROLL for (int v = 1; v < WIDTH; v++) total += sum[v];
      put_lanes(x->c + i * x->cm + j, x->scale * total, first_lanes(columns),
                x->how == accumulating ? accumulating : overwriting);
    }
  }
}

static void product_with_rows(const product *x);

// Columns of C are not consecutive: blocks of it are computed apart and spread.
static __attribute__((noinline)) void product_spread(const product *x) {
  double block[64 * 64] __attribute__((aligned(64)));
  for (int64_t i = 0; i < x->m; i += 64) {
    for (int64_t j = 0; j < x->n; j += 64) {
      product part = *x;
      part.m = least(64, x->m - i);
      part.n = least(64, x->n - j);
      part.a += i * x->am;
      part.b += j * x->bn;
      part.c = block;
      part.cm = 64;
      part.cn = 1;
      part.how = overwriting;
      product_with_rows(&part);
      double *c = x->c + i * x->cm + j * x->cn;
      for (int64_t r = 0; r < part.m; r++) {
        for (int64_t s = 0; s < part.n; s++) {
          double *p = c + r * x->cm + s * x->cn;
          *p = x->how == accumulating ? *p + block[r * 64 + s] : block[r * 64 + s];
        }
      }
    }
  }
}

static void product_with_rows(const product *x) {
  if (x->bn == 1 || x->n == 1) {
    // Far-apart rows of B or A collide in the cache, which matters where they are read again.
    int reads_again = x->m > 2 * ROWS && x->n > 2 * PANEL;
    if (!reads_again || (x->k * x->n <= 16384 && x->bk < 256 && x->ak < 256)) product_in_place(x);
    else product_packed(x);
  } else if (x->bk == 1 && (x->ak == 1 || x->k == 1) && x->m < 4) {
    product_of_rows(x);
  } else {
    product_packed(x);
  }
}

static void clear_matrix(double *c, int64_t m, int64_t n, int64_t cm, int64_t cn) {
  for (int64_t i = 0; i < m; i++)
    for (int64_t j = 0; j < n; j++) c[i * cm + j * cn] = 0;
}

#if WIDTH == 2
// Whether a matrix of r rows and c columns with these strides is one that BLAS takes, transposed or not.
static int is_plain(int64_t row_stride, int64_t column_stride, int64_t r, int64_t c) {
  return (column_stride == 1 && row_stride >= c && row_stride < INT32_MAX) ||
         (row_stride == 1 && column_stride >= r && column_stride < INT32_MAX);
}

// Without wide vectors a BLAS made for the processor is faster, save for small products.
static int product_by_blas(const product *x) {
  if (x->m < 4 || x->n < 4 || x->k < 4 || x->m * x->n < 1024 || x->m * x->n * x->k < 32768) return 0;
  if (x->m > INT32_MAX || x->n > INT32_MAX || x->k > INT32_MAX) return 0;
  if (x->cn != 1 || !is_plain(x->cm, 1, x->m, x->n)) return 0;
  if (!is_plain(x->am, x->ak, x->m, x->k) || !is_plain(x->bk, x->bn, x->k, x->n)) return 0;
  int a = x->ak == 1 && x->am >= x->k, b = x->bn == 1 && x->bk >= x->n;
  cblas_dgemm(CblasRowMajor, a ? CblasNoTrans : CblasTrans, b ? CblasNoTrans : CblasTrans, (int)x->m, (int)x->n,
              (int)x->k, x->scale, x->a, (int)(a ? x->am : x->ak), x->b, (int)(b ? x->bk : x->bn),
              x->how == accumulating ? 1 : 0, x->c, (int)x->cm);
  return 1;
}
#else
static int product_by_blas(const product *x) {
  (void)x;
  return 0;
}
#endif

INLINE void run_product(product *x) {
  if (x->m <= 0 || x->n <= 0) return;
  if (x->k <= 0) {
    if (x->how != accumulating) clear_matrix(x->c, x->m, x->n, x->cm, x->cn);
    return;
  }
  if (x->how == passing_cache && (!is_aligned(x->c) || x->cm % WIDTH != 0)) x->how = overwriting;
  if (product_by_blas(x)) return;
  if (x->cn != 1 && x->n > 1) product_spread(x);
  else product_with_rows(x);
}
