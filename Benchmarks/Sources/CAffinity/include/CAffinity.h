#pragma once

// The processors that the calling thread and the processes it starts may run on, where the system lets one choose.

// Writes the numbers of at most `capacity` of them and returns how many there are; 0 where there is no choice.
int affinity_get(int *processors, int capacity);

// Allows only these from now on. Nothing happens where there is no choice.
void affinity_set(const int *processors, int count);
