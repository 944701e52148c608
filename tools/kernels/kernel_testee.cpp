// Named tensors and parameters bound to the typed call, the same way for every loss.
#include "tools/kernels/kernel_testee.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <type_traits>

#include "losses/call.hpp"
#include "losses/catalogue/catalogue.hpp"
#include "tools/testees/handshake.hpp"
#include "tools/testees/in_process_testee.hpp"

namespace assay {
namespace {

void assign(double& member, const ParameterValue& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value))
    member = static_cast<double>(*whole);
  else
    member = std::get<double>(value);
}
void assign(std::int64_t& member, const ParameterValue& value) {
  if (const auto* real = std::get_if<double>(&value))
    member = static_cast<std::int64_t>(*real);
  else
    member = std::get<std::int64_t>(value);
}
void assign(bool& member, const ParameterValue& value) { member = std::get<bool>(value); }
void assign(std::string_view& member, const ParameterValue& value) { member = std::get<std::string>(value); }
void assign(std::span<const double>& member, const ParameterValue& value) {
  member = std::get<std::vector<double>>(value);
}

/// A struct without such a member may be too small for one; the
/// compiler is not to wonder about writing it there.
template <class Loss, class Value>
void assign(Loss& loss, Value Loss::*member, const ParameterValue& value) {
  if constexpr (sizeof(Value) <= sizeof(Loss)) assign(loss.*member, value);
}

/// The struct with the case's parameters; texts and lists are views into the case.
template <class Loss>
Loss bound(const Case& c) {
  Loss loss{};
  for (const Parameter<Loss>& each : parameters<Loss>)
    if (const auto given = c.parameters.find(std::string(each.name)); given != c.parameters.end())
      std::visit([&](auto member) { assign(loss, member, given->second); }, each.member);
  return loss;
}

/// Room for n numbers, never without an address: null means "not given" in a call.
template <class T>
std::vector<T> room(std::size_t n) {
  return std::vector<T>(std::max<std::size_t>(n, 1), std::numeric_limits<T>::quiet_NaN());
}

template <class T>
std::vector<T> converted(const std::vector<double>& numbers) {
  std::vector<T> out = room<T>(numbers.size());
  std::transform(numbers.begin(), numbers.end(), out.begin(), [](double x) { return static_cast<T>(x); });
  return out;
}

template <class T>
Tensor tensor(std::vector<std::int64_t> shape, const std::vector<T>& numbers) {
  Tensor out;
  out.real.assign(numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(product(shape)));
  out.shape = std::move(shape);
  return out;
}

/// The case must be valid and complete.
template <class Loss, class T>
Answer evaluated(const Case& c) {
  static constexpr std::int64_t no_integer = 0;
  const Loss loss = bound<Loss>(c);
  const auto& inputs = facts<Loss>.inputs;
  Call<T> call;
  call.reduction = c.reduction;
  std::array<std::vector<T>, max_inputs> real, gradient;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto given = c.inputs.find(std::string(inputs[i].name));
    if (given == c.inputs.end()) continue;
    const Tensor& input = given->second;
    call.inputs[i].extent = extents(c, inputs[i]);
    if (input.is_integer) {
      call.inputs[i].integer = input.integer.empty() ? &no_integer : input.integer.data();
    } else {
      real[i] = converted<T>(input.real);
      call.inputs[i].real = real[i].data();
    }
    if (std::find(c.wrt.begin(), c.wrt.end(), inputs[i].name) != c.wrt.end()) {
      gradient[i] = room<T>(input.size());
      call.gradient[i] = gradient[i].data();
    }
  }
  std::vector<T> cotangent;
  if (const auto given = c.inputs.find("cotangent"); given != c.inputs.end()) {
    cotangent = converted<T>(given->second.real);
    call.cotangent = cotangent.data();
  }
  const std::vector<std::int64_t> shape = value_shape(c);
  std::vector<T> value = room<T>(static_cast<std::size_t>(product(shape)));
  call.value = value.data();
  const std::size_t scratch = workspace_bytes(loss, call);
  std::vector<double> workspace((scratch + sizeof(double) - 1) / sizeof(double));
  call.workspace = std::as_writable_bytes(std::span(workspace)).first(scratch);

  evaluate(loss, call);

  Answer answer;
  answer.value = tensor(shape, value);
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (call.gradient[i]) {
      const std::string name(inputs[i].name);
      answer.gradient.emplace(name, tensor(c.inputs.at(name).shape, gradient[i]));
    }
  return answer;
}

using Kernel = Answer (*)(const Case&);

const std::map<std::pair<std::string_view, Dtype>, Kernel>& kernels() {
  static const std::map<std::pair<std::string_view, Dtype>, Kernel> all = [] {
    std::map<std::pair<std::string_view, Dtype>, Kernel> table;
    for_each_loss([&]<class Loss>() {
      for (const Dtype dtype : dtypes)
        visit(dtype, [&]<class T>() {
          table.emplace(std::pair{facts<Loss>.name, dtype}, evaluated<Loss, T>);
        });
    });
    return table;
  }();
  return all;
}

}  // namespace

Answer kernel_answer(const Case& c) {
  if (const auto why = why_invalid(c)) return Answer::error(*why);
  return kernels().at({c.loss, c.dtype})(complete(c));
}

std::unique_ptr<Testee> kernel_testee() {
  Handshake handshake = everything({"assay", ASSAY_VERSION, "c++"});
  handshake.snippets = true;
  return in_process_testee(std::move(handshake), kernel_answer, kernel_snippet);
}

}  // namespace assay
