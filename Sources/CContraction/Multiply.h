// target (+)= scale · Σ Π factors, of any strides. Included once per instruction set.
//
// The number of factors is a constant in each copy of the loops, so that their places stay in registers.

typedef struct {
  double *t;
  const double *f[CONTRACTION_FACTORS];
} places;

#define EACH(f, from, to) UNROLL for (int f = from; f < to; f++)

// Goes on to the next index of dimensions first … end - 1; false after the last.
INLINE int advance(const int count, const contraction_operation *o, const int64_t *extent, int first, int end,
                   int64_t *index, places *p) {
#pragma clang loop unroll(disable)
  for (int d = end - 1; d >= first; d--) {
    if (++index[d] < extent[d]) {
      p->t += o->target_stride[d];
      EACH(f, 0, count) p->f[f] += o->factor_stride[f][d];
      return 1;
    }
    int64_t back = extent[d] - 1;
    index[d] = 0;
    p->t -= back * o->target_stride[d];
    EACH(f, 0, count) p->f[f] -= back * o->factor_stride[f][d];
  }
  return 0;
}

INLINE places copied(const int count, const places *p) {
  places q;
  q.t = p->t;
  EACH(f, 0, count) q.f[f] = p->f[f];
  return q;
}

// scale · Π of the first `units` factors at place j.
INLINE vector product_at(const int units, const places *p, int64_t j, vector scale) {
  EACH(u, 0, units) scale *= load(p->f[u] + j);
  return scale;
}

INLINE vector product_at_lanes(const int units, const places *p, int64_t j, vector scale, lanes l) {
  EACH(u, 0, units) scale *= load_lanes(p->f[u] + j, l);
  return scale;
}

INLINE void elementwise_row(const int units, const mode how, const places *p, double factor, int64_t n) {
  vector scale = (vector)factor;
  int64_t j = 0;
  if (how == passing_cache && n >= WIDTH) {
    int64_t head = (int64_t)(-((uintptr_t)p->t >> 3) & (WIDTH - 1));
    if (head > 0) {
      lanes l = first_lanes(head);
      store_lanes(p->t, product_at_lanes(units, p, 0, scale, l), l);
      j = head;
    }
  }
#pragma clang loop unroll(disable)
  for (; j + 4 * WIDTH <= n; j += 4 * WIDTH)
    EACH(v, 0, 4) put(p->t + j + v * WIDTH, product_at(units, p, j + v * WIDTH, scale), how);
#pragma clang loop unroll(disable)
  for (; j + WIDTH <= n; j += WIDTH) put(p->t + j, product_at(units, p, j, scale), how);
  if (j < n) {
    lanes l = first_lanes(n - j);
    put_lanes(p->t + j, product_at_lanes(units, p, j, scale, l), l, how);
  }
}

INLINE void elementwise_rows(const int units, const int others, const mode how, const contraction_operation *o,
                             const int64_t *extent, const places *start) {
  const int count = units + others;
  int last = o->rank - 1;
  int64_t n = extent[last];
  places p = copied(count, start);
  if (last == 0) {
    double scale = o->scale;
    EACH(f, units, count) scale *= *p.f[f];
    elementwise_row(units, how, &p, scale, n);
    return;
  }
  int64_t rows = extent[last - 1], index[CONTRACTION_RANK] = {0}, target_step = o->target_stride[last - 1];
  int64_t step[CONTRACTION_FACTORS];
  EACH(f, 0, count) step[f] = o->factor_stride[f][last - 1];
  lanes l = first_lanes(least(n, WIDTH));
  do {
    places q = copied(count, &p);
#pragma clang loop unroll(disable)
    for (int64_t i = 0; i < rows; i++) {
      double scale = o->scale;
      EACH(f, units, count) scale *= *q.f[f];
      if (n <= WIDTH) put_lanes(q.t, product_at_lanes(units, &q, 0, (vector)scale, l), l, how);
      else elementwise_row(units, how, &q, scale, n);
      q.t += target_step;
      EACH(f, 0, count) q.f[f] += step[f];
    }
  } while (last > 1 && advance(count, o, extent, 0, last - 1, index, &p));
}

#define ELEMENTWISE(units, others)                                                               \
  static __attribute__((noinline)) void elementwise_##units##_##others(                          \
      const contraction_operation *o, const int64_t *extent, const places *p, mode how) {        \
    if (how == overwriting) elementwise_rows(units, others, overwriting, o, extent, p);          \
    else if (how == accumulating) elementwise_rows(units, others, accumulating, o, extent, p);   \
    else elementwise_rows(units, others, passing_cache, o, extent, p);                           \
  }

// A block of at most WIDTH × WIDTH places; those not full have `is_full` 0.
INLINE void transposed_block(const int count, const int is_full, int is_far, const contraction_operation *o, const places *p,
                             int64_t rows, int64_t columns, mode how) {
  int i = o->rank - 2, j = o->rank - 1;
  lanes l = first_lanes(columns);
  vector v[WIDTH];
  EACH(q, 0, WIDTH) v[q] = (vector)o->scale;
  EACH(f, 0, count) {
    int64_t si = o->factor_stride[f][i], sj = o->factor_stride[f][j];
    const double *x = p->f[f];
    vector r[WIDTH];
    if (count == 1 || (si == 1 && sj != 0 && sj != 1)) {
      if (is_full && is_far) EACH(c, 0, WIDTH) __builtin_prefetch(x + c * sj + 2 * WIDTH);
      if (is_full) load_transposed(r, x, sj);
      else load_part_transposed(r, x, sj, rows, columns);
    } else {
      EACH(q, 0, WIDTH) {
        const double *y = x + (is_full ? q : least(q, rows - 1)) * si;
        if (sj == 0) r[q] = (vector)*y;
        else if (sj == 1) r[q] = is_full ? load(y) : load_lanes(y, l);
        else EACH(c, 0, WIDTH) r[q][c] = y[(is_full ? c : least(c, columns - 1)) * sj];
      }
    }
    EACH(q, 0, WIDTH) v[q] *= r[q];
  }
  double *t = p->t;
  int64_t ti = o->target_stride[i];
  EACH(q, 0, WIDTH) {
    if (is_full) put(t + q * ti, v[q], how);
    else if (q < rows) put_lanes(t + q * ti, v[q], l, how);
  }
}

// A transposed copy goes in tiles of so many rows and columns of the target: their pages are to stay within reach.
#define TRANSPOSED_ROWS 64
#define TRANSPOSED_COLUMNS 32

INLINE void transposed_tile(const int count, int is_far, const contraction_operation *o, const places *p,
                            int64_t rows, int64_t columns, mode how) {
  int i = o->rank - 2, j = o->rank - 1;
  for (int64_t r = 0; r < rows; r += WIDTH) {
    places q;
    q.t = p->t + r * o->target_stride[i];
    EACH(f, 0, count) q.f[f] = p->f[f] + r * o->factor_stride[f][i];
    for (int64_t c = 0; c < columns; c += WIDTH) {
      if (r + WIDTH <= rows && c + WIDTH <= columns) transposed_block(count, 1, is_far, o, &q, WIDTH, WIDTH, how);
      else transposed_block(count, 0, 0, o, &q, least(WIDTH, rows - r), least(WIDTH, columns - c), how);
      q.t += WIDTH;
      EACH(f, 0, count) q.f[f] += WIDTH * o->factor_stride[f][j];
    }
  }
}

INLINE void transposed_tiles(const int count, const contraction_operation *o, const int64_t *extent,
                             const places *start, mode how) {
  int i = o->rank - 2, j = o->rank - 1;
  int64_t index[CONTRACTION_RANK] = {0};
  // Larger than the cache next to the processor.
  int is_far = extent[i] * extent[j] > 16384;
  places p = copied(count, start);
  do {
    for (int64_t r = 0; r < extent[i]; r += TRANSPOSED_ROWS) {
      for (int64_t c = 0; c < extent[j]; c += TRANSPOSED_COLUMNS) {
        places q;
        q.t = p.t + r * o->target_stride[i] + c;
        EACH(f, 0, count) q.f[f] = p.f[f] + r * o->factor_stride[f][i] + c * o->factor_stride[f][j];
        int64_t rows = least(TRANSPOSED_ROWS, extent[i] - r), columns = least(TRANSPOSED_COLUMNS, extent[j] - c);
        if (how == overwriting) transposed_tile(count, is_far, o, &q, rows, columns, overwriting);
        else if (how == accumulating) transposed_tile(count, is_far, o, &q, rows, columns, accumulating);
        else transposed_tile(count, is_far, o, &q, rows, columns, passing_cache);
      }
    }
  } while (i > 0 && advance(count, o, extent, 0, i, index, &p));
}

static __attribute__((noinline)) void transposed(const contraction_operation *o, const int64_t *extent,
                                                 const places *p, mode how) {
  if (how == passing_cache) {
    if (!is_aligned(p->t)) how = overwriting;
    for (int d = 0; d < o->rank - 1; d++)
      if (o->target_stride[d] % WIDTH != 0) how = overwriting;
  }
  switch (o->factor_count) {
  case 1: transposed_tiles(1, o, extent, p, how); break;
  case 2: transposed_tiles(2, o, extent, p, how); break;
  case 3: transposed_tiles(3, o, extent, p, how); break;
  default: transposed_tiles(4, o, extent, p, how); break;
  }
}

// Sums for `vectors` vectors of targets, over the dimensions first … last - 1.
INLINE void column_sums(const int units, const int others, const int vectors, const int is_partial,
                        const contraction_operation *o, const int64_t *extent, int first, const places *start,
                        int64_t place, int64_t columns, mode how) {
  const int count = units + others;
  int last = o->rank - 1, inner = last - 1;
  lanes l = first_lanes(is_partial ? columns : 1);
  int64_t index[CONTRACTION_RANK] = {0}, stride[CONTRACTION_FACTORS], turns = extent[inner];
  vector sum[4];
  EACH(v, 0, vectors) sum[v] = (vector)0.0;
  EACH(f, 0, count) stride[f] = o->factor_stride[f][inner];
  places p = copied(count, start);
  EACH(f, 0, units) p.f[f] += place;
  do {
    places x = copied(count, &p);
#pragma clang loop unroll(disable)
    for (int64_t r = 0; r < turns; r++) {
      double scale = 1;
      EACH(f, units, count) scale *= *x.f[f];
      EACH(v, 0, vectors) {
        vector product = is_partial ? load_lanes(x.f[0] + v * WIDTH, l) : load(x.f[0] + v * WIDTH);
        EACH(f, 1, units) product *= is_partial ? load_lanes(x.f[f] + v * WIDTH, l) : load(x.f[f] + v * WIDTH);
        if (others > 0) sum[v] += product * scale;
        else sum[v] += product;
      }
      EACH(f, 0, count) x.f[f] += stride[f];
    }
  } while (first < inner && advance(count, o, extent, first, inner, index, &p));
  int64_t step = o->target_stride[last];
  double *t = start->t + place * step;
  EACH(v, 0, vectors) {
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
                       const places *start, mode how) {
  const int count = units + others;
  int last = o->rank - 1, first = last - DETAIL_SUMS(o->detail);
  int64_t n = extent[last], index[CONTRACTION_RANK] = {0};
  places p = copied(count, start);
  do {
    int64_t j = 0;
    for (; j + 4 * WIDTH <= n; j += 4 * WIDTH)
      column_sums(units, others, 4, 0, o, extent, first, &p, j, 0, how);
    for (; j + WIDTH <= n; j += WIDTH) column_sums(units, others, 1, 0, o, extent, first, &p, j, 0, how);
    if (j < n) column_sums(units, others, 1, 1, o, extent, first, &p, j, n - j, how);
  } while (first > 0 && advance(count, o, extent, 0, first, index, &p));
}

// The sum for one target, over the dimensions first … last, of which the last is consecutive.
INLINE double row_sum(const int units, const int others, const contraction_operation *o, const int64_t *extent,
                      int first, const places *start) {
  const int count = units + others;
  int last = o->rank - 1;
  int64_t n = extent[last], index[CONTRACTION_RANK] = {0};
  vector total = (vector)0.0;
  lanes l = first_lanes(n % WIDTH == 0 ? 1 : n % WIDTH);
  places p = copied(count, start);
  do {
    double scale = 1;
    EACH(f, units, count) scale *= *p.f[f];
    vector sum[4];
    EACH(v, 0, 4) sum[v] = (vector)0.0;
    int64_t k = 0;
    for (; k + 4 * WIDTH <= n; k += 4 * WIDTH) {
      EACH(v, 0, 4) {
        vector product = load(p.f[0] + k + v * WIDTH);
        EACH(f, 1, units) product *= load(p.f[f] + k + v * WIDTH);
        sum[v] += product;
      }
    }
    for (; k + WIDTH <= n; k += WIDTH) {
      vector product = load(p.f[0] + k);
      EACH(f, 1, units) product *= load(p.f[f] + k);
      sum[0] += product;
    }
    if (k < n) {
      vector product = load_lanes(p.f[0] + k, l);
      EACH(f, 1, units) product *= load_lanes(p.f[f] + k, l);
      sum[1] += product;
    }
    sum[0] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    total += others > 0 ? scale * sum[0] : sum[0];
  } while (first < last && advance(count, o, extent, first, last, index, &p));
  return sum_of(total);
}

// The sums for at most WIDTH targets along dimension first - 1, in the lanes of a vector.
INLINE vector row_sums(const int units, const int others, const contraction_operation *o, const int64_t *extent,
                       int first, const places *start, int64_t rows) {
  const int count = units + others;
  int last = o->rank - 1;
  int64_t n = extent[last], index[CONTRACTION_RANK] = {0}, apart[CONTRACTION_FACTORS];
  EACH(f, 0, count) apart[f] = o->factor_stride[f][first - 1];
  lanes l = first_lanes(n % WIDTH == 0 ? 1 : n % WIDTH);
  vector total[WIDTH];
  EACH(q, 0, WIDTH) total[q] = (vector)0.0;
  places p = copied(count, start);
  do {
    vector sum[WIDTH];
    EACH(q, 0, WIDTH) sum[q] = (vector)0.0;
    int64_t k = 0;
    // Rows past the last repeat it.
#pragma clang loop unroll(disable)
    for (; k + WIDTH <= n; k += WIDTH) {
      EACH(q, 0, WIDTH) {
        int64_t row = least(q, rows - 1);
        vector product = load(p.f[0] + k + row * apart[0]);
        EACH(f, 1, units) product *= load(p.f[f] + k + row * apart[f]);
        sum[q] += product;
      }
    }
    if (k < n) {
      EACH(q, 0, WIDTH) {
        int64_t row = least(q, rows - 1);
        vector product = load_lanes(p.f[0] + k + row * apart[0], l);
        EACH(f, 1, units) product *= load_lanes(p.f[f] + k + row * apart[f], l);
        sum[q] += product;
      }
    }
    EACH(q, 0, WIDTH) {
      double scale = 1;
      EACH(f, units, count) scale *= p.f[f][least(q, rows - 1) * apart[f]];
      if (others > 0) total[q] += scale * sum[q];
      else total[q] += sum[q];
    }
  } while (first < last && advance(count, o, extent, first, last, index, &p));
  transpose(total);
  vector sum = total[0];
  EACH(q, 1, WIDTH) sum += total[q];
  return sum;
}

INLINE void rows_of(const int units, const int others, const contraction_operation *o, const int64_t *extent,
                    const places *start, mode how) {
  const int count = units + others;
  int first = o->rank - DETAIL_SUMS(o->detail);
  int64_t index[CONTRACTION_RANK] = {0}, rows = first > 0 ? extent[first - 1] : 1;
  places p = copied(count, start);
  do {
    if (rows == 1) {
      double sum = o->scale * row_sum(units, others, o, extent, first, &p);
      *p.t = how == accumulating ? *p.t + sum : sum;
    } else {
      int64_t step = o->target_stride[first - 1];
      for (int64_t i = 0; i < rows; i += WIDTH) {
        int64_t some = least(WIDTH, rows - i);
        places q;
        q.t = p.t + i * step;
        EACH(f, 0, count) q.f[f] = p.f[f] + i * o->factor_stride[f][first - 1];
        vector sum = o->scale * row_sums(units, others, o, extent, first, &q, some);
        if (step == 1) {
          put_lanes(q.t, sum, first_lanes(some), how);
        } else {
          double spread[WIDTH];
          store(spread, sum);
          for (int64_t c = 0; c < some; c++) q.t[c * step] = how == accumulating ? q.t[c * step] + spread[c] : spread[c];
        }
      }
    }
  } while (first > 1 && advance(count, o, extent, 0, first - 1, index, &p));
}

#define SUMS(units, others)                                                                                 \
  static __attribute__((noinline)) void columns_##units##_##others(                                         \
      const contraction_operation *o, const int64_t *extent, const places *p, mode how) {                   \
    columns_of(units, others, o, extent, p, how);                                                           \
  }                                                                                                         \
  static __attribute__((noinline)) void rows_##units##_##others(                                            \
      const contraction_operation *o, const int64_t *extent, const places *p, mode how) {                   \
    rows_of(units, others, o, extent, p, how);                                                              \
  }

#define WITH_UNITS(use) \
  use(1, 0) use(1, 1) use(1, 2) use(1, 3) use(2, 0) use(2, 1) use(2, 2) use(3, 0) use(3, 1) use(4, 0)
#define WITHOUT_UNITS(use) use(0, 0) use(0, 1) use(0, 2) use(0, 3) use(0, 4)

WITH_UNITS(SUMS)
WITH_UNITS(ELEMENTWISE)
WITHOUT_UNITS(ELEMENTWISE)

#define CASE_ELEMENTWISE(units, others) \
  case units * 8 + others: elementwise_##units##_##others(o, extent, p, how); break;
#define CASE_COLUMNS(units, others) \
  case units * 8 + others: columns_##units##_##others(o, extent, p, how); break;
#define CASE_ROWS(units, others) \
  case units * 8 + others: rows_##units##_##others(o, extent, p, how); break;

INLINE void scalar_of(const int count, const contraction_operation *o, const int64_t *extent, const places *start,
                      mode how) {
  int sums = DETAIL_SUMS(o->detail), first = o->rank - sums, last = o->rank - 1;
  int64_t index[CONTRACTION_RANK] = {0}, stride[CONTRACTION_FACTORS], n = extent[last];
  EACH(f, 0, count) stride[f] = o->factor_stride[f][last];
  int64_t target_stride = sums == 0 ? o->target_stride[last] : 0;
  places p = copied(count, start);
  do {
    places q = copied(count, &p);
    int64_t inner[CONTRACTION_RANK] = {0};
    double sum = 0;
    do {
      places x = copied(count, &q);
#pragma clang loop vectorize(disable) unroll(disable)
      for (int64_t k = 0; k < n; k++) {
        double product = 1;
        EACH(f, 0, count) {
          product *= *x.f[f];
          x.f[f] += stride[f];
        }
        if (sums == 0) {
          *x.t = how == accumulating ? *x.t + o->scale * product : o->scale * product;
          x.t += target_stride;
        } else {
          sum += product;
        }
      }
    } while (sums > 1 && advance(count, o, extent, first, last, inner, &q));
    if (sums > 0) *p.t = how == accumulating ? *p.t + o->scale * sum : o->scale * sum;
  } while (advance(count, o, extent, 0, sums == 0 ? last : first, index, &p));
}

static __attribute__((noinline)) void scalar(const contraction_operation *o, const int64_t *extent, const places *p,
                                             mode how) {
  switch (o->factor_count) {
  case 0: scalar_of(0, o, extent, p, how); break;
  case 1: scalar_of(1, o, extent, p, how); break;
  case 2: scalar_of(2, o, extent, p, how); break;
  case 3: scalar_of(3, o, extent, p, how); break;
  default: scalar_of(4, o, extent, p, how); break;
  }
}

// Some extent is not positive: nothing to do, or a sum over nothing.
static __attribute__((noinline)) void run_empty(const contraction_operation *o, const int64_t *extent,
                                                const places *start, mode how) {
  if (how == accumulating) return;
  int64_t extents[CONTRACTION_RANK], index[CONTRACTION_RANK] = {0};
  for (int d = 0; d < o->rank; d++) {
    extents[d] = o->target_stride[d] == 0 ? 1 : extent[d];
    if (extents[d] <= 0) return;
  }
  places p = copied(0, start);
  do *p.t = 0;
  while (advance(0, o, extents, 0, o->rank, index, &p));
}

INLINE void run_multiply(const contraction_operation *o, const int64_t *extent, const places *p) {
  mode how = o->accumulate ? accumulating : o->stream ? passing_cache : overwriting;
  for (int d = 0; d < o->rank; d++)
    if (extent[d] <= 0) return run_empty(o, extent, p, how);
  int units = DETAIL_UNITS(o->detail), kind = units * 8 + o->factor_count - units;
  switch (DETAIL_PATH(o->detail)) {
  case path_elementwise:
    switch (kind) { WITH_UNITS(CASE_ELEMENTWISE) WITHOUT_UNITS(CASE_ELEMENTWISE) }
    break;
  case path_transposed: transposed(o, extent, p, how); break;
  case path_columns:
    if (how == passing_cache) how = overwriting;
    switch (kind) { WITH_UNITS(CASE_COLUMNS) }
    break;
  case path_rows:
    switch (kind) { WITH_UNITS(CASE_ROWS) }
    break;
  default: scalar(o, extent, p, how); break;
  }
}
