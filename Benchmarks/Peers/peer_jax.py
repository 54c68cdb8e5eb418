"""JAX: everything jitted, in float64, on the processor."""

import jax
import jax.numpy as jnp
import jaxlib
import numpy as np

from attention import loss
from lanczos import SpectralNorm

jax.config.update("jax_enable_x64", True)


def set_threads(threads):
    """XLA takes as many threads as there are processors to run on."""


def versions():
    return {"jax": jax.__version__, "jaxlib": jaxlib.__version__}


class Measured:
    memory = "fresh"
    products = None

    def __init__(self, inputs):
        self.inputs = inputs
        x, y = jnp.asarray(inputs.x), jnp.asarray(inputs.y)
        softmax = lambda logits: jax.nn.softmax(logits, axis=1)
        self.loss = lambda parts: loss(softmax, x, y, *parts)
        self.weights = [jnp.asarray(w) for w in inputs.weights]
        self.parts = [self.split(w) for w in inputs.weights]
        self.vectors = [self.split(v) for v in inputs.vectors]

    def split(self, w):
        return tuple(jnp.asarray(part) for part in self.inputs.split(w))

    def flat_loss(self, w):
        return self.loss(self.inputs.split(w))

    def prepare(self, k):
        pass

    def array(self, result):
        parts = result if isinstance(result, (tuple, list)) else [result]
        return np.asarray(result) if len(parts) == 1 else np.concatenate([np.asarray(p).reshape(-1) for p in parts])


class Dense(Measured):
    def __init__(self, inputs, function):
        super().__init__(inputs)
        self.function = jax.jit(function(self))

    def compile(self):
        self.compiled = self.function.lower(self.weights[0]).compile()

    def call(self, k):
        return self.compiled(self.weights[k % len(self.weights)]).block_until_ready()


def hessian(measured):
    return jax.hessian(measured.flat_loss)


def rows_of_products(measured):
    """Products with unit vectors, 256 at a time, by the gradient linearised once."""
    n = measured.inputs.dimension

    def whole(w):
        product = jax.linearize(jax.grad(measured.flat_loss), w)[1]
        unit = lambda i: jnp.zeros(n).at[i].set(1.0)
        return jax.lax.map(lambda i: product(unit(i)), jnp.arange(n), batch_size=min(256, n))

    return whole


class Forward(Measured):
    def compile(self):
        self.compiled = jax.jit(self.loss).lower(self.parts[0]).compile()

    def call(self, k):
        return self.compiled(self.parts[k % len(self.parts)]).block_until_ready()


class Product(Measured):
    """The derivative of the gradient along the vector, from the weights anew in every call."""

    def compile(self):
        forward = lambda w, v: jax.jvp(jax.grad(self.loss), (w,), (v,))[1]
        self.compiled = jax.jit(forward).lower(self.parts[0], self.vectors[0]).compile()
        self.point = self.parts[0]

    def prepare(self, k):
        self.point = self.parts[k % len(self.parts)]

    def product(self, parts):
        return jax.block_until_ready(self.compiled(self.point, parts))

    def call(self, k):
        return self.product(self.vectors[k % len(self.vectors)])


class LinearizedProduct(Product):
    """The gradient linearised at the weights, what does not depend on the vector computed once."""

    def compile(self):
        self.linearize = jax.jit(lambda w: jax.linearize(jax.grad(self.loss), w)[1])
        self.apply = jax.jit(lambda linear, v: linear(v))
        self.prepare(0)
        jax.block_until_ready(self.apply(self.linear, self.vectors[0]))

    def prepare(self, k):
        self.linear = jax.block_until_ready(self.linearize(self.parts[k % len(self.parts)]))

    def product(self, parts):
        return jax.block_until_ready(self.apply(self.linear, parts))


def flat_product(product):
    """A product as a map of NumPy vectors."""
    return lambda v: product.array(product.product(product.split(v)))


DENSE = {"hessian": hessian, "rows": rows_of_products}
PRODUCT = {"jvp-of-grad": Product, "linearize": LinearizedProduct}


def make(inputs, quantity, method):
    if quantity == "dense" and method in DENSE:
        return Dense(inputs, DENSE[method])
    if quantity == "product" and method in PRODUCT:
        return PRODUCT[method](inputs)
    if quantity == "forward":
        return Forward(inputs)
    method, _, kept = method.partition(":")
    if quantity == "norm" and method in PRODUCT:
        product = PRODUCT[method](inputs)
        return SpectralNorm(inputs, product, flat_product(product), int(kept) if kept else None)
    return None
