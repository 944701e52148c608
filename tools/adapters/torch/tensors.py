"""How the numbers of the protocol become torch's tensors and back, and how torch differentiates: for torch's adapter, and for
those of packages that stand on it."""

import ctypes

import torch

from assay_testee import Buffer

TYPES = {"f32": torch.float32, "f64": torch.float64}
NAMES = {each: name for name, each in TYPES.items()}


def decode(buffer):
    """Without numpy, which torch does not need."""
    dtype = TYPES.get(buffer.dtype, torch.int64)
    if not buffer.numbers:
        return torch.empty(buffer.shape, dtype=dtype)
    return torch.frombuffer(buffer.numbers, dtype=dtype).reshape(buffer.shape)


def encode(tensor):
    tensor = tensor.detach().contiguous()
    size = tensor.numel() * tensor.element_size()
    numbers = ctypes.string_at(tensor.data_ptr(), size) if size else b""
    return Buffer(numbers, tensor.shape, NAMES[tensor.dtype])


def gradient(function, inputs, wrt, cotangent):
    """An input that the loss does not depend on has no gradient in torch, which optimisers take for 0."""
    for name in wrt:
        inputs[name].requires_grad_()
    value = function(inputs)
    cotangent = torch.ones_like(value) if cotangent is None else cotangent
    slopes = torch.autograd.grad(value, [inputs[name] for name in wrt], cotangent, allow_unused=True)
    return value, {
        name: torch.zeros_like(inputs[name]) if slope is None else slope for name, slope in zip(wrt, slopes)
    }


def serve(testee, **options):
    """On one thread, so that sums are taken in the same order wherever it runs."""
    torch.set_num_threads(1)
    testee.serve(decode, encode, gradient, numpy=False, **options)
