#define _GNU_SOURCE
#include "CAffinity.h"

#if defined(__linux__)
#include <sched.h>

int affinity_get(int *processors, int capacity) {
  cpu_set_t set;
  int count = 0;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 0;
  for (int processor = 0; processor < CPU_SETSIZE; processor++) {
    if (!CPU_ISSET(processor, &set)) continue;
    if (count < capacity) processors[count] = processor;
    count++;
  }
  return count;
}

void affinity_set(const int *processors, int count) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (int i = 0; i < count; i++) CPU_SET(processors[i], &set);
  if (count > 0) (void)sched_setaffinity(0, sizeof set, &set);
}
#else
int affinity_get(int *processors, int capacity) {
  (void)processors;
  (void)capacity;
  return 0;
}

void affinity_set(const int *processors, int count) {
  (void)processors;
  (void)count;
}
#endif
