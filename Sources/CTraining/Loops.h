// The loops for one instruction set, which NAME marks and TARGET allows. Vectors are of eight numbers throughout, whatever
// the processor has, so that sums are taken in one order.

static TARGET void NAME(scale)(double *target, const double *source, double factor, int64_t n) {
  int64_t i = 0;
  for (; i + 8 <= n; i += 8) AT(target + i) = factor * AT(source + i);
  for (; i < n; i++) target[i] = factor * source[i];
}

static TARGET void NAME(add)(double *target, const double *source, double factor, int64_t n) {
  int64_t i = 0;
  for (; i + 8 <= n; i += 8) AT(target + i) += factor * AT(source + i);
  for (; i < n; i++) target[i] += factor * source[i];
}

static TARGET void NAME(sum_parts)(double *target, const double *parts, int64_t count, int64_t stride, int64_t n) {
  int64_t i = 0;
  for (; i + 8 <= n; i += 8) {
    eight sum = AT(parts + i);
    for (int64_t p = 1; p < count; p++) sum += AT(parts + p * stride + i);
    AT(target + i) = sum;
  }
  for (; i < n; i++) {
    double sum = parts[i];
    for (int64_t p = 1; p < count; p++) sum += parts[p * stride + i];
    target[i] = sum;
  }
}

static TARGET double NAME(sum_of_squares)(const double *x, int64_t n) {
  eight sums[4] = {0, 0, 0, 0};
  int64_t i = 0;
  for (; i + 32 <= n; i += 32) {
    for (int v = 0; v < 4; v++) {
      eight y = AT(x + i + 8 * v);
      sums[v] += y * y;
    }
  }
  eight total = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  double sum = 0;
  for (; i < n; i++) sum += x[i] * x[i];
  for (int k = 0; k < 8; k++) sum += total[k];
  return sum;
}

static TARGET void NAME(adam_step)(const training_adam *s, double *weights, double *mean, double *square,
                                   const double *gradient, int64_t n) {
  training_adam a = *s;
  int64_t i = 0;
  for (; i + 8 <= n; i += 8) {
    eight g = a.scale * AT(gradient + i);
    eight m = a.beta1 * AT(mean + i) + (1 - a.beta1) * g;
    eight v = a.beta2 * AT(square + i) + (1 - a.beta2) * g * g;
    eight root = __builtin_elementwise_sqrt(v / a.correction2);
    AT(mean + i) = m;
    AT(square + i) = v;
    AT(weights + i) = a.keep * AT(weights + i) - a.rate * (m / a.correction1) / (root + a.epsilon);
  }
  for (; i < n; i++) {
    double g = a.scale * gradient[i];
    mean[i] = a.beta1 * mean[i] + (1 - a.beta1) * g;
    square[i] = a.beta2 * square[i] + (1 - a.beta2) * g * g;
    double root = __builtin_sqrt(square[i] / a.correction2);
    weights[i] = a.keep * weights[i] - a.rate * (mean[i] / a.correction1) / (root + a.epsilon);
  }
}
