#include "CLAPACKE.h"
#include "Preparation.h"

#pragma clang diagnostic ignored "-Wpass-failed"
#define WIDTH 2
#define RUN contraction_run_portable
#include "Vector.h"
#include "Product.h"
#include "Places.h"
#include "Sums.h"
#include "Multiply.h"
#include "Functions.h"
#include "Pointwise.h"
#include "Interpreter.h"
