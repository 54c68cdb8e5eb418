#include "CFLINT.h"

_Static_assert(sizeof(slong) == sizeof(int64_t), "the shims pass FLINT 64-bit words");
