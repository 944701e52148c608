// Margin losses of a row of scores, one a class, against the class or the classes that are true.
#pragma once

#include "losses/catalogue/classification.hpp"
#include "losses/spec/record.hpp"

namespace assay {

namespace multiclass_margin {
inline constexpr Input score{
    .name = "score", .axes = ".C", .domain = domain::extended, .about = "of each of the C classes"};
/// Scores that a formula meets in differences alone, which it counts itself.
inline constexpr Input compared_score{.name = "score",
                                      .axes = ".C",
                                      .domain = domain::extended,
                                      .origin = Origin::counted,
                                      .about = "of each of the C classes"};
}  // namespace multiclass_margin

/// (w_y/C) sum_{j != y} max(0, margin - x_y + x_j)^p over the last axis
struct MultiMargin {
  std::int64_t p = 1;  ///< power, 1 or 2
  double margin = 1;   ///< finite, in the unit of the scores
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<MultiMargin>{
    Parameter{"p", &MultiMargin::p, domain::one_or_two},
    Parameter{"margin", &MultiMargin::margin, domain::finite}};
template <>
inline constexpr Facts facts<MultiMargin>{
    .name = "multi_margin",
    .type = "MultiMargin",
    .title = "multi-class margin loss",
    .formula = "(w_y/C) sum_{j != y} max(0, margin - x_y + x_j)^p",
    .kind = Kind::row_wise,
    .inputs =
        {multiclass_margin::compared_score,
         {.name = "labels", .axes = ".", .domain = domain::label, .about = "true class", .integer = true},
         classification::class_weight},
    .output = ".",
    .scale = "(w_y/C) max(abs(margin), abs(x_c))^p",
    .promises = {{Property::nonnegative},
                 {Property::convex, "score"},
                 {.property = Property::lipschitz,
                  .subject = "score",
                  .constant = 1,
                  .weight = "weight",
                  .where = {{"p", 1, 1}}},
                 {.property = Property::smooth,
                  .subject = "score",
                  .constant = 2,
                  .weight = "weight",
                  .where = {{"p", 2, 2}}},
                 {.property = Property::homogeneous,
                  .subject = "score,margin",
                  .constant = 1,
                  .where = {{"p", 1, 1}}},
                 {.property = Property::homogeneous,
                  .subject = "score,margin",
                  .constant = 2,
                  .where = {{"p", 2, 2}}},
                 {Property::shift_invariant, "score"},
                 {Property::permutation_invariant}},
    .source = {"Weston and Watkins, Support vector machines for multi-class pattern recognition", 1999,
               "https://www.esann.org/sites/default/files/proceedings/legacy/es1999-461.pdf"},
};

/// max(0, 1 + max_{t=0} x - sum t x) over the last axis
struct CategoricalHinge {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr Facts facts<CategoricalHinge>{
    .name = "categorical_hinge",
    .type = "CategoricalHinge",
    .title = "multi-class hinge loss of Crammer and Singer",
    .formula = "max(0, 1 + max_{t=0} x - sum t x)",
    .kind = Kind::row_wise,
    .inputs = {multiclass_margin::score,
               {.name = "target",
                .axes = ".C",
                .domain = {.kind = Domain::Kind::one_hot, .text = "1 once a row, else 0"},
                .about = "1 for the true class"}},
    .output = ".",
    .scale = "max(1, abs(x_c))",
    .promises = {{Property::nonnegative},
                 {Property::convex, "score"},
                 {Property::lipschitz, "score", 1},
                 {Property::shift_invariant, "score"},
                 {Property::permutation_invariant}},
    .conventions = {{.name = "zero-in-maximum",
                     .about = "the maximum is taken over (1-t) x, which is 0 for the true class",
                     .used_by = "keras, tfjs, tensorflow",
                     .link = "https://keras.io/api/losses/hinge_losses/#categoricalhinge-class"}},
    .source =
        {"Crammer and Singer, On the algorithmic implementation of multiclass kernel-based vector machines",
         2001, "https://www.jmlr.org/papers/v2/crammer01a.html"},
};

/// sum over labels y and classes j that are none of max(0, 1 - (x_y - x_j)), over C; a repeated label counts
/// twice
struct MultilabelMargin {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr Facts facts<MultilabelMargin>{
    .name = "multilabel_margin",
    .type = "MultilabelMargin",
    .title = "multi-label margin loss",
    .formula = "sum over labels y, other classes j of max(0, 1 - (x_y - x_j)), over C",
    .kind = Kind::row_wise,
    .inputs = {multiclass_margin::compared_score,
               {.name = "labels",
                .axes = ".C",
                .domain = domain::label_or_end,
                .about = "true classes, then -1",
                .integer = true}},
    .output = ".",
    .scale = "max(1, abs(x_c)) / C",
    .promises = {{Property::nonnegative},
                 {Property::convex, "score"},
                 {Property::shift_invariant, "score"},
                 {Property::permutation_invariant}},
    .source = {"Elisseeff and Weston, A kernel method for multi-labelled classification", 2001,
               "https://papers.nips.cc/paper/1964-a-kernel-method-for-multi-labelled-classification"},
};

/// (1/C) sum_c w_c (t_c softplus(-x_c) + (1-t_c) softplus(x_c)) over the last axis
struct MultilabelSoftMargin {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr Facts facts<MultilabelSoftMargin>{
    .name = "multilabel_soft_margin",
    .type = "MultilabelSoftMargin",
    .title = "multi-label soft margin loss",
    .formula = "(1/C) sum_c w_c (t_c softplus(-x_c) + (1-t_c) softplus(x_c))",
    .kind = Kind::row_wise,
    .inputs = {{.name = "logits",
                .axes = ".C",
                .domain = domain::extended,
                .about = "log-odds of each of the C classes"},
               classification::row_target,
               classification::class_weight},
    .output = ".",
    .scale = "sum_c w_c / C",
    .promises = {{Property::nonnegative},
                 {Property::convex, "logits"},
                 {Property::affine, "target"},
                 {.property = Property::lipschitz, .subject = "logits", .constant = 1, .weight = "weight"},
                 {.property = Property::smooth, .subject = "logits", .constant = .25, .weight = "weight"},
                 {Property::permutation_invariant}},
    .source = {"Nam et al., Large-scale multi-label text classification: revisiting neural networks", 2014,
               "https://arxiv.org/abs/1312.5419"},
};

}  // namespace assay
