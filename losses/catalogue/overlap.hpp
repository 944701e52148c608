// Losses of how much two fuzzy sets overlap: a row is one pair of sets, its numbers say how far each point
// belongs.
#pragma once

#include "losses/spec/record.hpp"

namespace assay {

namespace overlap {
inline constexpr Inputs sets{{.name = "probability",
                              .axes = ".C",
                              .domain = domain::unit,
                              .origin = Origin::nearer_end,
                              .about = "that each of the C points belongs to the set"},
                             {.name = "target",
                              .axes = ".C",
                              .domain = domain::unit,
                              .origin = Origin::nearer_end,
                              .about = "how far each of the C points does belong"}};
inline constexpr Convention denominator_with_epsilon{
    .name = "denominator-plus-1e-7",
    .about = "1e-7 is added to the denominator alone: two empty sets cost 1",
    .used_by = "keras",
    .link = "https://github.com/keras-team/keras/blob/master/keras/src/losses/losses.py"};
}  // namespace overlap

/// 1 - (2 sum p g + s)/(sum p^2 + sum g^2 + s) over the last axis; without `squared` the sum of p and of g
/// below
struct Dice {
  double smooth = 0;    ///< s, >= 0
  bool squared = true;  ///< squares in the denominator
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<Dice>{Parameter{"smooth", &Dice::smooth, domain::nonnegative},
                                             Parameter{"squared", &Dice::squared}};
template <>
inline constexpr Facts facts<Dice>{
    .name = "dice",
    .type = "Dice",
    .title = "soft Dice loss",
    .formula = "1 - (2 sum p g + s)/(sum p^2 + sum g^2 + s); squares dropped in the denominator when false",
    .kind = Kind::row_wise,
    .inputs = overlap::sets,
    .output = ".",
    .scale = "1",
    .promises = {{Property::unit_range},
                 {Property::symmetric},
                 {.property = Property::zero_at_match, .where = {{"squared", 1, 1}}},
                 {.property = Property::homogeneous,
                  .subject = "probability,target",
                  .constant = 0,
                  .where = {{"squared", 1, 1}, {"smooth", 0, 0}}},
                 {Property::permutation_invariant},
                 {.property = Property::repetition_invariant, .where = {{"smooth", 0, 0}}}},
    .conventions = {overlap::denominator_with_epsilon,
                    {.name = "denominator-plus-1e-5",
                     .about = "1e-5 is added to the denominator alone: two empty sets cost 1",
                     .used_by = "paddle",
                     .link = "https://www.paddlepaddle.org.cn/documentation/docs/en/api/paddle/nn/functional/"
                             "dice_loss_en.html"}},
    .source = {"Milletari, Navab and Ahmadi, V-Net, section 3", 2016, "https://arxiv.org/abs/1606.04797"},
};

/// 1 - (sum p g + s)/(sum p + sum g - sum p g + s) over the last axis
struct Jaccard {
  double smooth = 0;  ///< s, >= 0
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<Jaccard>{Parameter{"smooth", &Jaccard::smooth, domain::nonnegative}};
template <>
inline constexpr Facts facts<Jaccard>{
    .name = "jaccard",
    .type = "Jaccard",
    .title = "soft Jaccard loss",
    .formula = "1 - (sum p g + s)/(sum p + sum g - sum p g + s)",
    .kind = Kind::row_wise,
    .inputs = overlap::sets,
    .output = ".",
    .scale = "1",
    .promises = {{Property::unit_range},
                 {Property::symmetric},
                 {Property::permutation_invariant},
                 {.property = Property::repetition_invariant, .where = {{"smooth", 0, 0}}}},
    .source =
        {"Rahman and Wang, Optimizing intersection-over-union in deep neural networks for image segmentation",
         2016, "https://doi.org/10.1007/978-3-319-50835-1_22"},
};

/// 1 - (TP+s)/(TP + alpha FP + beta FN + s) over the last axis; TP = sum p g, FP = sum p (1-g), FN = sum
/// (1-p) g
struct Tversky {
  double alpha = .5;  ///< of false positives, >= 0
  double beta = .5;   ///< of false negatives, >= 0
  double smooth = 0;  ///< s, >= 0
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<Tversky>{Parameter{"alpha", &Tversky::alpha, domain::nonnegative},
                                                Parameter{"beta", &Tversky::beta, domain::nonnegative},
                                                Parameter{"smooth", &Tversky::smooth, domain::nonnegative}};
template <>
inline constexpr Facts facts<Tversky>{
    .name = "tversky",
    .type = "Tversky",
    .title = "Tversky loss",
    .formula = "1 - (TP+s)/(TP + alpha FP + beta FN + s); TP = sum p g, FP = sum p (1-g), FN = sum (1-p) g",
    .kind = Kind::row_wise,
    .inputs = overlap::sets,
    .output = ".",
    .scale = "1",
    .promises = {{Property::unit_range},
                 {Property::permutation_invariant},
                 {.property = Property::repetition_invariant, .where = {{"smooth", 0, 0}}}},
    .conventions = {overlap::denominator_with_epsilon},
    .source = {"Salehi, Erdogmus and Gholipour, Tversky loss function for image segmentation, equation 3",
               2017, "https://arxiv.org/abs/1706.05721"},
};

}  // namespace assay
