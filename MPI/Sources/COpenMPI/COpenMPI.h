// Names the library for its search paths alone: handles such as MPI_COMM_WORLD are macros, which only C reads.
#include <mpi.h>
