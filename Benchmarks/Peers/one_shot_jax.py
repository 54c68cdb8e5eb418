"""From the start of the process to the dense Hessian in a file: inputs.safetensors number output.npy."""

import sys

import jax
import jax.numpy as jnp
import numpy as np

from attention import Inputs, loss

jax.config.update("jax_enable_x64", True)
inputs = Inputs(sys.argv[1])
x, y = jnp.asarray(inputs.x), jnp.asarray(inputs.y)
softmax = lambda logits: jax.nn.softmax(logits, axis=1)
function = jax.hessian(lambda w: loss(softmax, x, y, *inputs.split(w)))
if "--jit" in sys.argv:
    function = jax.jit(function)
np.save(sys.argv[3], np.asarray(function(jnp.asarray(inputs.weights[int(sys.argv[2])]))))
