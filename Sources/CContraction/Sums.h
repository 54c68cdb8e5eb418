// Products summed over some dimensions, and those of strides without a better way. Included once per instruction set.

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
