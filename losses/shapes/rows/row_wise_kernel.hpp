// The end of a kernel's file whose rows are a class, without lanes: what a loss has to define, from that
// class.
//
//   template <class T>
//   class NllRow {                                               what row_wise::run takes
//     NllRow(const Nll&, const Call<T>&, row_wise::Scratch&);    or without scratch, where it needs none
//   };
//   ASSAY_ROW_WISE(Nll, NllRow)                                  in namespace assay
#pragma once

#include <type_traits>

#include "losses/shapes/rows/row_wise.hpp"

namespace assay::row_wise {

template <class Kernel, class Loss, class T>
inline constexpr bool takes_scratch = std::is_constructible_v<Kernel, const Loss&, const Call<T>&, Scratch&>;

/// What a kernel takes of the workspace, counted by one that is given none.
template <class Kernel, class Loss, class T>
std::size_t workspace(const Loss& loss, const Call<T>& call) {
  Scratch scratch;
  if constexpr (takes_scratch<Kernel, Loss, T>) const Kernel counted(loss, call, scratch);
  return scratch.bytes();
}

template <class Kernel, class Loss, class T>
void compute(const Loss& loss, const Call<T>& call) {
  Scratch scratch(call.workspace);
  if constexpr (takes_scratch<Kernel, Loss, T>)
    run(call, Kernel(loss, call, scratch));
  else
    run(call, Kernel(loss, call));
}

}  // namespace assay::row_wise

#define ASSAY_ROW_WISE(Loss, Row)                                        \
  template <>                                                            \
  std::size_t workspace_bytes(const Loss& loss, const Call<float>& c) {  \
    return row_wise::workspace<Row<float>>(loss, c);                     \
  }                                                                      \
  template <>                                                            \
  std::size_t workspace_bytes(const Loss& loss, const Call<double>& c) { \
    return row_wise::workspace<Row<double>>(loss, c);                    \
  }                                                                      \
  template <>                                                            \
  void evaluate(const Loss& loss, const Call<float>& c) {                \
    row_wise::compute<Row<float>>(loss, c);                              \
  }                                                                      \
  template <>                                                            \
  void evaluate(const Loss& loss, const Call<double>& c) {               \
    row_wise::compute<Row<double>>(loss, c);                             \
  }
