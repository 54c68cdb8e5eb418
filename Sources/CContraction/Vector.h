// Vectors of WIDTH numbers. Included once per instruction set, inside its target attribute.

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

typedef double vector __attribute__((ext_vector_type(WIDTH)));
typedef double loose_vector __attribute__((ext_vector_type(WIDTH), aligned(8), may_alias));

INLINE vector load(const double *p) { return *(const loose_vector *)p; }
INLINE void store(double *p, vector v) { *(loose_vector *)p = v; }

// Past the cache; p has to be a multiple of the vector's size.
INLINE void store_past_cache(double *p, vector v) {
#if defined(__x86_64__)
  __builtin_nontemporal_store(v, (vector *)p);
#else
  store(p, v);
#endif
}

// Makes stores past the cache visible in order.
INLINE void finish_stores(void) {
#if defined(__x86_64__)
  __builtin_ia32_sfence();
#endif
}

// The first `count` places of a vector, 1 … WIDTH; what is not among them is neither read nor written.
#if WIDTH == 8
typedef __mmask8 lanes;
INLINE lanes first_lanes(int64_t count) { return (lanes)((1u << count) - 1); }
INLINE vector load_lanes(const double *p, lanes l) { return (vector)_mm512_maskz_loadu_pd(l, p); }
INLINE void store_lanes(double *p, vector v, lanes l) { _mm512_mask_storeu_pd(p, l, (__m512d)v); }
#elif WIDTH == 4
typedef __m256i lanes;
INLINE lanes first_lanes(int64_t count) {
  return _mm256_cmpgt_epi64(_mm256_set1_epi64x(count), _mm256_setr_epi64x(0, 1, 2, 3));
}
INLINE vector load_lanes(const double *p, lanes l) { return (vector)_mm256_maskload_pd(p, l); }
INLINE void store_lanes(double *p, vector v, lanes l) { _mm256_maskstore_pd(p, l, (__m256d)v); }
#else
typedef int64_t lanes;
INLINE lanes first_lanes(int64_t count) { return count; }
INLINE vector load_lanes(const double *p, lanes l) { return l == 2 ? load(p) : (vector){p[0], 0}; }
INLINE void store_lanes(double *p, vector v, lanes l) {
  p[0] = v[0];
  if (l == 2) p[1] = v[1];
}
#endif

#if WIDTH == 8
// s[i] holds the first halves of rows i and i + 4 for i < 4, the second halves of rows i - 4 and i for i >= 4.
INLINE void transpose_quarters(const vector s[8], vector r[8]) {
  UNROLL for (int i = 0; i < 8; i += 4) {
    vector q[4];
    UNROLL for (int j = 0; j < 4; j += 2) {
      q[j] = __builtin_shufflevector(s[i + j], s[i + j + 1], 0, 8, 2, 10, 4, 12, 6, 14);
      q[j + 1] = __builtin_shufflevector(s[i + j], s[i + j + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    }
    UNROLL for (int j = 0; j < 2; j++) {
      r[i + j] = __builtin_shufflevector(q[j], q[j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      r[i + j + 2] = __builtin_shufflevector(q[j], q[j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
}
#endif

// Row i of the result is column i of the argument.
INLINE void transpose(vector r[WIDTH]) {
#if WIDTH == 8
  vector s[8];
  UNROLL for (int i = 0; i < 4; i++) {
    s[i] = __builtin_shufflevector(r[i], r[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    s[i + 4] = __builtin_shufflevector(r[i], r[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
  transpose_quarters(s, r);
#elif WIDTH == 4
  vector s[4];
  UNROLL for (int i = 0; i < 4; i += 2) {
    s[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 4, 2, 6);
    s[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 1, 5, 3, 7);
  }
  UNROLL for (int i = 0; i < 2; i++) {
    r[i] = __builtin_shufflevector(s[i], s[i + 2], 0, 1, 4, 5);
    r[i + 2] = __builtin_shufflevector(s[i], s[i + 2], 2, 3, 6, 7);
  }
#else
  vector upper = r[0], lower = r[1];
  r[0] = __builtin_shufflevector(upper, lower, 0, 2);
  r[1] = __builtin_shufflevector(upper, lower, 1, 3);
#endif
}

// r[i] := the numbers x[i + stride · j], j < WIDTH.
INLINE void load_transposed(vector r[WIDTH], const double *x, int64_t stride) {
#if WIDTH == 8
  // Halves come straight from memory, which spares a third of the shuffles.
  vector s[8];
  UNROLL for (int i = 0; i < 4; i++) {
    UNROLL for (int half = 0; half < 2; half++) {
      __m256d upper = _mm256_loadu_pd(x + i * stride + 4 * half);
      __m256d lower = _mm256_loadu_pd(x + (i + 4) * stride + 4 * half);
      s[i + 4 * half] = (vector)_mm512_insertf64x4(_mm512_castpd256_pd512(upper), lower, 1);
    }
  }
  transpose_quarters(s, r);
#else
  UNROLL for (int i = 0; i < WIDTH; i++) r[i] = load(x + i * stride);
  transpose(r);
#endif
}

INLINE int64_t least(int64_t x, int64_t y) { return x < y ? x : y; }

// The same where only the numbers x[i + stride · j] with i < rows and j < columns may be read.
INLINE void load_part_transposed(vector r[WIDTH], const double *x, int64_t stride, int64_t rows, int64_t columns) {
  lanes l = first_lanes(rows);
  UNROLL for (int j = 0; j < WIDTH; j++) r[j] = load_lanes(x + least(j, columns - 1) * stride, l);
  transpose(r);
}

INLINE double sum_of(vector v) {
#if WIDTH == 8
  typedef double half __attribute__((ext_vector_type(4)));
  half h = v.lo + v.hi;
  return (h[0] + h[2]) + (h[1] + h[3]);
#elif WIDTH == 4
  return (v[0] + v[2]) + (v[1] + v[3]);
#else
  return v[0] + v[1];
#endif
}

// How a result reaches its target.
typedef enum { overwriting = 0, accumulating = 1, passing_cache = 2 } mode;

INLINE void put(double *p, vector v, mode how) {
  if (how == accumulating) store(p, load(p) + v);
  else if (how == passing_cache) store_past_cache(p, v);
  else store(p, v);
}

INLINE void put_lanes(double *p, vector v, lanes l, mode how) {
  store_lanes(p, how == accumulating ? load_lanes(p, l) + v : v, l);
}

INLINE int is_aligned(const double *p) { return ((uintptr_t)p & (sizeof(vector) - 1)) == 0; }
