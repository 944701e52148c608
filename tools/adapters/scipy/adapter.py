"""SciPy's special functions, and its distances, as a testee: values alone, SciPy does not differentiate. README.md gives
the reasons."""

import os

for pool in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # before numpy is loaded
    os.environ.setdefault(pool, "1")

import warnings

import numpy as np
import scipy
from assay_testee import Testee
from scipy import special
from scipy.spatial import distance

warnings.filterwarnings("ignore")
testee = Testee("scipy", scipy.__version__)


def loss(name, **offer):
    """A function of (inputs, parameters) that gives every value; what is added up is added up by numpy."""

    def register(function):
        @testee.loss(name, **offer)
        def reduced(inputs, parameters, reduction):
            value = function(inputs, parameters)
            return value if reduction == "none" else getattr(np, reduction)(value)

        return function

    return register


@loss("sigmoid")
def sigmoid(inputs, parameters):
    return special.expit(inputs["x"])


@loss("log_sigmoid")
def log_sigmoid(inputs, parameters):
    return special.log_expit(inputs["x"])


@loss("softmax")
def softmax(inputs, parameters):
    return special.softmax(inputs["x"], axis=-1)


@loss("log_softmax")
def log_softmax(inputs, parameters):
    return special.log_softmax(inputs["x"], axis=-1)


@loss("log_sum_exp")
def log_sum_exp(inputs, parameters):
    return special.logsumexp(inputs["x"], axis=-1)


@loss("huber")
def huber(inputs, parameters):
    # A function of the residual; delta is of the inputs' type, or numpy would compute in another.
    delta = inputs["prediction"].dtype.type(parameters.get("delta", 1.0))
    return special.huber(delta, inputs["prediction"] - inputs["target"])


@loss("entropy")
def entropy(inputs, parameters):
    return special.entr(inputs["p"]).sum(axis=-1)


@loss("kl_divergence")
def kl_divergence(inputs, parameters):
    return special.rel_entr(inputs["target"], inputs["probability"]).sum(axis=-1)


@loss("cosine_distance", ranks=[1])
def cosine_distance(inputs, parameters):
    return np.asarray(distance.cosine(inputs["x1"], inputs["x2"]), inputs["x1"].dtype)


if __name__ == "__main__":
    testee.serve(decode=lambda array: array, encode=lambda array: array)
