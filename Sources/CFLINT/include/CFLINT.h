#pragma once
#include <flint/fmpq_mat.h>
