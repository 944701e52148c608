"""ONNX's operators as a testee: through ONNX Runtime on the CPU, and, as the variant `reference`, through the evaluator in
NumPy that comes with ONNX. Values alone: a model for inference has no gradient. README.md gives the reasons."""

import os

for pool in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # before numpy is loaded
    os.environ.setdefault(pool, "1")

import functools
import warnings

import numpy as np
import onnx
import onnxruntime
from assay_testee import Testee
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

OPERATOR_SET = 24
TYPES = {np.dtype("f4"): TensorProto.FLOAT, np.dtype("f8"): TensorProto.DOUBLE, np.dtype("i8"): TensorProto.INT64}
REDUCTIONS = {"mean": "ReduceMean", "sum": "ReduceSum"}

warnings.filterwarnings("ignore")
np.seterr(all="ignore")
onnxruntime.set_default_logger_severity(4)
testee = Testee("onnxruntime", f"{onnxruntime.__version__} with onnx {onnx.__version__}")


def model(nodes, types):
    """A graph of (operator, inputs, attributes) in a row, each output the next one's `previous`."""
    values = [helper.make_tensor_value_info(name, TYPES[dtype], None) for name, dtype in types]
    made, last = [], None
    for i, (operator, inputs, attributes) in enumerate(nodes):
        names = [last if name == "previous" else name for name in inputs]
        last = f"{operator}_{i}"
        made.append(helper.make_node(operator, names, [last], **dict(attributes)))
    result = helper.make_tensor_value_info(last, values[0].type.tensor_type.elem_type, None)
    graph = helper.make_graph(made, "loss", values, [result])
    opset = helper.make_opsetid("", OPERATOR_SET)
    return helper.make_model_gen_version(graph, opset_imports=[opset])


@functools.cache
def runtime(nodes, types):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    made = model(nodes, types).SerializeToString()
    return onnxruntime.InferenceSession(made, options, providers=["CPUExecutionProvider"])


@functools.cache
def reference(nodes, types):
    return ReferenceEvaluator(model(nodes, types))


def operators(name, dtypes=None, **offer):
    """A function of (inputs, parameters, reduction) that says which operators on which arrays give the loss."""

    def register(function):
        for variant, session in {"runtime": runtime, "reference": reference}.items():

            def loss(inputs, parameters, reduction, session=session):
                nodes, arrays, shape = function(inputs, parameters, reduction)
                types = tuple((key, array.dtype) for key, array in arrays.items())
                (value,) = session(tuple(nodes), types).run(None, arrays)
                return np.asarray(value).reshape(shape) if reduction == "none" else np.asarray(value)

            of = dtypes if variant == "runtime" else None
            testee.loss(name, variant=variant, dtypes=of, **offer)(loss)
        return function

    return register


def simple(name, operator, attributes=(), axes=None, dtypes=None):
    """One operator on x; what is reduced is reduced by ONNX's own reductions, over all axes."""

    @operators(name, dtypes)
    def loss(inputs, parameters, reduction):
        arrays = {"x": inputs["x"]} | ({} if axes is None else {"axes": np.array(axes)})
        nodes = [(operator, tuple(arrays), attributes)]
        if reduction != "none":
            nodes.append((REDUCTIONS[reduction], ("previous",), (("keepdims", 0),)))
        return nodes, arrays, inputs["x"].shape if axes is None else inputs["x"].shape[:-1]


simple("sigmoid", "Sigmoid")
simple("softplus", "Softplus", dtypes=["f32"])  # the runtime has no kernel for double numbers
simple("softmax", "Softmax", (("axis", -1),))
simple("log_softmax", "LogSoftmax", (("axis", -1),))
simple("log_sum_exp", "ReduceLogSumExp", (("keepdims", 0),), axes=[-1])


def labelled(operator, scores, inputs, parameters, reduction):
    """The classes are axis 1 and the last of the suite's: all other axes become one."""
    x, labels = inputs[scores], inputs["labels"]
    arrays = {"x": x.reshape(labels.size, x.shape[-1]), "labels": labels.reshape(-1)}
    if "weight" in inputs:
        arrays["weight"] = inputs["weight"]
    ignored = int(parameters.get("ignore_index", -100))
    if not (((labels >= 0) & (labels < x.shape[-1])) | (labels == ignored)).all():
        raise ValueError("a label that is no class: it would be looked for in memory that is not the row's")
    attributes = (("reduction", reduction), ("ignore_index", ignored))
    return [(operator, tuple(arrays), attributes)], arrays, labels.shape


@operators("sparse_categorical_cross_entropy_with_logits", parameters={"label_smoothing": [0]})
def softmax_cross_entropy_loss(inputs, parameters, reduction):
    return labelled("SoftmaxCrossEntropyLoss", "logits", inputs, parameters, reduction)


@operators("nll")
def negative_log_likelihood_loss(inputs, parameters, reduction):
    return labelled("NegativeLogLikelihoodLoss", "log_probability", inputs, parameters, reduction)


if __name__ == "__main__":
    testee.serve(decode=lambda array: array, encode=lambda array: array)
