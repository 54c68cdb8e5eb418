#pragma once
#define LAPACK_COMPLEX_CUSTOM
typedef struct { float real, imag; } lapack_complex_float;
typedef struct { double real, imag; } lapack_complex_double;
#include <lapacke.h>
#include <cblas.h>

// Makes the loaded BLAS fit for use; to be called once, before its first use.
//
// OpenBLAS releases older than the processor fall back to SSE3 kernels, five times slower than the processor allows;
// where that has happened, the kernels are chosen again by what the processor supports. The number of threads is set
// to one. OPENBLAS_CORETYPE and OPENBLAS_NUM_THREADS, where set, are left to decide. Any other BLAS is left alone.
void clapacke_select_core(void);

// The kernels OpenBLAS runs, such as "SkylakeX"; NULL for another BLAS.
const char *clapacke_core(void);

// OpenBLAS's own description of its build; NULL for another BLAS.
const char *clapacke_configuration(void);

// The number of threads OpenBLAS uses; 0 for another BLAS.
int clapacke_threads(void);
