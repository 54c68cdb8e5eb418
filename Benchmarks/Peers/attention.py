"""The measured loss, and the inputs it is measured at.

    loss(W_Q, W_K, W_V) = ||softmax(X W_Q W_K^T X^T / sqrt(d_K)) X W_V - Y||_F^2 / (L d_V)

The parameters stand one after the other, each row by row.
"""

import json
import struct

import numpy as np


class Inputs:
    """The tensors of a safetensors file: X, Y, several weights "weights.0", ... and vectors "vector.0", ..."""

    def __init__(self, path):
        with open(path, "rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            header = json.loads(file.read(length))
            data = file.read()
        self.tensors = {}
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            begin, end = entry["data_offsets"]
            values = np.frombuffer(data[begin:end], dtype="<f8")
            self.tensors[name] = values.reshape(entry["shape"]).copy()
        self.x, self.y = self.tensors["X"], self.tensors["Y"]
        self.weights = self._numbered("weights")
        self.vectors = self._numbered("vector")
        self.length, self.width = self.x.shape
        self.value_width = self.y.shape[1]
        self.key_width = (self.weights[0].size - self.width * self.value_width) // (2 * self.width)

    def _numbered(self, name):
        return [self.tensors[f"{name}.{k}"] for k in range(len(self.tensors)) if f"{name}.{k}" in self.tensors]

    @property
    def dimension(self):
        return self.weights[0].size

    @property
    def shapes(self):
        """The shapes of W_Q, W_K and W_V."""
        return [(self.width, self.key_width)] * 2 + [(self.width, self.value_width)]

    def split(self, w):
        """The three matrices that a vector of all parameters holds; for NumPy, torch and JAX alike."""
        parts, start = [], 0
        for rows, columns in self.shapes:
            parts.append(w[start : start + rows * columns].reshape(rows, columns))
            start += rows * columns
        return parts


def loss(softmax, inputs_x, inputs_y, query, key, value):
    """The loss, for any library whose arrays have `@` and `.T`."""
    logits = (inputs_x @ query) @ (inputs_x @ key).T / query.shape[1] ** 0.5
    residual = softmax(logits) @ (inputs_x @ value) - inputs_y
    return (residual * residual).mean()
