"""MONAI as a testee. Its losses take [batch, channel, space...]: a row of the suite is the space of one channel where a loss
sums over space, and the channels of one point where it compares classes. Gradients are autograd's."""

import monai
from monai import losses

from assay_testee import Testee
from tensors import TYPES, serve

testee = Testee("monai", monai.__version__, TYPES)


def overlap(loss, inputs):
    """Rows as the one channel of as many samples."""
    shape = inputs["probability"].shape
    as_images = (shape[:-1].numel(), 1, shape[-1])
    value = loss(inputs["probability"].reshape(as_images), inputs["target"].reshape(as_images))
    return value.reshape(shape[:-1]) if loss.reduction == "none" else value


@testee.loss("dice", ["probability", "target"])
def dice(inputs, parameters, reduction):
    smooth = parameters.get("smooth", 0.0)
    loss = losses.DiceLoss(
        squared_pred=parameters.get("squared", True), reduction=reduction, smooth_nr=smooth, smooth_dr=smooth
    )
    return overlap(loss, inputs)


@testee.loss("jaccard", ["probability", "target"])
def jaccard(inputs, parameters, reduction):
    smooth = 2 * parameters.get("smooth", 0.0)  # its sums are doubled first
    loss = losses.DiceLoss(jaccard=True, reduction=reduction, smooth_nr=smooth, smooth_dr=smooth)
    return overlap(loss, inputs)


@testee.loss("tversky", ["probability", "target"])
def tversky(inputs, parameters, reduction):
    smooth = parameters.get("smooth", 0.0)
    loss = losses.TverskyLoss(
        alpha=parameters.get("alpha", 0.5),
        beta=parameters.get("beta", 0.5),
        reduction=reduction,
        smooth_nr=smooth,
        smooth_dr=smooth,
    )
    return overlap(loss, inputs)


@testee.loss("focal_with_logits", ["logits"], dtypes=["f32"], reductions=["none", "sum"])
def focal_with_logits(inputs, parameters, reduction):
    # One point of space a row: without any, a sum would be a mean.
    logits = inputs["logits"].reshape(-1, inputs["logits"].shape[-1], 1)
    loss = losses.FocalLoss(
        to_onehot_y=True,
        use_softmax=True,
        gamma=parameters.get("gamma", 2.0),
        weight=inputs.get("weight"),
        reduction=reduction,
    )
    value = loss(logits, inputs["labels"].reshape(-1, 1, 1))
    return value.sum(1).reshape(inputs["labels"].shape) if reduction == "none" else value


@testee.loss("nt_xent", ["z"], reductions=["mean"])
def nt_xent(inputs, parameters, reduction):
    one, other = inputs["z"].chunk(2)
    return losses.ContrastiveLoss(temperature=parameters.get("temperature", 0.5))(one, other)


if __name__ == "__main__":
    serve(testee)
