#pragma once
#include <stdint.h>

// Loops over long vectors of `double`. Each gives the same bits on every processor: nothing is fused, and sums are taken in
// an order that does not depend on the instruction set.

// target[i] = factor · source[i].
void training_scale(double *target, const double *source, double factor, int64_t n);

// target[i] += factor · source[i].
void training_add(double *target, const double *source, double factor, int64_t n);

// target[i] = Σ_p parts[p · stride + i], in the order of the parts, of which there is at least one.
void training_sum_parts(double *target, const double *parts, int64_t count, int64_t stride, int64_t n);

// Σ_i x[i]².
double training_sum_of_squares(const double *x, int64_t n);

// What a step of Adam does to all weights alike.
typedef struct {
  // The gradient is taken times this.
  double scale;
  double beta1, beta2;
  // 1 − beta^steps.
  double correction1, correction2;
  double rate, epsilon;
  // What a weight keeps of itself: 1 − rate · decay.
  double keep;
} training_adam;

// mean := β₁ mean + (1 − β₁) g, square := β₂ square + (1 − β₂) g², with the scaled gradient g, and
// weights := keep · weights − rate · (mean / correction1) / (√(square / correction2) + ε).
void training_adam_step(const training_adam *step, double *weights, double *mean, double *square,
                        const double *gradient, int64_t n);
