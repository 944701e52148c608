"""What bench/compare measures, and the goals that it holds the figures against. Data only."""

import collections
import math

# `shape` is (rows, width, others) of workload.hpp.
Row = collections.namedtuple("Row", "loss dtype shape")

ELEMENT_WISE = (
    "mse mae huber smooth_l1 log_cosh gaussian_nll binary_cross_entropy binary_cross_entropy_with_logits"
    " exponential hinge soft_margin sigmoid"
).split()
SIMPLE = ("mse", "mae", "huber")  # of which a call of 16 numbers is measured, too
ROW_WISE = (
    "log_sum_exp softmax log_softmax entropy categorical_cross_entropy kl_divergence js_divergence"
    " multilabel_soft_margin"
).split()
VECTORS = ("triplet_margin", "cosine_embedding")
SPARSE, SOFT = "sparse_categorical_cross_entropy_with_logits", "categorical_cross_entropy_with_logits"

SIZES = (1_000, 100_000, 10_000_000)
SHAPES = (
    {loss: [(n, 1, 0) for n in ((16, *SIZES) if loss in SIMPLE else SIZES)] for loss in ELEMENT_WISE}
    | {loss: [(100, 10, 0), (100, 1000, 0), (10_000, 1000, 0)] for loss in ROW_WISE}
    | {
        loss: [(100, 10, 0), (4096, 10, 0), (100, 1000, 0), (4096, 1000, 0), (256, 32_000, 0)]
        for loss in (SPARSE, SOFT)
    }
    | {loss: [(8, 128, 0), (781, 128, 0), (80_000, 128, 0)] for loss in VECTORS}
    | {"info_nce": [(64, 128, 256)]}
)
DTYPES = ("f32", "f64")
ROWS = [Row(loss, dtype, shape) for loss in SHAPES for shape in SHAPES[loss] for dtype in DTYPES]


def shape_name(shape):
    rows, width, others = shape
    return f"{rows}" + (f"x{width}" if width > 1 else "") + (f" vs {others}" if others else "")


def row_name(row):
    return f"{row.loss}/{row.dtype}/{shape_name(row.shape)}"


# `measure` is "PyTorch" or "roofline" (how many times as fast, at least), "element" or "call" (ns, at most).
# Times are stated for AVX-512 where `avx512` says so: elsewhere they are shown, and not judged.
Goal = collections.namedtuple("Goal", "number row gradient measure bound avx512", defaults=(False,))


def goals():
    n = {size: (size, 1, 0) for size in (16, *SIZES)}
    cached, large = n[100_000], n[10_000_000]
    for dtype, number in (("f64", 1), ("f32", 2)):
        for loss in SIMPLE:
            yield Goal(number, Row(loss, dtype, large), False, "roofline", 0.95)
    for loss, bound in zip(SIMPLE, (1.5, 2, 1.3)):
        yield Goal(2, Row(loss, "f32", cached), False, "PyTorch", bound)
    logits = "binary_cross_entropy_with_logits"
    yield Goal(4, Row(logits, "f32", cached), False, "element", 0.9, True)
    yield Goal(4, Row(logits, "f32", cached), False, "PyTorch", 5)
    yield Goal(4, Row(logits, "f32", large), False, "PyTorch", 8)
    yield Goal(4, Row(logits, "f32", cached), True, "PyTorch", 5)
    yield Goal(4, Row(logits, "f32", large), True, "PyTorch", 5)
    yield Goal(5, Row("log_cosh", "f32", cached), False, "element", 1.3, True)
    yield Goal(5, Row("log_cosh", "f32", cached), False, "PyTorch", 3)
    yield Goal(6, Row(SPARSE, "f32", (100, 1000, 0)), False, "element", 0.45, True)
    for shape in ((4096, 1000, 0), (256, 32_000, 0)):
        yield Goal(6, Row(SPARSE, "f32", shape), False, "PyTorch", 2.5)
        yield Goal(6, Row(SPARSE, "f32", shape), True, "PyTorch", 3.5)
        yield Goal(6, Row(SPARSE, "f64", shape), False, "PyTorch", 2)
    yield Goal(6, Row(SPARSE, "f32", (4096, 10, 0)), False, "element", 1, True)
    yield Goal(6, Row(SPARSE, "f32", (4096, 10, 0)), False, "PyTorch", 8)
    for loss in SIMPLE:
        yield Goal(8, Row(loss, "f32", n[1000]), False, "call", 300)
        yield Goal(8, Row(loss, "f32", n[1000]), False, "PyTorch", 30)
        yield Goal(8, Row(loss, "f32", n[16]), False, "call", 50)


GOALS = list(goals())
assert all(goal.row in ROWS for goal in GOALS)


def elements(row):
    return math.prod(row.shape[:2])
