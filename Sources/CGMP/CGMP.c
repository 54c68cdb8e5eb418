#include "CGMP.h"

_Static_assert(sizeof(long) == 8 && GMP_LIMB_BITS == 64, "the shims read 64-bit limbs");
