"""PyTorch, in float64, on the processor."""

import numpy as np
import torch

from attention import loss
from lanczos import SpectralNorm

torch.set_default_dtype(torch.float64)


def set_threads(threads):
    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)


def versions():
    return {"torch": torch.__version__}


def softmax(logits):
    return torch.softmax(logits, dim=1)


class Measured:
    memory = "fresh"
    products = None

    def __init__(self, inputs):
        self.inputs = inputs
        self.x, self.y = torch.from_numpy(inputs.x), torch.from_numpy(inputs.y)
        self.weights = [torch.from_numpy(w) for w in inputs.weights]
        self.parts = [self.split(w) for w in inputs.weights]
        self.vectors = [self.split(v) for v in inputs.vectors]

    def split(self, w):
        return [torch.from_numpy(np.ascontiguousarray(part)) for part in self.inputs.split(w)]

    def loss(self, parts):
        return loss(softmax, self.x, self.y, *parts)

    def flat_loss(self, w):
        return self.loss(self.inputs.split(w))

    def compile(self):
        """The first call, in which the library sets itself up."""
        self.call(0)

    def prepare(self, k):
        pass

    def array(self, result):
        parts = result if isinstance(result, (tuple, list)) else [result]
        parts = [p.detach().numpy() for p in parts]
        return parts[0] if len(parts) == 1 else np.concatenate([p.reshape(-1) for p in parts])


class FunctionalHessian(Measured):
    """torch.func.hessian."""

    def __init__(self, inputs):
        super().__init__(inputs)
        self.function = torch.func.hessian(self.flat_loss)

    def compile(self):
        """Nothing is compiled, and at large sizes a call that is not timed costs too much."""

    def call(self, k):
        return self.function(self.weights[k % len(self.weights)])


class RowsOfProducts(Measured):
    """Products with unit vectors, 256 at a time, by differentiating one graph of the gradient."""

    def __init__(self, inputs):
        super().__init__(inputs)
        n = inputs.dimension
        self.chunk = min(256, n)
        self.kept = None

    def compile(self):
        """As for torch.func.hessian."""

    def call(self, k):
        n = self.inputs.dimension
        if self.memory == "warm":
            if self.kept is None:
                self.kept = torch.zeros(n, n)
            whole = self.kept
        else:
            whole = torch.empty(n, n)
        w = self.weights[k % len(self.weights)].clone().requires_grad_()
        (gradient,) = torch.autograd.grad(self.flat_loss(w), w, create_graph=True)
        for start in range(0, n, self.chunk):
            units = torch.zeros(self.chunk, n)
            units[:, start : start + self.chunk].fill_diagonal_(1)
            (rows,) = torch.autograd.grad(gradient, w, units, retain_graph=True, is_grads_batched=True)
            whole[start : start + self.chunk] = rows
        return whole


class Forward(Measured):
    def call(self, k):
        with torch.no_grad():
            return self.loss(self.parts[k % len(self.parts)])


class Product(Measured):
    """Backward through the backward pass, from the weights anew in every call."""

    def compile(self):
        self.prepare(0)
        self.call(0)

    def prepare(self, k):
        self.point = [part.clone().requires_grad_() for part in self.parts[k % len(self.parts)]]

    def product(self, parts):
        gradient = torch.autograd.grad(self.loss(self.point), self.point, create_graph=True)
        return torch.autograd.grad(gradient, self.point, parts)

    def call(self, k):
        return self.product(self.vectors[k % len(self.vectors)])


class CachedProduct(Product):
    """The same with the graph of the gradient kept from one product to the next."""

    def prepare(self, k):
        super().prepare(k)
        self.gradient = torch.autograd.grad(self.loss(self.point), self.point, create_graph=True)

    def product(self, parts):
        return torch.autograd.grad(self.gradient, self.point, parts, retain_graph=True)


def flat_product(product):
    """A product as a map of NumPy vectors."""
    return lambda v: product.array(product.product(product.split(v)))


DENSE = {"func.hessian": FunctionalHessian, "rows": RowsOfProducts}
PRODUCT = {"double-backward": Product, "cached-graph": CachedProduct}


def make(inputs, quantity, method):
    if quantity == "dense" and method in DENSE:
        return DENSE[method](inputs)
    if quantity == "product" and method in PRODUCT:
        return PRODUCT[method](inputs)
    if quantity == "forward":
        return Forward(inputs)
    if quantity == "norm" and method in PRODUCT:
        product = PRODUCT[method](inputs)
        return SpectralNorm(inputs, product, flat_product(product))
    return None
