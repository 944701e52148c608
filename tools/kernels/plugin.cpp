// The kernels of losses/ as a plugin: the C ABI's own table, without a tensor of ours between.
#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "include/assay/testee.h"
#include "losses/call.hpp"
#include "losses/catalogue/catalogue.hpp"

namespace assay {
namespace {

void assign(double& member, const AssayParameter& value) { member = value.real; }
void assign(std::int64_t& member, const AssayParameter& value) { member = value.integer; }
void assign(bool& member, const AssayParameter& value) { member = value.integer != 0; }
void assign(std::string_view& member, const AssayParameter& value) { member = {value.text, value.length}; }
void assign(std::span<const double>& member, const AssayParameter& value) {
  member = {value.list, value.length};
}

/// As in kernel_testee.cpp: a struct without such a member may be too small for one.
template <class Loss, class Value>
void assign(Loss& loss, Value Loss::*member, const AssayParameter& value) {
  if constexpr (sizeof(Value) <= sizeof(Loss)) assign(loss.*member, value);
}

template <class Loss>
Loss bound(const AssayRequest& request) {
  Loss loss{};
  const std::span given(request.parameters, request.parameter_count);
  for (const Parameter<Loss>& each : parameters<Loss>) {
    const auto found = std::ranges::find(given, each.name, &AssayParameter::name);
    if (found != given.end()) std::visit([&](auto member) { assign(loss, member, *found); }, each.member);
  }
  return loss;
}

template <class Loss, class T>
void answered(const AssayRequest& request, Reduction reduction) {
  const Loss loss = bound<Loss>(request);
  const auto& inputs = facts<Loss>.inputs;
  const auto place_of = [&](std::string_view name) {
    return static_cast<std::size_t>(std::ranges::find(inputs, name, &Input::name) - inputs.begin());
  };
  Call<T> call;
  call.reduction = reduction;
  for (const AssayInput& each : std::span(request.inputs, request.input_count)) {
    if (std::strcmp(each.name, "cotangent") == 0) {
      call.cotangent = static_cast<const T*>(each.tensor->data);
      continue;
    }
    const std::size_t i = place_of(each.name);
    call.inputs[i].extent =
        inputs[i].axes.folded({each.tensor->shape, static_cast<std::size_t>(each.tensor->ndim)});
    if (each.tensor->dtype.code == kDLInt)
      call.inputs[i].integer = static_cast<const std::int64_t*>(each.tensor->data);
    else
      call.inputs[i].real = static_cast<const T*>(each.tensor->data);
  }
  for (const AssayOutput& each : std::span(request.outputs, request.output_count)) {
    T* const to = static_cast<T*>(each.tensor->data);
    if (std::strcmp(each.name, "value") == 0)
      call.value = to;
    else
      call.gradient[place_of(each.name)] = to;
  }
  static std::vector<double> workspace;  // one call at a time
  const std::size_t scratch = workspace_bytes(loss, call);
  workspace.resize(std::max(workspace.size(), (scratch + sizeof(double) - 1) / sizeof(double)));
  call.workspace = std::as_writable_bytes(std::span(workspace)).first(scratch);
  evaluate(loss, call);
}

using Kernel = void (*)(const AssayRequest&, Reduction);

const std::map<std::pair<std::string_view, std::string_view>, Kernel>& kernels() {
  static const auto all = [] {
    std::map<std::pair<std::string_view, std::string_view>, Kernel> table;
    for_each_loss([&]<class Loss>() {
      for (const Dtype dtype : dtypes)
        visit(dtype, [&]<class T>() {
          table.emplace(std::pair{facts<Loss>.name, name(dtype)}, answered<Loss, T>);
        });
    });
    return table;
  }();
  return all;
}

/// Every loss, whole.
const char* describe() {
  const auto listed = [](const auto& names) {
    std::string out;
    for (const std::string_view each : names)
      out.append(out.empty() ? "[\"" : ", \"").append(each).append("\"");
    return out + "]";
  };
  std::vector<std::string_view> reduced;
  for (const Reduction each : reductions) reduced.push_back(name(each));
  static std::string text;
  text.clear();
  for_each_loss([&]<class Loss>() {
    text.append(text.empty() ? "{\"" : ", \"").append(facts<Loss>.name);
    text += "\": {\"dtypes\": " + listed(dtype_names) + ", \"reductions\": " + listed(reduced) +
            ", \"gradient\": true}";
  });
  text = R"({"assay": 1, "implementation": {"name": "assay", "version": ")" ASSAY_VERSION
         R"(", "language": "c++"}, "losses": )" +
         text + "}}";
  return text.c_str();
}

std::int32_t answer(const AssayRequest* request) {
  const auto reduction = std::ranges::find_if(
      reductions, [&](Reduction each) { return name(each) == std::string_view(request->reduction); });
  kernels().at({request->loss, request->dtype})(*request, *reduction);
  return ASSAY_ANSWERED;
}

}  // namespace
}  // namespace assay

extern "C" const AssayTestee* assay_testee_v1() {
  static const AssayTestee table{sizeof table, assay::describe, assay::answer, nullptr};
  return &table;
}
