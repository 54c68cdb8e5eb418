"""curvlinops, a library of curvature as linear operators over PyTorch."""

from importlib.metadata import version

import curvlinops
import torch

import peer_torch
from lanczos import SpectralNorm

set_threads = peer_torch.set_threads


def versions():
    return {"curvlinops": version("curvlinops-for-pytorch"), **peer_torch.versions()}


class Head(torch.nn.Module):
    """The output F of the layer."""

    def __init__(self, parts):
        super().__init__()
        self.query, self.key, self.value = (torch.nn.Parameter(part.clone()) for part in parts)

    def forward(self, x):
        logits = (x @ self.query) @ (x @ self.key).T / self.query.shape[1] ** 0.5
        return peer_torch.softmax(logits) @ (x @ self.value)


class Product(peer_torch.Measured):
    def compile(self):
        self.prepare(0)
        self.call(0)

    def prepare(self, k):
        head = Head(self.parts[k % len(self.parts)])
        self.operator = curvlinops.HessianLinearOperator(
            head,
            torch.nn.MSELoss(),
            list(head.parameters()),
            [(self.x, self.y)],
            check_deterministic=False,
            num_data=self.inputs.length,
        )

    def product(self, flat):
        return self.operator @ flat

    def call(self, k):
        return self.product(torch.from_numpy(self.inputs.vectors[k % len(self.inputs.vectors)]))


def make(inputs, quantity, method):
    if quantity == "product":
        return Product(inputs)
    if quantity == "norm":
        product = Product(inputs)
        return SpectralNorm(inputs, product, lambda v: product.array(product.product(torch.from_numpy(v))))
    return None
