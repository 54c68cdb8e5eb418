// Where the operands of a product are. Included once per instruction set.
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
