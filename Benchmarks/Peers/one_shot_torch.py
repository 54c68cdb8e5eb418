"""From the start of the process to the dense Hessian in a file: inputs.safetensors number output.npy."""

import sys

import numpy as np
import torch

from attention import Inputs, loss

torch.set_default_dtype(torch.float64)
inputs = Inputs(sys.argv[1])
x, y = torch.from_numpy(inputs.x), torch.from_numpy(inputs.y)
softmax = lambda logits: torch.softmax(logits, dim=1)
function = torch.func.hessian(lambda w: loss(softmax, x, y, *inputs.split(w)))
np.save(sys.argv[3], function(torch.from_numpy(inputs.weights[int(sys.argv[2])])).numpy())
