"""pytorch-metric-learning as a testee. Its losses look for pairs and triplets in a batch by labels; here they are told
which ones there are, or get labels that leave only the catalogue's. Gradients are autograd's."""

import pytorch_metric_learning
import torch
from pytorch_metric_learning import losses, reducers
from pytorch_metric_learning.distances import CosineSimilarity, DotProductSimilarity, LpDistance

from assay_testee import Testee
from tensors import TYPES, serve

REDUCERS = {"none": reducers.DoNothingReducer, "sum": reducers.SumReducer, "mean": reducers.MeanReducer}
testee = Testee("pytorch-metric-learning", pytorch_metric_learning.__version__, TYPES)


def unreduced(value, reduction, embeddings):
    """DoNothingReducer gives what a loss hands to its reducer. Where no pair counts, that is the number 0, of which each
    of the other reducers makes a 0 that depends on the embeddings."""
    if reduction != "none":
        return value
    rows = value["loss"]["losses"]
    return rows if torch.is_tensor(rows) else embeddings.sum(1) * rows


@testee.loss("triplet_margin", ["anchor", "positive", "negative"], ranks=[2])
def triplet_margin(inputs, parameters, reduction):
    embeddings = torch.cat([inputs["anchor"], inputs["positive"], inputs["negative"]])
    triplets = torch.arange(len(embeddings)).reshape(3, -1).unbind()
    distance = LpDistance(
        normalize_embeddings=False, p=parameters.get("p", 2), power=2 if parameters.get("squared", False) else 1
    )
    loss = losses.TripletMarginLoss(
        margin=parameters.get("margin", 1.0),
        swap=parameters.get("swap", False),
        distance=distance,
        reducer=REDUCERS[reduction](),
    )
    return unreduced(loss(embeddings, indices_tuple=triplets), reduction, inputs["anchor"])


@testee.loss("info_nce", ["query", "positive", "negative"])
def info_nce(inputs, parameters, reduction):
    n, m = len(inputs["query"]), len(inputs["negative"])
    row = torch.arange(n)
    pairs = row, row, row.repeat_interleave(m), n + torch.arange(m).repeat(n)
    normalize = parameters.get("normalize", True)
    loss = losses.NTXentLoss(
        temperature=parameters.get("temperature", 0.1),
        distance=CosineSimilarity() if normalize else DotProductSimilarity(normalize_embeddings=False),
        reducer=REDUCERS[reduction](),
    )
    candidates = torch.cat([inputs["positive"], inputs["negative"]])
    return unreduced(loss(inputs["query"], indices_tuple=pairs, ref_emb=candidates), reduction, inputs["query"])


@testee.loss("nt_xent", ["z"])
def nt_xent(inputs, parameters, reduction):
    pair = torch.arange(len(inputs["z"]) // 2)
    loss = losses.NTXentLoss(temperature=parameters.get("temperature", 0.5), reducer=REDUCERS[reduction]())
    return unreduced(loss(inputs["z"], torch.cat([pair, pair])), reduction, inputs["z"])


@testee.loss("supcon", ["z"])
def supcon(inputs, parameters, reduction):
    # Its own reducer, AvgNonZeroReducer, leaves out rows without a positive, as the catalogue's mean does.
    reducer = reducers.AvgNonZeroReducer if reduction == "mean" else REDUCERS[reduction]
    loss = losses.SupConLoss(temperature=parameters.get("temperature", 0.1), reducer=reducer())
    return unreduced(loss(inputs["z"], inputs["labels"]), reduction, inputs["z"])


def with_weight(kind, inputs, reduction, **options):
    """The class vectors are a parameter of these modules, a column each."""
    loss = kind(
        num_classes=inputs["weight"].shape[0],
        embedding_size=inputs["weight"].shape[1],
        reducer=REDUCERS[reduction](),
        **options,
    )
    value = torch.func.functional_call(loss, {"W": inputs["weight"].t()}, (inputs["embedding"], inputs["labels"]))
    return unreduced(value, reduction, inputs["embedding"])


@testee.loss("arcface", ["embedding", "weight"], conventions=["linear-beyond-pi-minus-margin"])
def arcface(inputs, parameters, reduction):
    degrees = torch.rad2deg(torch.tensor(parameters.get("margin", 0.5), dtype=torch.float64)).item()
    return with_weight(
        losses.ArcFaceLoss, inputs, reduction, margin=degrees, scale=parameters.get("scale", 64.0)
    )


@testee.loss("cosface", ["embedding", "weight"])
def cosface(inputs, parameters, reduction):
    return with_weight(
        losses.CosFaceLoss,
        inputs,
        reduction,
        margin=parameters.get("margin", 0.35),
        scale=parameters.get("scale", 64.0),
    )


if __name__ == "__main__":
    serve(testee)
