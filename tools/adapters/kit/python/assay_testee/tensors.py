"""Tensors between the protocol, which sends them as base64, and an adapter."""

import base64
import math

# What numpy calls the types of tensors, the least byte first. One that it lacks is named by the adapter's own table.
NUMPY = {"f16": "<f2", "f32": "<f4", "f64": "<f8", "i64": "<i8"}
SIZE = {"f16": 2, "bf16": 2, "f32": 4, "f64": 8, "i64": 8}  # in bytes


class Buffer:
    """A tensor as bytes, the least first: what an adapter without numpy takes and gives."""

    def __init__(self, numbers, shape, dtype):
        self.numbers, self.shape, self.dtype = numbers, list(shape), dtype


def read(tensor, dtype):
    """A tensor of a request. Integers, which are labels and lengths, are always plain data."""
    if "base64" in tensor:
        return Buffer(bytearray(base64.b64decode(tensor["base64"], validate=True)), tensor["shape"], dtype)
    numbers = b"".join(x.to_bytes(8, "little", signed=True) for x in tensor["data"])
    return Buffer(bytearray(numbers), tensor["shape"], "i64")


def written(buffer, dtype):
    """A tensor of an answer to a case of `dtype`."""
    count = math.prod(buffer.shape)
    if len(buffer.numbers) != count * SIZE[buffer.dtype]:
        raise ValueError(f"{len(buffer.numbers)} bytes for {count} numbers of {buffer.dtype}")
    other = {} if buffer.dtype == dtype else {"dtype": buffer.dtype}
    return {"shape": buffer.shape, "base64": base64.b64encode(buffer.numbers).decode(), **other}


def through_numpy(decode, encode, dtypes):
    """Functions between Buffers and the tensors that decode(array) gives and encode(tensor) makes an array of."""
    import numpy

    own = dtypes if isinstance(dtypes, dict) else {}
    types = {name: numpy.dtype(NUMPY.get(name) or own[name]) for name in [*dtypes, "i64"]}
    names = {each: name for name, each in types.items() if name != "i64"}

    def to_tensor(buffer):
        return decode(numpy.frombuffer(buffer.numbers, types[buffer.dtype]).reshape(buffer.shape))

    def to_buffer(tensor, dtype):
        # Not ascontiguousarray, which gives a scalar an axis.
        array = numpy.asarray(encode(tensor), order="C")
        # In f32 and f64 the answer is the case's type: a wider one is rounded to it once, a narrower one is exact
        # in it. A 16-bit case may be answered in a wider type, which `answers` of the loss then tells.
        name = names.get(array.dtype.newbyteorder("<"), dtype) if SIZE[dtype] == 2 else dtype
        return Buffer(array.astype(types[name], copy=False).tobytes(), array.shape, name)

    return to_tensor, to_buffer
