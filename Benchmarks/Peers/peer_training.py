"""PyTorch training the same vision transformer, as one would write it there: heads side by side, fused attention, AdamW."""

import json
import struct

import numpy as np
import torch
import torch.nn.functional as F

from peer_torch import set_threads, versions  # noqa: F401


class Inputs:
    """The batches "X.0", "Y.0", ..., the weights by name, and the optimiser's numbers of a safetensors file."""

    def __init__(self, path):
        with open(path, "rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            header = json.loads(file.read(length))
            data = file.read()
        self.names = header["__metadata__"]["parameters"].split(" ")
        self.tensors = {}
        for name, entry in header.items():
            if name != "__metadata__":
                begin, end = entry["data_offsets"]
                self.tensors[name] = np.frombuffer(data[begin:end], dtype="<f8").reshape(entry["shape"]).copy()
        self.batches = sum(name.startswith("X.") for name in self.tensors)
        self.width = int(self.tensors["width"].item())
        self.rate, self.beta1, self.beta2, self.epsilon, self.decay = self.tensors["optimizer"].reshape(-1).tolist()


class Attention(torch.nn.Module):
    """Z + attention(Z), all heads in one product."""

    def __init__(self, weight, number):
        super().__init__()
        marks = [f"{{{number},{head}}}" for head in (1, 2)]
        stack = lambda kind: torch.cat([weight(f"{kind}^{mark}") for mark in marks], 1).T.contiguous()
        self.projection = torch.nn.Parameter(torch.cat([stack("W_Q"), stack("W_K"), stack("W_V")]))
        output = torch.cat([weight(f"W_O^{mark}") for mark in marks]).T.contiguous()
        self.output = torch.nn.Parameter(output)
        self.marks = marks

    def forward(self, z):
        batch, length, width = z.shape
        parts = F.linear(z, self.projection).view(batch, length, 3, len(self.marks), -1)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(query, key, value)
        return z + F.linear(mixed.transpose(1, 2).reshape(batch, length, -1), self.output)

    def named(self, projection, output):
        """The matrices of single heads that tensors of these shapes hold, by name."""
        kinds = projection.chunk(3)
        for kind, part in zip(("W_Q", "W_K", "W_V"), kinds):
            for mark, head in zip(self.marks, part.chunk(len(self.marks))):
                yield f"{kind}^{mark}", head.T
        for mark, head in zip(self.marks, output.T.chunk(len(self.marks))):
            yield f"W_O^{mark}", head


class Linear(torch.nn.Linear):
    def __init__(self, weight, number):
        matrix = weight(f"W^{number}")
        super().__init__(*matrix.shape, dtype=matrix.dtype)
        self.number = number
        with torch.no_grad():
            self.weight.copy_(matrix.T)
            self.bias.copy_(weight(f"b^{number}").reshape(-1))

    def named(self, weight, bias):
        yield f"W^{self.number}", weight.T
        yield f"b^{self.number}", bias


class FeedForward(torch.nn.Module):
    def __init__(self, weight, number):
        super().__init__()
        self.first, self.second = Linear(weight, number), Linear(weight, number + 1)

    def forward(self, z):
        return z + self.second(F.gelu(self.first(z)))


class Transformer(torch.nn.Module):
    def __init__(self, weight):
        super().__init__()
        self.embedding = Linear(weight, 1)
        self.position = torch.nn.Parameter(weight("P^2"))
        self.blocks = torch.nn.Sequential(
            Attention(weight, 3), FeedForward(weight, 4), Attention(weight, 6), FeedForward(weight, 7)
        )
        self.readout = Linear(weight, 9)

    def forward(self, x):
        return self.readout(self.blocks(self.embedding(x) + self.position).mean(1))


class Training:
    """A step is the forward pass, the backward pass and the optimiser."""

    memory = "fresh"
    products = None

    def __init__(self, inputs, dtype, is_compiled):
        self.inputs = inputs
        tensor = lambda name: torch.from_numpy(inputs.tensors[name]).to(dtype)
        self.model = Transformer(tensor)
        self.start = [p.detach().clone() for p in self.model.parameters()]
        self.x, self.y = [], []
        for k in range(inputs.batches):
            x = tensor(f"X.{k}")
            self.x.append(x.reshape(len(x), -1, inputs.width))
            self.y.append(tensor(f"Y.{k}").argmax(1))
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=inputs.rate, betas=(inputs.beta1, inputs.beta2), eps=inputs.epsilon,
            weight_decay=inputs.decay, fused=True,
        )
        self.loss = lambda x, y: F.cross_entropy(self.model(x), y)
        if is_compiled:
            self.loss = torch.compile(self.loss)

    def compile(self):
        """The first step, in which the library sets itself up or compiles."""
        self.call(0)

    def call(self, k):
        self.last = k % self.inputs.batches
        self.optimizer.zero_grad(set_to_none=True)
        self.loss(self.x[self.last], self.y[self.last]).backward()
        self.optimizer.step()

    def array(self, result):
        """Loss and gradient of the last step's batch at the weights that training began with."""
        with torch.no_grad():
            for parameter, start in zip(self.model.parameters(), self.start):
                parameter.copy_(start)
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss(self.x[self.last], self.y[self.last])
        loss.backward()
        found = {"P^2": self.model.position.grad}
        for module in self.model.modules():
            if isinstance(module, (Linear, Attention)):
                found.update(module.named(*[p.grad for p in module.parameters(recurse=False)]))
        parts = [loss.detach().reshape(1)] + [found[name].reshape(-1) for name in self.inputs.names]
        return torch.cat(parts).double().numpy()


class Plane(Training):
    """The mean loss of the first batch at all weights times 1 + c/50, c one of five coordinates."""

    def call(self, k):
        with torch.inference_mode():
            for parameter, start in zip(self.model.parameters(), self.start):
                torch.mul(start, 1 + k % self.inputs.batches / 50, out=parameter)
            return self.loss(self.x[0], self.y[0])

    def array(self, result):
        return result.double().numpy().reshape(1)


def make(inputs, quantity, method):
    kinds = {"eager": (torch.float64, False), "compile": (torch.float64, True)}
    kinds |= {f"{name}-float32": (torch.float32, compiled) for name, (_, compiled) in kinds.items()}
    what = {"step": Training, "point": Plane}.get(quantity)
    return what(inputs, *kinds[method]) if what and method in kinds else None
