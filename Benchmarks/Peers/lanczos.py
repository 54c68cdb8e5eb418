"""The spectral norm by SciPy's Lanczos iteration (ARPACK)."""

import numpy as np
import scipy
from scipy.sparse.linalg import LinearOperator, eigsh

# On the residual. The error of an eigenvalue is of the order of its square, so that this is no stricter than the
# asked 1e-8 needs; the runner compares the value.
TOLERANCE = 1e-5


class SpectralNorm:
    """From the weights to the largest absolute eigenvalue, what the products need at the weights included."""

    memory = "fresh"

    def __init__(self, inputs, product, matvec, kept=None):
        """`kept` is how many vectors the iteration keeps; SciPy's own choice, 20, takes 21 products at least."""
        self.inputs, self.inner, self.matvec, self.kept = inputs, product, matvec, kept
        self.products = 0

    def compile(self):
        self.inner.compile()
        self.matvec(self.inputs.vectors[0])

    def prepare(self, k):
        pass

    def call(self, k, tolerance=TOLERANCE):
        n = self.inputs.dimension
        self.inner.prepare(k)
        self.products = 0

        def counted(v):
            self.products += 1
            return self.matvec(v.reshape(-1))

        operator = LinearOperator((n, n), matvec=counted, dtype=np.float64)
        start = self.inputs.vectors[k % len(self.inputs.vectors)]
        values = eigsh(operator, k=1, which="LM", v0=start, ncv=self.kept, tol=tolerance, return_eigenvectors=False)
        return abs(values[0])

    def reference(self, k):
        return self.call(k, tolerance=0)

    def array(self, result):
        return np.array([result])


def versions():
    return {"scipy": scipy.__version__, "numpy": np.__version__}
