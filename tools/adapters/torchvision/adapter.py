"""torchvision as a testee: its one loss that the suite has, too. Gradients are autograd's."""

import torchvision
from torchvision.ops import sigmoid_focal_loss

from assay_testee import Testee
from tensors import TYPES, serve

testee = Testee("torchvision", torchvision.__version__.partition("+c")[0], TYPES)


@testee.loss("binary_focal_with_logits", ["logits", "target"])
def binary_focal_with_logits(inputs, parameters, reduction):
    return sigmoid_focal_loss(
        inputs["logits"],
        inputs["target"],
        alpha=parameters.get("alpha", 0.25),
        gamma=parameters.get("gamma", 2.0),
        reduction=reduction,
    )


if __name__ == "__main__":
    serve(testee)
