// What the kernel of info_nce and its part in lanes agree on: the call, and where in the caller's workspace
// intermediate numbers stand.
#pragma once

#include <cstddef>
#include <span>

#include "losses/catalogue/contrastive.hpp"
#include "losses/shapes/rows/row_wise_lanes.hpp"

namespace assay {

/// Numbers in two words.
struct TwoWords {
  std::span<double> hi, lo;

  TwoWords() = default;
  TwoWords(row_wise::Scratch& scratch, std::int64_t count)
      : hi(scratch.take<double>(count)), lo(scratch.take<double>(count)) {}
};

/// Arrays "by lane" hold sixteen rows side by side: number j of row r stands at 16 j + r.
template <class T>
struct InfoNcePlan {
  static constexpr std::int64_t at_once = 16;

  InfoNcePlan(const InfoNce& loss, const Call<T>& each, row_wise::Scratch& scratch)
      : call(each),
        normalize(loss.normalize),
        temperature(loss.temperature),
        rows(static_cast<std::size_t>(call.inputs[0].extent[0])),
        width(static_cast<std::size_t>(call.inputs[0].extent[1])),
        count(static_cast<std::size_t>(call.inputs[2].extent[0])),
        padded((width + at_once - 1) / at_once * at_once) {
    const std::int64_t n = call.inputs[2].extent[0], d = call.inputs[0].extent[1],
                       wide = static_cast<std::int64_t>(padded);
    for (const T* gradient : call.gradient) differentiate = differentiate || gradient != nullptr;
    inverse_length = {scratch, n};
    query = scratch.take<double>(d * at_once);
    positive = scratch.take<double>(d * at_once);
    score = {scratch, n * at_once};
    if (differentiate) power = {scratch, n * at_once};
    if (call.gradient[0] != nullptr) {
      mean = {scratch, d * at_once};
      largest_negative = scratch.take<double>(d);
    }
    if (call.gradient[2] == nullptr) return;
    query_rows = scratch.take<double>(wide * at_once);
    largest_query = scratch.take<double>(wide);
    tally = {scratch, n * wide};
    along = {scratch, n * at_once};
    weight = scratch.take<double>(n * at_once);
  }

  const Call<T>& call;
  bool normalize, differentiate = false;
  double temperature;
  std::size_t rows, width, count;
  std::size_t padded;  ///< width in whole sixteens

  TwoWords inverse_length;                            ///< 1/|k| of each negative
  std::span<double> query, positive;                  ///< by lane
  TwoWords score, power;                              ///< s_k, and its e^{s_k - s_m}, by lane
  TwoWords mean;                                      ///< sum_k e^{s_k - s_m} k^, by lane
  std::span<double> largest_negative, largest_query;  ///< of each component of the directions

  std::span<double> query_rows;  ///< row by row, filled up with zeros
  TwoWords tally;                ///< sum over the rows of what each negative's gradient has along q
  TwoWords along;                ///< and along itself, by lane
  std::span<double> weight;      ///< sum of the absolute shares behind them, by lane
  double longest = 0;            ///< |k| of the longest negative
  double error = 0;              ///< the largest of any row
  double lost = 0;               ///< at most, of what each weight should be
  bool complete = true;          ///< every row is in the tally
};

/// What lanes are told.
template <class T>
struct InfoNceInLanes {
  const RowPlan<T>& rows;
  InfoNcePlan<T>& in_common;
};

}  // namespace assay
