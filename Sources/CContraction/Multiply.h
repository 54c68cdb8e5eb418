// target (+)= scale · Σ Π factors, of any strides. Included once per instruction set.

typedef struct {
  double *t;
  const double *f[CONTRACTION_FACTORS];
} places;

// Goes on to the next index of dimensions first … end - 1; false after the last.
INLINE int advance(const contraction_operation *o, const int64_t *extent, int first, int end, int64_t *index,
                   places *p) {
  for (int d = end - 1; d >= first; d--) {
    if (++index[d] < extent[d]) {
      p->t += o->target_stride[d];
      for (int f = 0; f < o->factor_count; f++) p->f[f] += o->factor_stride[f][d];
      return 1;
    }
    index[d] = 0;
    p->t -= (extent[d] - 1) * o->target_stride[d];
    for (int f = 0; f < o->factor_count; f++) p->f[f] -= (extent[d] - 1) * o->factor_stride[f][d];
  }
  return 0;
}

// scale · Π of the first `units` factors at place j.
INLINE vector product_at(const int units, const double *const *f, int64_t j, double scale) {
  vector v = (vector)scale;
  UNROLL for (int u = 0; u < units; u++) v *= load(f[u] + j);
  return v;
}

INLINE vector product_at_lanes(const int units, const double *const *f, int64_t j, double scale, lanes l) {
  vector v = (vector)scale;
  UNROLL for (int u = 0; u < units; u++) v *= load_lanes(f[u] + j, l);
  return v;
}

INLINE void elementwise_row(const int units, const mode how, double *t, const double *const *f, double scale,
                            int64_t n) {
  int64_t j = 0;
  if (how == passing_cache && n >= WIDTH) {
    int64_t head = (int64_t)(-((uintptr_t)t >> 3) & (WIDTH - 1));
    if (head > 0) {
      lanes l = first_lanes(head);
      store_lanes(t, product_at_lanes(units, f, 0, scale, l), l);
      j = head;
    }
  }
  for (; j + 4 * WIDTH <= n; j += 4 * WIDTH) {
    UNROLL for (int v = 0; v < 4; v++)
      put(t + j + v * WIDTH, product_at(units, f, j + v * WIDTH, scale), how);
  }
  for (; j + WIDTH <= n; j += WIDTH) put(t + j, product_at(units, f, j, scale), how);
  if (j < n) {
    lanes l = first_lanes(n - j);
    put_lanes(t + j, product_at_lanes(units, f, j, scale, l), l, how);
  }
}

INLINE void elementwise_rows(const int units, const mode how, const contraction_operation *o, const int64_t *extent,
                             places p) {
  int last = o->rank - 1, count = o->factor_count;
  int64_t n = extent[last], rows = last > 0 ? extent[last - 1] : 1;
  int64_t index[CONTRACTION_RANK] = {0};
  do {
    places q = p;
    for (int64_t i = 0; i < rows; i++) {
      double scale = o->scale;
      for (int f = units; f < count; f++) scale *= *q.f[f];
      elementwise_row(units, how, q.t, q.f, scale, n);
      if (last == 0) break;
      q.t += o->target_stride[last - 1];
      for (int f = 0; f < count; f++) q.f[f] += o->factor_stride[f][last - 1];
    }
  } while (advance(o, extent, 0, last - 1, index, &p));
}

#define ELEMENTWISE(units)                                                                          \
  static __attribute__((noinline)) void elementwise_##units(const contraction_operation *o,         \
                                                            const int64_t *extent, const places *p, \
                                                            mode how) {                             \
    if (how == overwriting) elementwise_rows(units, overwriting, o, extent, *p);                    \
    else if (how == accumulating) elementwise_rows(units, accumulating, o, extent, *p);             \
    else elementwise_rows(units, passing_cache, o, extent, *p);                                     \
  }
ELEMENTWISE(0)
ELEMENTWISE(1)
ELEMENTWISE(2)
ELEMENTWISE(3)
ELEMENTWISE(4)

// A block of at most WIDTH × WIDTH places; those not full have `is_full` 0.
INLINE void transposed_block(const int is_full, const contraction_operation *o, places p, int64_t rows,
                             int64_t columns, mode how) {
  int i = o->rank - 2, j = o->rank - 1;
  lanes l = first_lanes(columns);
  vector v[WIDTH];
  for (int f = 0; f < o->factor_count; f++) {
    int64_t si = o->factor_stride[f][i], sj = o->factor_stride[f][j];
    const double *x = p.f[f];
    vector r[WIDTH];
    if (si == 1 && sj != 0 && sj != 1) {
      if (is_full) {
        UNROLL for (int c = 0; c < WIDTH; c++) r[c] = load(x + c * sj);
      } else {
        lanes down = first_lanes(rows);
        UNROLL for (int c = 0; c < WIDTH; c++) r[c] = load_lanes(x + least(c, columns - 1) * sj, down);
      }
      transpose(r);
    } else {
      UNROLL for (int q = 0; q < WIDTH; q++) {
        const double *y = x + (is_full ? q : least(q, rows - 1)) * si;
        if (sj == 0) r[q] = (vector)*y;
        else if (sj == 1) r[q] = is_full ? load(y) : load_lanes(y, l);
        else
          UNROLL for (int c = 0; c < WIDTH; c++) r[q][c] = y[(is_full ? c : least(c, columns - 1)) * sj];
      }
    }
    if (f == 0) {
      UNROLL for (int q = 0; q < WIDTH; q++) v[q] = r[q];
    } else {
      UNROLL for (int q = 0; q < WIDTH; q++) v[q] *= r[q];
    }
  }
  double *t = p.t;
  int64_t ti = o->target_stride[i];
  UNROLL for (int q = 0; q < WIDTH; q++) {
    if (is_full) put(t + q * ti, o->scale * v[q], how);
    else if (q < rows) put_lanes(t + q * ti, o->scale * v[q], l, how);
  }
}

static void transposed_tile(const contraction_operation *o, const places *p, int64_t rows, int64_t columns,
                            mode how) {
  int i = o->rank - 2, j = o->rank - 1;
  for (int64_t r = 0; r < rows; r += WIDTH) {
    for (int64_t c = 0; c < columns; c += WIDTH) {
      places q;
      q.t = p->t + r * o->target_stride[i] + c * o->target_stride[j];
      for (int f = 0; f < o->factor_count; f++)
        q.f[f] = p->f[f] + r * o->factor_stride[f][i] + c * o->factor_stride[f][j];
      if (r + WIDTH <= rows && c + WIDTH <= columns) transposed_block(1, o, q, WIDTH, WIDTH, how);
      else transposed_block(0, o, q, least(WIDTH, rows - r), least(WIDTH, columns - c), how);
    }
  }
}

// The side of the tiles in which a transposed copy goes: their pages are to stay within reach.
#define TRANSPOSED_SIDE 64

static __attribute__((noinline)) void transposed(const contraction_operation *o, const int64_t *extent, places p,
                                                 mode how) {
  int i = o->rank - 2, j = o->rank - 1;
  int64_t index[CONTRACTION_RANK] = {0};
  if (how == passing_cache) {
    if (!is_aligned(p.t)) how = overwriting;
    for (int d = 0; d < j; d++)
      if (o->target_stride[d] % WIDTH != 0) how = overwriting;
  }
  do {
    for (int64_t r = 0; r < extent[i]; r += TRANSPOSED_SIDE) {
      for (int64_t c = 0; c < extent[j]; c += TRANSPOSED_SIDE) {
        places q;
        q.t = p.t + r * o->target_stride[i] + c * o->target_stride[j];
        for (int f = 0; f < o->factor_count; f++)
          q.f[f] = p.f[f] + r * o->factor_stride[f][i] + c * o->factor_stride[f][j];
        transposed_tile(o, &q, least(TRANSPOSED_SIDE, extent[i] - r), least(TRANSPOSED_SIDE, extent[j] - c), how);
      }
    }
  } while (advance(o, extent, 0, i, index, &p));
}

// Sums for `vectors` vectors of targets, over the dimensions first … last - 1.
INLINE void column_sums(const int units, const int others, const int vectors, const int is_partial,
                        const contraction_operation *o, const int64_t *extent, int first, places p, int64_t place,
                        int64_t columns, mode how) {
  int last = o->rank - 1, inner = last - 1, count = units + others;
  lanes l = first_lanes(is_partial ? columns : 1);
  int64_t index[CONTRACTION_RANK] = {0};
  int64_t stride[CONTRACTION_FACTORS];
  vector sum[4];
  UNROLL for (int v = 0; v < vectors; v++) sum[v] = (vector)0.0;
  UNROLL for (int f = 0; f < count; f++) stride[f] = o->factor_stride[f][inner];
  double *t = p.t + place * o->target_stride[last];
  UNROLL for (int f = 0; f < units; f++) p.f[f] += place;
  do {
    const double *x[CONTRACTION_FACTORS];
    UNROLL for (int f = 0; f < count; f++) x[f] = p.f[f];
    for (int64_t r = 0; r < extent[inner]; r++) {
      double scale = 1;
      UNROLL for (int f = units; f < count; f++) scale *= *x[f];
      UNROLL for (int v = 0; v < vectors; v++) {
        vector product = is_partial ? load_lanes(x[0] + v * WIDTH, l) : load(x[0] + v * WIDTH);
        UNROLL for (int f = 1; f < units; f++)
          product *= is_partial ? load_lanes(x[f] + v * WIDTH, l) : load(x[f] + v * WIDTH);
        if (others > 0) sum[v] += product * scale;
        else sum[v] += product;
      }
      UNROLL for (int f = 0; f < count; f++) x[f] += stride[f];
    }
  } while (advance(o, extent, first, inner, index, &p));
  int64_t step = o->target_stride[last];
  UNROLL for (int v = 0; v < vectors; v++) {
    vector result = o->scale * sum[v];
    if (step == 1) {
      if (is_partial) put_lanes(t + v * WIDTH, result, l, how);
      else put(t + v * WIDTH, result, how);
    } else {
      double spread[WIDTH];
      store(spread, result);
      for (int64_t c = 0; c < (is_partial ? columns : WIDTH); c++) {
        double *q = t + (v * WIDTH + c) * step;
        *q = how == accumulating ? *q + spread[c] : spread[c];
      }
    }
  }
}

INLINE void columns_of(const int units, const int others, const contraction_operation *o, const int64_t *extent,
                       places p, mode how) {
  int last = o->rank - 1, first = last - DETAIL_SUMS(o->detail);
  int64_t n = extent[last], index[CONTRACTION_RANK] = {0};
  do {
    int64_t j = 0;
    for (; j + 4 * WIDTH <= n; j += 4 * WIDTH)
      column_sums(units, others, 4, 0, o, extent, first, p, j, 0, how);
    for (; j + WIDTH <= n; j += WIDTH) column_sums(units, others, 1, 0, o, extent, first, p, j, 0, how);
    if (j < n) column_sums(units, others, 1, 1, o, extent, first, p, j, n - j, how);
  } while (advance(o, extent, 0, first, index, &p));
}

// The sum for one target, over the dimensions first … last, of which the last is consecutive.
INLINE double row_sum(const int units, const int others, const contraction_operation *o, const int64_t *extent,
                      int first, places p) {
  int last = o->rank - 1;
  int64_t n = extent[last], index[CONTRACTION_RANK] = {0};
  vector total = (vector)0.0;
  lanes l = first_lanes(n % WIDTH == 0 ? 1 : n % WIDTH);
  do {
    double scale = 1;
    UNROLL for (int f = units; f < units + others; f++) scale *= *p.f[f];
    vector sum[4];
    UNROLL for (int v = 0; v < 4; v++) sum[v] = (vector)0.0;
    int64_t k = 0;
    for (; k + 4 * WIDTH <= n; k += 4 * WIDTH) {
      UNROLL for (int v = 0; v < 4; v++) {
        vector product = load(p.f[0] + k + v * WIDTH);
        UNROLL for (int f = 1; f < units; f++) product *= load(p.f[f] + k + v * WIDTH);
        sum[v] += product;
      }
    }
    for (; k + WIDTH <= n; k += WIDTH) {
      vector product = load(p.f[0] + k);
      UNROLL for (int f = 1; f < units; f++) product *= load(p.f[f] + k);
      sum[0] += product;
    }
    if (k < n) {
      vector product = load_lanes(p.f[0] + k, l);
      UNROLL for (int f = 1; f < units; f++) product *= load_lanes(p.f[f] + k, l);
      sum[1] += product;
    }
    sum[0] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    total += others > 0 ? scale * sum[0] : sum[0];
  } while (advance(o, extent, first, last, index, &p));
  return sum_of(total);
}

INLINE void rows_of(const int units, const int others, const contraction_operation *o, const int64_t *extent,
                    places p, mode how) {
  int first = o->rank - DETAIL_SUMS(o->detail);
  int64_t index[CONTRACTION_RANK] = {0};
  do {
    double sum = o->scale * row_sum(units, others, o, extent, first, p);
    *p.t = how == accumulating ? *p.t + sum : sum;
  } while (advance(o, extent, 0, first, index, &p));
}

#define SUMS(units, others)                                                                            \
  static __attribute__((noinline)) void columns_##units##_##others(                                    \
      const contraction_operation *o, const int64_t *extent, const places *p, mode how) {              \
    columns_of(units, others, o, extent, *p, how);                                                     \
  }                                                                                                    \
  static __attribute__((noinline)) void rows_##units##_##others(const contraction_operation *o,        \
                                                                const int64_t *extent, const places *p, \
                                                                mode how) {                            \
    rows_of(units, others, o, extent, *p, how);                                                        \
  }
SUMS(1, 0)
SUMS(1, 1)
SUMS(1, 2)
SUMS(1, 3)
SUMS(2, 0)
SUMS(2, 1)
SUMS(2, 2)
SUMS(3, 0)
SUMS(3, 1)
SUMS(4, 0)

#define CASE(name, units, others) \
  case units * 8 + others: name##_##units##_##others(o, extent, p, how); break;
#define CASES(name) \
  CASE(name, 1, 0) CASE(name, 1, 1) CASE(name, 1, 2) CASE(name, 1, 3) CASE(name, 2, 0) \
  CASE(name, 2, 1) CASE(name, 2, 2) CASE(name, 3, 0) CASE(name, 3, 1) CASE(name, 4, 0)

INLINE void scalar_of(const int count, const contraction_operation *o, const int64_t *extent, places p, mode how) {
  int sums = DETAIL_SUMS(o->detail), first = o->rank - sums, last = o->rank - 1;
  int64_t index[CONTRACTION_RANK] = {0}, stride[CONTRACTION_FACTORS], n = extent[last];
  UNROLL for (int f = 0; f < count; f++) stride[f] = o->factor_stride[f][last];
  int64_t target_stride = sums == 0 ? o->target_stride[last] : 0;
  do {
    places q = p;
    int64_t inner[CONTRACTION_RANK] = {0};
    double sum = 0;
    do {
      const double *x[CONTRACTION_FACTORS];
      UNROLL for (int f = 0; f < count; f++) x[f] = q.f[f];
      double *t = q.t;
      for (int64_t k = 0; k < n; k++) {
        double product = 1;
        UNROLL for (int f = 0; f < count; f++) {
          product *= *x[f];
          x[f] += stride[f];
        }
        if (sums == 0) {
          *t = how == accumulating ? *t + o->scale * product : o->scale * product;
          t += target_stride;
        } else {
          sum += product;
        }
      }
    } while (sums > 0 && advance(o, extent, first, last, inner, &q));
    if (sums > 0) *p.t = how == accumulating ? *p.t + o->scale * sum : o->scale * sum;
  } while (advance(o, extent, 0, sums == 0 ? last : first, index, &p));
}

static __attribute__((noinline)) void scalar(const contraction_operation *o, const int64_t *extent, const places *p,
                                             mode how) {
  switch (o->factor_count) {
  case 0: scalar_of(0, o, extent, *p, how); break;
  case 1: scalar_of(1, o, extent, *p, how); break;
  case 2: scalar_of(2, o, extent, *p, how); break;
  case 3: scalar_of(3, o, extent, *p, how); break;
  default: scalar_of(4, o, extent, *p, how); break;
  }
}

// Some extent is not positive: nothing to do, or a sum over nothing.
static __attribute__((noinline)) void run_empty(const contraction_operation *o, const int64_t *extent, places p,
                                                mode how) {
  if (how == accumulating) return;
  contraction_operation filling = *o;
  filling.factor_count = 0;
  int64_t extents[CONTRACTION_RANK], index[CONTRACTION_RANK] = {0};
  for (int d = 0; d < o->rank; d++) {
    extents[d] = o->target_stride[d] == 0 ? 1 : extent[d];
    if (extents[d] <= 0) return;
  }
  do *p.t = 0;
  while (advance(&filling, extents, 0, o->rank, index, &p));
}

static void run_multiply(const contraction_operation *o, const int64_t *extent, const places *p) {
  mode how = o->accumulate ? accumulating : o->stream ? passing_cache : overwriting;
  for (int d = 0; d < o->rank; d++)
    if (extent[d] <= 0) return run_empty(o, extent, *p, how);
  int units = DETAIL_UNITS(o->detail);
  switch (DETAIL_PATH(o->detail)) {
  case path_elementwise:
    switch (units) {
    case 0: elementwise_0(o, extent, p, how); break;
    case 1: elementwise_1(o, extent, p, how); break;
    case 2: elementwise_2(o, extent, p, how); break;
    case 3: elementwise_3(o, extent, p, how); break;
    default: elementwise_4(o, extent, p, how); break;
    }
    break;
  case path_transposed: transposed(o, extent, *p, how); break;
  case path_columns:
    if (how == passing_cache) how = overwriting;
    switch (units * 8 + o->factor_count - units) { CASES(columns) }
    break;
  case path_rows:
    switch (units * 8 + o->factor_count - units) { CASES(rows) }
    break;
  default: scalar(o, extent, p, how); break;
  }
}
