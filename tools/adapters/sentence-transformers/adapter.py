"""sentence-transformers as a testee. Its losses ask a model for embeddings; here the model gives those of the case.
Gradients are autograd's, and a loss is a mean but where it has an option for the sum."""

import sentence_transformers
import torch
import torch.nn.functional as F
from sentence_transformers.sentence_transformer import losses

from assay_testee import Testee
from tensors import TYPES, serve

testee = Testee("sentence-transformers", sentence_transformers.__version__, TYPES)


class Given(torch.nn.Module):
    def forward(self, features):
        return features


def features(*embeddings):
    return [{"sentence_embedding": each} for each in embeddings]


@testee.loss("multiple_negatives_ranking", ["anchor", "positive"], reductions=["mean"])
def multiple_negatives_ranking(inputs, parameters, reduction):
    loss = losses.MultipleNegativesRankingLoss(Given(), scale=parameters.get("scale", 20.0))
    return loss(features(inputs["anchor"], inputs["positive"]), None)


@testee.loss("contrastive", ["x1", "x2"], reductions=["sum", "mean"], ranks=[2])
def contrastive(inputs, parameters, reduction):
    loss = losses.ContrastiveLoss(
        Given(),
        # SiameseDistanceMetric.EUCLIDEAN is this with torch's own eps, 1e-6 added to each difference.
        distance_metric=lambda x, y: F.pairwise_distance(x, y, p=2, eps=0.0),
        margin=parameters.get("margin", 1.0),
        size_average=reduction == "mean",
    )
    return loss(features(inputs["x1"], inputs["x2"]), 1 - inputs["target"])  # 1 is similar there


@testee.loss(
    "triplet_margin",
    ["anchor", "positive", "negative"],
    reductions=["mean"],
    parameters={"squared": [False], "swap": [False]},
    ranks=[2],
)
def triplet_margin(inputs, parameters, reduction):
    metric = losses.TripletDistanceMetric
    loss = losses.TripletLoss(
        Given(),
        distance_metric=metric.EUCLIDEAN if parameters.get("p", 2) == 2 else metric.MANHATTAN,
        triplet_margin=parameters.get("margin", 1.0),
    )
    return loss(features(inputs["anchor"], inputs["positive"], inputs["negative"]), None)


@testee.loss("cosine_distance", ["x1"], reductions=["mean"], ranks=[2])
def cosine_distance(inputs, parameters, reduction):
    loss = losses.EmbedDistillLoss(Given(), distance_metric="cosine")
    return loss(features(inputs["x1"]), inputs["x2"])


@testee.loss("mse", ["prediction"], reductions=["mean"], ranks=[2])
def mse(inputs, parameters, reduction):
    return losses.MSELoss(Given())(features(inputs["prediction"]), inputs["target"])


if __name__ == "__main__":
    serve(testee)
