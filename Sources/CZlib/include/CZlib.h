#pragma once
#include <zlib.h>

// zlib's initialisers are macros, which Swift cannot import.

// Begins to decompress a gzip stream; the result is one of zlib's status codes.
static inline int czlib_gunzip_begin(z_stream *stream) { return inflateInit2(stream, 16 + MAX_WBITS); }
