// How the file of a kernel registers itself: its last line is
//
//   ASSAY_KERNEL(Huber)
//
// and what it holds for that loss says the rest.
//
//   Formula<Huber>           the mathematics of an element              element_wise/element_wise-inl.hpp
//   RowTerm<Entropy>         of a column of a row that is their sum     rows/row_terms-inl.hpp
//   PairTerms<Dice>          of two rows that a few sums determine      pairs/pair_rows-inl.hpp
//   LogitTerms<Softmax, T>   of a row of logits                         logits/logits-inl.hpp
//   InLanes<InfoNce, T>      of any other row in lanes                  kernel-inl.hpp
//   Row<Nll, T>              a row without lanes; beside all of the above but Formula, for the rows that
//                            lanes do not vouch for                     rows/row_wise.hpp
//   Kernel<Ctc, T>           all of a call, where no shape fits         here
//
// What is computed in lanes stands between ASSAY_BEGIN and ASSAY_END (kernel_in_lanes.hpp).
#pragma once

#include <cstddef>

#include "losses/call.hpp"
#include "losses/shapes/parameters.hpp"
#include "losses/spec/dtype.hpp"

/// THE list of what a kernel is compiled for: a dtype's name and the type of its numbers.
#define ASSAY_FOR_EACH_DTYPE(DO, ...) \
  DO(f32, float, __VA_ARGS__)         \
  DO(f64, double, __VA_ARGS__)

namespace assay {

#define ASSAY_IS_LISTED(name, T, ...) +(Dtype::name == dtype_of<T>)
static_assert(
    0 ASSAY_FOR_EACH_DTYPE(ASSAY_IS_LISTED) == dtypes.size(),
    "kernels are compiled for the dtypes of ASSAY_FOR_EACH_DTYPE, which lacks one of losses/spec/dtype.hpp");
#undef ASSAY_IS_LISTED

/// A loss as kernels compute it: the shapes say what it is for what a kernel's file holds, and the file of a
/// loss of no shape does so itself. The loss that it is given has its real parameters rounded to T. It has
///   void evaluate(const Loss&, const Call<T>&)
///   std::size_t workspace_bytes(const Loss&, const Call<T>&)    where a call takes any
template <class Loss, class T>
struct Kernel {
  static_assert(sizeof(Loss) == 0,
                "this kernel's file lacks what evaluates its loss: a Formula<Loss>, a Row<Loss, T>, with or "
                "without terms for lanes, or a Kernel<Loss, T> (losses/shapes/kernel.hpp)");
};

/// What is computed in lanes, on the best target that this machine has; false where they do not answer for
/// all that is wanted, and the call is to be computed without them.
template <class Loss, class Plan>
bool in_lanes(const Loss& loss, const Plan& plan);

template <class Loss, class T>
std::size_t workspace_bytes(const Loss& loss, const Call<T>& call) {
  if constexpr (requires { Kernel<Loss, T>::workspace_bytes(loss, call); })
    return Kernel<Loss, T>::workspace_bytes(rounded_to<T>(loss), call);
  else
    return 0;
}

template <class Loss, class T>
void evaluate(const Loss& loss, const Call<T>& call) {
  Kernel<Loss, T>::evaluate(rounded_to<T>(loss), call);
}

}  // namespace assay

#define ASSAY_EVALUATE(name, T, Loss)                                \
  template std::size_t workspace_bytes(const Loss&, const Call<T>&); \
  template void evaluate(const Loss&, const Call<T>&);

#define ASSAY_KERNEL(Loss)                   \
  namespace assay {                          \
  ASSAY_FOR_EACH_DTYPE(ASSAY_EVALUATE, Loss) \
  }
