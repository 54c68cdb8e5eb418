// Runs a program. Included once per instruction set.

typedef struct {
  double *const *bases;
  int64_t index[CONTRACTION_LOOPS];
  int depth;
} state;

INLINE double *place_of(const contraction_place *p, const state *s) {
  double *x = s->bases[p->buffer] + p->offset;
  for (int l = 0; l < s->depth; l++) x += p->step[l] * s->index[l];
  return x;
}

static __attribute__((noinline)) void run_products(const contraction_operation *o, const int64_t *extent,
                                                   const places *p) {
  int batches = o->rank - 3, m = batches, n = m + 1, k = m + 2;
  mode how = o->accumulate ? accumulating : o->stream ? passing_cache : overwriting;
  product x = {
      .m = extent[m], .n = extent[n], .k = extent[k],
      .cm = o->target_stride[m], .cn = o->target_stride[n],
      .am = o->factor_stride[0][m], .ak = o->factor_stride[0][k],
      .bk = o->factor_stride[1][k], .bn = o->factor_stride[1][n],
      .scale = o->scale,
  };
  if (batches == 0) {
    x.c = p->t;
    x.a = p->f[0];
    x.b = p->f[1];
    x.how = how;
    return run_product(&x);
  }
  for (int d = 0; d < batches; d++)
    if (extent[d] <= 0) return run_empty(o, extent, p, how);
  places q = copied(2, p);
  int64_t index[CONTRACTION_RANK] = {0};
  do {
    x.c = q.t;
    x.a = q.f[0];
    x.b = q.f[1];
    x.how = how;
    // A dimension of the batch that C does not have is summed over.
    for (int d = 0; d < batches; d++)
      if (o->target_stride[d] == 0 && index[d] > 0) x.how = accumulating;
    run_product(&x);
  } while (advance(2, o, extent, 0, batches, index, &q));
}

INLINE void run_one(const contraction_operation *o, const state *s) {
  contraction_operation prepared;
  if (__builtin_expect((o->kind == contraction_multiply || o->kind == contraction_gemm) && o->detail == 0, 0)) {
    prepared = *o;
    contraction_prepare_one(&prepared);
    o = &prepared;
  }
  const int64_t *extent = o->extent;
  int64_t shrunk[CONTRACTION_RANK];
  if (o->shrinking >= 0 && s->depth > 0) {
    for (int d = 0; d < CONTRACTION_RANK; d++) shrunk[d] = o->extent[d];
    shrunk[o->shrinking] -= s->index[s->depth - 1];
    extent = shrunk;
  }
  places p;
  p.t = place_of(&o->target, s);
  for (int f = 0; f < o->factor_count; f++) p.f[f] = place_of(&o->factor[f], s);
  switch (o->kind) {
  case contraction_multiply: run_multiply(o, extent, &p); break;
  case contraction_gemm: run_products(o, extent, &p); break;
  case contraction_map: run_map(o->detail, p.t, p.f[0], extent[0]); break;
  case contraction_shift: run_shift(p.t, p.f[0], extent[0], extent[1]); break;
  case contraction_mirror: run_mirror(p.t, extent[0], o->target_stride[0], o->stream); break;
  default: break;
  }
}

static void run_all(const contraction_operation *o, int64_t length, state *s);

static void run_loop(const contraction_operation *o, int64_t first, int64_t end, state *s) {
  int depth = s->depth++;
  for (int64_t i = first; i < end; i++) {
    s->index[depth] = i;
    run_all(o + 1, o->detail, s);
  }
  s->depth = depth;
}

static void run_all(const contraction_operation *o, int64_t length, state *s) {
  for (int64_t i = 0; i < length; i++) {
    if (o[i].kind != contraction_loop) {
      run_one(&o[i], s);
      continue;
    }
    int64_t turns = o[i].extent[0];
    if (o[i].shrinking == 0 && s->depth > 0) turns -= s->index[s->depth - 1];
    run_loop(&o[i], 0, turns, s);
    i += o[i].detail;
  }
}

void RUN(const contraction_operation *operations, int64_t length, int64_t first, int64_t count,
         double *const *bases) {
  state s = {.bases = bases, .depth = 0};
  if (length > 0 && operations->kind == contraction_loop) {
    run_loop(operations, first, first + count, &s);
    run_all(operations + 1 + operations->detail, length - 1 - operations->detail, &s);
  } else {
    run_all(operations, length, &s);
  }
  finish_stores();
}
