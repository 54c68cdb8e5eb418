#if defined(__x86_64__)
#include "Preparation.h"
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#pragma clang diagnostic ignored "-Wpass-failed"
#define WIDTH 4
#define RUN contraction_run_avx2
#include "Vector.h"
#include "Product.h"
#include "Places.h"
#include "Sums.h"
#include "Multiply.h"
#include "Functions.h"
#include "Pointwise.h"
#include "Interpreter.h"
#pragma clang attribute pop
#endif
