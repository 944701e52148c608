"""Liger-Kernel as a testee, its Triton kernels through Triton's interpreter. Gradients are those of its own backward
kernels, and autograd's before them."""

from importlib.metadata import version

from liger_kernel.transformers.cross_entropy import LigerCrossEntropyLoss
from liger_kernel.transformers.jsd import LigerJSD
from liger_kernel.transformers.softmax import LigerSoftmax

from assay_testee import Testee
from tensors import TYPES, serve

# What is not offered in f64 its kernels compute in f32 whatever they are given.
testee = Testee("liger", version("liger_kernel"), TYPES)


def rows(tensor):
    return tensor.reshape(tensor.shape[:-1].numel(), tensor.shape[-1])


@testee.loss("softmax", ["x"])
def softmax(inputs, parameters, reduction):
    value = LigerSoftmax()(inputs["x"])
    return value if reduction == "none" else getattr(value, reduction)()


# Without weights: Triton's interpreter does not run the kernels that take a float as a scalar (README.md).
@testee.loss("sparse_categorical_cross_entropy_with_logits", ["logits"], dtypes=["f32"], inputs=[])
def sparse_categorical_cross_entropy_with_logits(inputs, parameters, reduction):
    loss = LigerCrossEntropyLoss(
        ignore_index=int(parameters.get("ignore_index", -100)),
        label_smoothing=parameters.get("label_smoothing", 0.0),
        reduction=reduction,
    )
    # Times one: as the output of a layer would be, since the loss writes its gradient over its input.
    value = loss(rows(inputs["logits"]) * 1, inputs["labels"].reshape(-1))
    return value.reshape(inputs["labels"].shape) if reduction == "none" else value


@testee.loss("js_divergence", ["q"], dtypes=["f32"], reductions=["mean"])
def js_divergence(inputs, parameters, reduction):
    return LigerJSD()(rows(inputs["q"].log()), rows(inputs["p"].log()))


if __name__ == "__main__":
    serve(testee)
