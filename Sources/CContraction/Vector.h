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

// Row i of the result is column i of the argument.
INLINE void transpose(vector r[WIDTH]) {
#if WIDTH == 8
  vector s[8];
  UNROLL for (int i = 0; i < 8; i += 2) {
    s[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    s[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
  UNROLL for (int i = 0; i < 8; i += 4) {
    UNROLL for (int j = 0; j < 2; j++) {
      r[i + j] = __builtin_shufflevector(s[i + j], s[i + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      r[i + j + 2] = __builtin_shufflevector(s[i + j], s[i + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
  UNROLL for (int i = 0; i < 4; i++) {
    vector upper = r[i], lower = r[i + 4];
    r[i] = __builtin_shufflevector(upper, lower, 0, 1, 2, 3, 8, 9, 10, 11);
    r[i + 4] = __builtin_shufflevector(upper, lower, 4, 5, 6, 7, 12, 13, 14, 15);
  }
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
