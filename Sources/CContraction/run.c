#include "CContraction.h"
