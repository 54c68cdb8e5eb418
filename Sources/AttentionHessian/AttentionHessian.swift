// AttentionHessian
