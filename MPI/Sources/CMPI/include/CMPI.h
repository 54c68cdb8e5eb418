#ifndef CMPI_H
#define CMPI_H

#include <stddef.h>
#include <stdint.h>

// The few operations of MPI that are needed, all among all ranks. Where MPI itself fails, for instance because a rank is
// gone, it says so and ends the run.

// Starts MPI, once in a process; the calling thread is the only one that may call what follows.
void cmpi_start(void);
int cmpi_rank(void);
int cmpi_size(void);

// Every rank's `count` words, one rank after the other, to every rank.
void cmpi_gather_words(const uint64_t *own, int count, uint64_t *all);

// Rows of `width` numbers: `counts[r]` of them from rank r, to every rank, in the order of ranks. The numbers are copied,
// nothing is computed.
void cmpi_gather_rows(const double *own, int width, const int *counts, double *all);

// The bytes of one rank to every rank.
void cmpi_broadcast(void *bytes, int count, int root);

// Ends MPI; the process may go on without it.
void cmpi_finish(void);

// Ends the processes of all ranks.
void cmpi_abort(int status);

#endif
