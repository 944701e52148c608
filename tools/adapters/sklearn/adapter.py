"""scikit-learn as a testee: its public metrics, and, as the variant `training`, the losses that its estimators minimise
(sklearn._loss), with their analytic gradients. README.md gives the reasons."""

import math
import os

for pool in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # before numpy is loaded
    os.environ.setdefault(pool, "1")

import warnings

import numpy as np
import sklearn
from assay_testee import Testee
from sklearn import metrics
from sklearn._loss import loss as training
from sklearn.metrics.pairwise import paired_cosine_distances

warnings.filterwarnings("ignore")
testee = Testee("scikit-learn", sklearn.__version__, package="sklearn")


def metric(name, **offer):
    """A function of (inputs, parameters), which gives one number, the mean, as Python's float: of the inputs' type where
    it was computed in that type."""

    def register(function):
        @testee.loss(name, variant="metrics", reductions=["mean"], **offer)
        def loss(inputs, parameters, reduction):
            return next(iter(inputs.values())).dtype.type(function(inputs, parameters))

        return function

    return register


@metric("mse", ranks=[1, 2])
def mean_squared_error(inputs, parameters):
    return metrics.mean_squared_error(inputs["target"], inputs["prediction"])


@metric("mae", ranks=[1, 2])
def mean_absolute_error(inputs, parameters):
    return metrics.mean_absolute_error(inputs["target"], inputs["prediction"])


@metric("msle", ranks=[1, 2])
def mean_squared_log_error(inputs, parameters):
    return metrics.mean_squared_log_error(inputs["target"], inputs["prediction"])


@metric("mape", ranks=[1, 2], conventions=["target-floored-2^-52"])
def mean_absolute_percentage_error(inputs, parameters):
    # A fraction, as its documentation says; times 100 it is what others call by this name.
    return 100 * metrics.mean_absolute_percentage_error(inputs["target"], inputs["prediction"])


@metric("quantile", ranks=[1, 2])
def mean_pinball_loss(inputs, parameters):
    return metrics.mean_pinball_loss(inputs["target"], inputs["prediction"], alpha=parameters.get("q", 0.5))


@metric("tweedie_deviance", ranks=[1])
def mean_tweedie_deviance(inputs, parameters):
    power = parameters.get("power", 1.5)
    return metrics.mean_tweedie_deviance(inputs["target"], inputs["prediction"], power=power)


@metric(
    "sparse_categorical_cross_entropy",
    ranks=[2],
    parameters={"ignore_index": [-100]},
    conventions=["probabilities-clipped-epsilon"],
)
def log_loss(inputs, parameters):
    classes = np.arange(inputs["probability"].shape[1])
    return metrics.log_loss(inputs["labels"], inputs["probability"], labels=classes)


@metric("hinge", ranks=[1])
def hinge_loss(inputs, parameters):
    return metrics.hinge_loss(inputs["target"], inputs["score"])


@metric("categorical_hinge", ranks=[2])
def hinge_loss_of_classes(inputs, parameters):
    classes = np.arange(inputs["score"].shape[1])
    return metrics.hinge_loss(inputs["target"].argmax(axis=1), inputs["score"], labels=classes)


@testee.loss("cosine_distance", variant="metrics", reductions=["none"], ranks=[2])
def paired_cosine(inputs, parameters, reduction):
    return paired_cosine_distances(inputs["x1"], inputs["x2"])


def trained(name, prediction, target, factor=1, as_target=lambda t: t, **offer):
    """A function of parameters and the number of classes, which makes the loss: an object whose methods give the value
    and the gradient of every sample, both times its weight; their mean is the objective of an estimator. `factor` is the
    weight that makes half a loss, as sklearn calls it, a whole one."""

    def register(make):
        @testee.loss(
            name, [prediction], variant="training", analytic=True, reductions=["none", "mean"], **offer
        )
        def loss(inputs, parameters, reduction, wrt, cotangent):
            x, t = inputs[prediction], inputs[target]
            whole, dtype = t.shape, x.dtype
            loss = make(parameters, x.shape[-1] if x.ndim else 1)
            # One axis for samples and, where there are classes, a second one for these, both without gaps.
            x = np.ascontiguousarray(x.reshape((math.prod(x.shape[:-1]), x.shape[-1]) if loss.is_multiclass else -1))
            t = np.ascontiguousarray(as_target(t).reshape(-1).astype(dtype))
            # What follows would read and write memory that is not its own.
            if len(x) != t.size:
                raise ValueError("not as many predictions as targets")
            if loss.is_multiclass and not ((t >= 0) & (t < x.shape[1])).all():
                raise ValueError("a label that is no class")
            weight = np.full(t.shape, factor, dtype) if factor != 1 else None
            value = loss.loss(t, x, weight)
            value = value.reshape(whole) if reduction == "none" else np.average(value)
            if not wrt:
                return value, {}
            scale = dtype.type(factor / t.size if reduction == "mean" and t.size else factor)
            scale = scale if cotangent is None else scale * cotangent
            weight = np.ascontiguousarray(np.broadcast_to(scale, whole).reshape(-1))
            gradient = loss.gradient(t, x, weight)
            return value, {prediction: gradient.reshape(inputs[prediction].shape)}

        return make

    return register


@trained("mse", "prediction", "target", factor=2)
def half_squared_error(parameters, classes):
    return training.HalfSquaredError()


@trained("mae", "prediction", "target")
def absolute_error(parameters, classes):
    return training.AbsoluteError()


@trained("quantile", "prediction", "target")
def pinball_loss(parameters, classes):
    return training.PinballLoss(quantile=parameters.get("q", 0.5))


@trained("huber", "prediction", "target")
def huber_loss(parameters, classes):
    return training.HuberLoss(delta=parameters.get("delta", 1.0))


@trained("poisson_nll", "prediction", "target", parameters={"log_input": [True], "full": [False], "eps": [0]})
def half_poisson_loss(parameters, classes):
    return training.HalfPoissonLoss()


@trained("tweedie_deviance", "prediction", "target", factor=2)
def half_tweedie_loss(parameters, classes):
    return training.HalfTweedieLossIdentity(power=parameters.get("power", 1.5))


@trained("binary_cross_entropy_with_logits", "logits", "target", inputs=[])
def half_binomial_loss(parameters, classes):
    return training.HalfBinomialLoss()


@trained(
    "sparse_categorical_cross_entropy_with_logits",
    "logits",
    "labels",
    inputs=[],
    parameters={"label_smoothing": [0], "ignore_index": [-100]},
)
def half_multinomial_loss(parameters, classes):
    return training.HalfMultinomialLoss(n_classes=classes)


@trained("exponential", "score", "target", as_target=lambda t: (t + 1) / 2)  # 0 and 1 for -1 and 1
def exponential_loss(parameters, classes):
    return training.ExponentialLoss()


if __name__ == "__main__":
    testee.serve(decode=lambda array: array, encode=lambda array: array)
