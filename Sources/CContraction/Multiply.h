// target (+)= scale · Σ Π factors, of any strides. Included once per instruction set.

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
