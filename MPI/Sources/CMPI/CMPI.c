#include "CMPI.h"

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

void cmpi_start(void) {
  int provided;
  MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided);
  if (provided < MPI_THREAD_FUNNELED) {
    fprintf(stderr, "this MPI does not allow a process to have several threads\n");
    MPI_Abort(MPI_COMM_WORLD, 70);
  }
}

int cmpi_rank(void) {
  int rank;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

int cmpi_size(void) {
  int size;
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  return size;
}

void cmpi_gather_words(const uint64_t *own, int count, uint64_t *all) {
  MPI_Allgather(own, count, MPI_UINT64_T, all, count, MPI_UINT64_T, MPI_COMM_WORLD);
}

void cmpi_gather_rows(const double *own, int width, const int *counts, double *all) {
  int size = cmpi_size();
  int *offsets = malloc((size_t)size * sizeof *offsets);
  if (!offsets) {
    fprintf(stderr, "no memory is left for a list of ranks\n");
    MPI_Abort(MPI_COMM_WORLD, 70);
    return;
  }
  for (int rank = 0, offset = 0; rank < size; offset += counts[rank++]) offsets[rank] = offset;
  // Counts and offsets are of rows, since those of numbers may be too large for an int.
  MPI_Datatype row;
  MPI_Type_contiguous(width, MPI_DOUBLE, &row);
  MPI_Type_commit(&row);
  MPI_Allgatherv(own, counts[cmpi_rank()], row, all, counts, offsets, row, MPI_COMM_WORLD);
  MPI_Type_free(&row);
  free(offsets);
}

void cmpi_broadcast(void *bytes, int count, int root) { MPI_Bcast(bytes, count, MPI_BYTE, root, MPI_COMM_WORLD); }

void cmpi_finish(void) { MPI_Finalize(); }

void cmpi_abort(int status) { MPI_Abort(MPI_COMM_WORLD, status); }
