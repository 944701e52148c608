//! What is called for each loss.

use crate::Any;
use assay_testee::{Loss, Parameters, Reduction, Tensors};
use burn::nn::loss::{self, Reduction as Burns};
use burn::tensor::{Int, Tensor, activation};
use serde_json::{Value, json};

type Inputs = Tensors<Any>;

/// Terms by element or by row, reduced as Burn's own losses do.
fn reduced(terms: Tensor<1>, shape: &[usize], reduction: Reduction) -> Any {
    match reduction {
        Reduction::None => Any::Real(terms, shape.to_vec()),
        Reduction::Mean => scalar(terms.mean()),
        Reduction::Sum => scalar(terms.sum()),
    }
}

fn scalar(value: Tensor<1>) -> Any {
    Any::Real(value, vec![])
}

fn without_last(shape: &[usize]) -> &[usize] {
    &shape[..shape.len() - 1]
}

/// A loss of Burn that has a `forward` with a reduction and a `forward_no_reduction`.
macro_rules! call {
    ($loss:expr, $shape:expr, $reduction:expr, $($argument:expr),+) => {
        match $reduction {
            Reduction::None => Any::Real($loss.forward_no_reduction($($argument),+), $shape.to_vec()),
            Reduction::Mean => scalar($loss.forward($($argument),+, Burns::Mean)),
            Reduction::Sum => scalar($loss.forward($($argument),+, Burns::Sum)),
        }
    };
}

fn sigmoid(i: &Inputs, _: &Parameters, r: Reduction) -> Any {
    reduced(activation::sigmoid(i["x"].real()), i["x"].shape(), r)
}

fn log_sigmoid(i: &Inputs, _: &Parameters, r: Reduction) -> Any {
    reduced(activation::log_sigmoid(i["x"].real()), i["x"].shape(), r)
}

fn softplus(i: &Inputs, _: &Parameters, r: Reduction) -> Any {
    reduced(activation::softplus(i["x"].real(), 1.0), i["x"].shape(), r)
}

fn softmax(i: &Inputs, _: &Parameters, r: Reduction) -> Any {
    reduced(activation::softmax(i["x"].rows(), 1).flatten(0, 1), i["x"].shape(), r)
}

fn log_softmax(i: &Inputs, _: &Parameters, r: Reduction) -> Any {
    reduced(activation::log_softmax(i["x"].rows(), 1).flatten(0, 1), i["x"].shape(), r)
}

fn mse(i: &Inputs, _: &Parameters, r: Reduction) -> Any {
    call!(loss::MseLoss::new(), i["prediction"].shape(), r, i["prediction"].real(), i["target"].real())
}

fn mae(i: &Inputs, _: &Parameters, r: Reduction) -> Any {
    call!(loss::LpLossConfig::l1(), i["prediction"].shape(), r, i["prediction"].real(), i["target"].real())
}

fn huber(i: &Inputs, p: &Parameters, r: Reduction) -> Any {
    let loss = loss::HuberLossConfig::new(p.number("delta", 1.0) as f32).init();
    call!(loss, i["prediction"].shape(), r, i["prediction"].real(), i["target"].real())
}

fn smooth_l1(i: &Inputs, p: &Parameters, r: Reduction) -> Any {
    let loss = loss::SmoothL1LossConfig::new().with_beta(p.number("beta", 1.0) as f32).init();
    match r {
        Reduction::None => reduced(loss.forward(i["prediction"].real(), i["target"].real()), i["prediction"].shape(), r),
        _ => {
            let kind = if r == Reduction::Mean { Burns::Mean } else { Burns::Sum };
            scalar(loss.forward_with_reduction(i["prediction"].real(), i["target"].real(), kind))
        }
    }
}

fn poisson_nll(i: &Inputs, p: &Parameters, r: Reduction) -> Any {
    // Burn wants a positive eps: the least one moves nothing.
    let loss = loss::PoissonNllLossConfig::new()
        .with_log_input(p.flag("log_input", true))
        .with_full(p.flag("full", false))
        .with_eps(if p.number("eps", 0.0) == 0.0 { 5e-324 } else { p.number("eps", 0.0) })
        .init();
    call!(loss, i["prediction"].shape(), r, i["prediction"].real(), i["target"].real())
}

fn gaussian_nll(i: &Inputs, p: &Parameters, r: Reduction) -> Any {
    // Burn raises every variance to eps: 0 raises none.
    let loss = loss::GaussianNLLLossConfig::new().with_full(p.flag("full", false)).with_eps(0.0).init();
    call!(loss, i["prediction"].shape(), r, i["prediction"].real(), i["target"].real(), i["variance"].real())
}

fn soft_margin(i: &Inputs, _: &Parameters, r: Reduction) -> Any {
    call!(loss::SoftMarginLoss::new(), i["score"].shape(), r, i["score"].real(), i["target"].real())
}

fn hinge_embedding(i: &Inputs, p: &Parameters, r: Reduction) -> Any {
    let loss = loss::HingeEmbeddingLossConfig::new().with_margin(p.number("margin", 1.0)).init();
    call!(loss, i["distance"].shape(), r, i["distance"].real(), i["target"].real())
}

fn margin_ranking(i: &Inputs, p: &Parameters, r: Reduction) -> Any {
    let loss = loss::MarginRankingLossConfig::new().with_margin(p.number("margin", 0.0)).init();
    call!(loss, i["x1"].shape(), r, i["x1"].real(), i["x2"].real(), i["target"].real())
}

fn kl_divergence(i: &Inputs, _: &Parameters, r: Reduction) -> Any {
    // Burn takes log Q, as torch does: its users pass the logarithm.
    let (loss, q, p) = (loss::KLDivLossConfig::new().init(), i["probability"].rows().log(), i["target"].rows());
    match r {
        Reduction::None => {
            let rows = loss.forward_no_reduction(q, p).sum_dim(1).flatten(0, 1);
            Any::Real(rows, without_last(i["target"].shape()).to_vec())
        }
        Reduction::Mean => scalar(loss.forward(q, p, Burns::BatchMean)),
        Reduction::Sum => scalar(loss.forward(q, p, Burns::Sum)),
    }
}

/// Labels that are to be ignored are Burn's padding tokens; a token is not negative.
fn padding(p: &Parameters) -> Option<Vec<usize>> {
    usize::try_from(p.number("ignore_index", -100.0) as i64).ok().map(|token| vec![token])
}

fn weights(i: &Inputs) -> Option<Vec<f32>> {
    i.get("weight").map(|weight| weight.real().to_data_as::<f32>().as_slice::<f32>().unwrap().to_vec())
}

fn sparse_categorical_cross_entropy_with_logits(i: &Inputs, p: &Parameters, _: Reduction) -> Any {
    let smoothing = p.number("label_smoothing", 0.0) as f32;
    let logits = i["logits"].rows();
    let loss = loss::CrossEntropyLossConfig::new()
        .with_pad_tokens(padding(p))
        .with_weights(weights(i))
        .with_smoothing((smoothing != 0.0).then_some(smoothing))
        .init(&logits.device());
    scalar(loss.forward(logits, i["labels"].integer()))
}

fn sparse_categorical_cross_entropy(i: &Inputs, p: &Parameters, _: Reduction) -> Any {
    let probability = i["probability"].rows();
    let loss = loss::CrossEntropyLossConfig::new()
        .with_pad_tokens(padding(p))
        .with_logits(false)
        .init(&probability.device());
    scalar(loss.forward(probability, i["labels"].integer()))
}

fn multi_margin(i: &Inputs, p: &Parameters, r: Reduction) -> Any {
    let loss = loss::MultiMarginLossConfig::new()
        .with_p(p.number("p", 1.0) as i32)
        .with_margin(p.number("margin", 1.0))
        .init();
    call!(loss, i["labels"].shape(), r, i["score"].rows(), i["labels"].integer())
}

fn cosine_embedding(i: &Inputs, p: &Parameters, r: Reduction) -> Any {
    let kind = if r == Reduction::Sum { Burns::Sum } else { Burns::Mean };
    let loss = loss::CosineEmbeddingLossConfig::new()
        .with_margin(p.number("margin", 0.0) as f32)
        .with_reduction(kind)
        .init();
    let (x1, x2, target) = (i["x1"].rows(), i["x2"].rows(), i["target"].real().int());
    match r {
        Reduction::None => Any::Real(loss.forward_no_reduction(x1, x2, target), i["target"].shape().to_vec()),
        _ => scalar(loss.forward(x1, x2, target)),
    }
}

fn triplet_margin(i: &Inputs, p: &Parameters, r: Reduction) -> Any {
    let loss = loss::TripletMarginLossConfig::new()
        .with_margin(p.number("margin", 1.0))
        .with_p(p.number("p", 2.0))
        .init();
    let shape = without_last(i["anchor"].shape());
    call!(loss, shape, r, i["anchor"].rows(), i["positive"].rows(), i["negative"].rows())
}

fn ctc(i: &Inputs, p: &Parameters, r: Reduction) -> Any {
    let loss = loss::CTCLossConfig::new()
        .with_blank(p.number("blank", 0.0) as usize)
        .with_zero_infinity(p.flag("zero_infinity", false))
        .init();
    let of = |name: &str| -> [usize; 3] { i[name].shape().try_into().expect("three axes") };
    let pair: [usize; 2] = i["labels"].shape().try_into().expect("two axes");
    let scores: Tensor<3> = i["log_probability"].real().reshape(of("log_probability"));
    let labels: Tensor<2, Int> = i["labels"].integer().reshape(pair);
    let (input_lengths, target_lengths) = (i["input_lengths"].integer(), i["target_lengths"].integer());
    match r {
        Reduction::None => Any::Real(loss.forward(scores, labels, input_lengths, target_lengths), vec![pair[0]]),
        _ => {
            let kind = if r == Reduction::Mean { Burns::Mean } else { Burns::Sum };
            scalar(loss.forward_with_reduction(scores, labels, input_lengths, target_lengths, kind))
        }
    }
}

type Entry = (&'static str, Value, Loss<Any>);

/// Name, what narrows the offer, function. Where Burn has the mean alone, the mean is offered.
pub fn table() -> Vec<Entry> {
    let x = || json!({"gradient": ["x"]});
    let pair = || json!({"gradient": ["prediction", "target"]});
    let mean = |of: &str| json!({"gradient": [of], "reductions": ["mean"]});
    let triplet = json!({"gradient": ["anchor", "positive", "negative"], "parameters": {"squared": [false], "swap": [false]}});
    let mut floored = mean("probability");
    floored["conventions"] = json!(["probability-floored-sqrt-tiny"]);
    vec![
        ("sigmoid", x(), sigmoid),
        ("log_sigmoid", x(), log_sigmoid),
        ("softplus", x(), softplus),
        ("softmax", x(), softmax),
        ("log_softmax", x(), log_softmax),
        ("mse", pair(), mse),
        ("mae", pair(), mae),
        ("huber", pair(), huber),
        ("smooth_l1", pair(), smooth_l1),
        ("poisson_nll", pair(), poisson_nll),
        ("gaussian_nll", json!({"gradient": ["prediction", "target", "variance"]}), gaussian_nll),
        ("soft_margin", json!({"gradient": ["score"]}), soft_margin),
        ("hinge_embedding", json!({"gradient": ["distance"]}), hinge_embedding),
        ("margin_ranking", json!({"gradient": ["x1", "x2"]}), margin_ranking),
        ("kl_divergence", json!({"gradient": ["target", "probability"]}), kl_divergence),
        ("multi_margin", json!({"gradient": ["score"], "inputs": []}), multi_margin),
        ("cosine_embedding", json!({"gradient": ["x1", "x2"]}), cosine_embedding),
        ("triplet_margin", triplet, triplet_margin),
        ("ctc", json!({"gradient": ["log_probability"]}), ctc),
        ("sparse_categorical_cross_entropy", floored, sparse_categorical_cross_entropy),
        ("sparse_categorical_cross_entropy_with_logits", mean("logits"), sparse_categorical_cross_entropy_with_logits),
    ]
}
