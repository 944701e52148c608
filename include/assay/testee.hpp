// A plain function under test, in one line (C++17): what <assay/testee.h> asks for, made from functions of
// the usual form.
//
//     void huber(const float* prediction, const float* target, size_t n, float delta, float* out);
//     void huber_gradient(const float* prediction, const float* target, size_t n, float delta, float* out);
//
//     ASSAY_TESTEE("mine", "1.0",
//                  assay::testee::function("huber", "none", huber, "prediction target count delta value"),
//                  assay::testee::function("huber", "none", huber_gradient,
//                                          "prediction target count delta gradient.prediction"))
//
// A function is given with its loss, its reduction (none, sum or mean) and what its arguments are, in order:
//
//     const T*       an input, by the catalogue's name ('assay losses LOSS'); NULL where the case has none.
//     Its
//                    numbers are compact. `cotangent` is the weight of each value, ones where the case has
//                    none
//     T*             `value`, or `gradient.INPUT`
//     a number       `count` (the numbers of the first input named), `rows` and `columns` (of its last axis),
//     or
//                    a parameter of the loss
//     const char*    a parameter that is a text
//
// T is float or double, which is the dtype, or int64_t for labels. What it returns is the value, where its
// type is T; a status, 0 being success, where that is int; else nothing. A gradient that takes no cotangent
// is multiplied by it here, row by row, as is right wherever rows do not depend on each other. `delta=1`
// among the names, which is no argument, says that the function knows that value of a parameter only. The
// same loss may be given several times: for another dtype, another reduction, or other outputs.
#ifndef ASSAY_TESTEE_HPP
#define ASSAY_TESTEE_HPP

#include <assay/testee.h>

#include <cstdio>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace assay::testee {

inline int64_t count(const DLTensor& tensor) {
  int64_t n = 1;
  for (int i = 0; i < tensor.ndim; ++i) n *= tensor.shape[i];
  return n;
}

template <class T>
constexpr const char* dtype_name() {
  if (std::is_same_v<T, float>) return "f32";
  if (std::is_same_v<T, double>) return "f64";
  return "";
}

/// One call: a request, and room for what the function needs and the request does not have.
class Call {
 public:
  Call(const AssayRequest& request, const std::string& first) : request_(request), first_(first) {}

  const DLTensor* input(const std::string& name) const {
    for (size_t i = 0; i < request_.input_count; ++i)
      if (name == request_.inputs[i].name) return request_.inputs[i].tensor;
    return nullptr;
  }
  const DLTensor* output(const std::string& name) const {
    for (size_t i = 0; i < request_.output_count; ++i)
      if (name == request_.outputs[i].name) return request_.outputs[i].tensor;
    return nullptr;
  }

  template <class A>
  A argument(const std::string& name) {
    if constexpr (std::is_same_v<A, const char*>) {
      return parameter(name).text;
    } else if constexpr (std::is_pointer_v<A> && std::is_const_v<std::remove_pointer_t<A>>) {
      using T = std::remove_const_t<std::remove_pointer_t<A>>;
      const DLTensor* given = input(name);
      if (given) return static_cast<A>(given->data);
      if (name != "cotangent") return nullptr;
      return room(static_cast<size_t>(count(*output("value"))), T(1));
    } else if constexpr (std::is_pointer_v<A>) {
      const std::string of = name == "value" ? name : name.substr(std::strlen("gradient."));
      if (const DLTensor* wanted = output(of)) return static_cast<A>(wanted->data);
      const DLTensor* like = input(of);  // it computes more than is asked for
      return room(static_cast<size_t>(like ? count(*like) : 1), std::remove_pointer_t<A>());
    } else if (name == "count" || name == "rows" || name == "columns") {
      const DLTensor& t = *input(first_);
      const int64_t all = count(t), columns = t.ndim > 0 ? t.shape[t.ndim - 1] : 1;
      int64_t rows = 1;
      for (int i = 0; i + 1 < t.ndim; ++i) rows *= t.shape[i];
      return static_cast<A>(name == "count" ? all : name == "rows" ? rows : columns);
    } else {
      const AssayParameter& given = parameter(name);
      return given.kind == ASSAY_REAL ? static_cast<A>(given.real) : static_cast<A>(given.integer);
    }
  }

 private:
  const AssayParameter& parameter(const std::string& name) const {
    for (size_t i = 0; i < request_.parameter_count; ++i)
      if (name == request_.parameters[i].name) return request_.parameters[i];
    throw std::runtime_error(std::string(request_.loss) + " has no parameter " + name);
  }
  template <class T>
  T* room(size_t n, T filled) {
    rooms_.emplace_back((n + 1) * sizeof(T) / sizeof(double) + 1);
    T* const first = reinterpret_cast<T*>(rooms_.back().data());
    for (size_t i = 0; i < n; ++i) first[i] = filled;
    return first;
  }

  const AssayRequest& request_;
  const std::string& first_;
  std::deque<std::vector<double>> rooms_;
};

/// A function that is part of a testee.
struct Function {
  std::string loss, dtype, reduction;
  std::vector<std::string> inputs, outputs, parameters;  ///< that are arguments
  std::map<std::string, std::string> fixed;              ///< parameters that are none
  std::function<int32_t(const AssayRequest&)> run;

  bool takes(const char* input) const {
    for (const std::string& each : inputs)
      if (each == input) return true;
    return false;
  }
};

/// gradient *= cotangent, of a function that knows none. What weighs 0 counts as nothing, NaN or not.
template <class T>
void weigh(const DLTensor& gradient, const DLTensor& cotangent) {
  const int64_t rows = count(cotangent), all = count(gradient);
  T* const g = static_cast<T*>(gradient.data);
  const T* const c = static_cast<const T*>(cotangent.data);
  for (int64_t i = 0; i < all; ++i) {
    const T weight = c[i / (all / rows)];
    g[i] = weight == 0 ? T(0) : g[i] * weight;
  }
}

template <class R, class... A, size_t... I>
Function function(std::string loss, std::string reduction, R (*f)(A...), const std::string& names,
                  std::index_sequence<I...>) {
  Function out;
  out.loss = std::move(loss);
  out.reduction = std::move(reduction);
  std::vector<std::string> arguments;
  std::istringstream words(names);
  for (std::string word; words >> word;) {
    const size_t equals = word.find('=');
    if (equals == std::string::npos)
      arguments.push_back(word);
    else
      out.fixed[word.substr(0, equals)] = word.substr(equals + 1);
  }
  if (arguments.size() != sizeof...(A))
    throw std::invalid_argument(out.loss + ": the function has " + std::to_string(sizeof...(A)) +
                                " arguments, its names are " + std::to_string(arguments.size()));
  if constexpr (std::is_floating_point_v<R>) {
    out.outputs.emplace_back("value");
    out.dtype = dtype_name<R>();
  }
  const auto sort = [&](const std::string& name, bool pointer, bool constant, bool text, const char* dtype) {
    if (pointer && *dtype != '\0') out.dtype = dtype;
    if (pointer && !text)
      (constant ? out.inputs : out.outputs).push_back(name);
    else if (name != "count" && name != "rows" && name != "columns")
      out.parameters.push_back(name);
  };
  (sort(arguments[I], std::is_pointer_v<A>, std::is_const_v<std::remove_pointer_t<A>>,
        std::is_same_v<A, const char*>, dtype_name<std::remove_const_t<std::remove_pointer_t<A>>>()),
   ...);
  out.run = [f, arguments, first = out.inputs.empty() ? std::string() : out.inputs.front()](
                const AssayRequest& request) -> int32_t {
    Call call(request, first);
    std::tuple<A...> given{call.argument<A>(arguments[I])...};
    if constexpr (std::is_floating_point_v<R>)
      *static_cast<R*>(call.output("value")->data) = std::apply(f, given);
    else if constexpr (std::is_same_v<R, int>)
      return std::apply(f, given);
    else
      std::apply(f, given);
    return 0;
  };
  return out;
}

template <class R, class... A>
Function function(std::string loss, std::string reduction, R (*f)(A...), const std::string& names) {
  return function(std::move(loss), std::move(reduction), f, names, std::index_sequence_for<A...>());
}

/// What ASSAY_TESTEE serves.
class Suite {
 public:
  template <class... Functions>
  Suite(const std::string& name, const std::string& version, Functions... functions)
      : functions_{std::move(functions)...}, description_(described(name, version)) {}

  const char* description() const { return description_.c_str(); }

  int32_t answer(const AssayRequest& request) const noexcept try {
    std::vector<bool> written(request.output_count);
    for (const Function& each : functions_) {
      if (each.loss != request.loss || each.dtype != request.dtype || each.reduction != request.reduction)
        continue;
      bool wanted = false;
      for (size_t i = 0; i < request.output_count; ++i)
        if (writes(each, request.outputs[i].name) && !written[i]) written[i] = wanted = true;
      if (!wanted) continue;
      if (const int32_t status = each.run(request))
        return say(request, each.loss + " returned " + std::to_string(status));
      if (each.takes("cotangent")) continue;
      for (size_t i = 0; i < request.input_count; ++i)
        if (std::strcmp(request.inputs[i].name, "cotangent") == 0)
          for (size_t k = 1; k < request.output_count; ++k)
            if (writes(each, request.outputs[k].name) && count(*request.outputs[k].tensor) > 0)
              each.dtype == "f32" ? weigh<float>(*request.outputs[k].tensor, *request.inputs[i].tensor)
                                  : weigh<double>(*request.outputs[k].tensor, *request.inputs[i].tensor);
    }
    for (size_t i = 0; i < written.size(); ++i)
      if (!written[i]) return say(request, std::string("no function writes ") + request.outputs[i].name);
    return ASSAY_ANSWERED;
  } catch (const std::exception& e) {
    return say(request, e.what());
  }

 private:
  static bool writes(const Function& f, const std::string& name) {
    for (const std::string& each : f.outputs)
      if (each == name || each == "gradient." + name) return true;
    return false;
  }
  static int32_t say(const AssayRequest& request, const std::string& text) {
    std::snprintf(request.message, request.message_size, "%s", text.c_str());
    return ASSAY_ERROR;
  }
  std::string described(const std::string& name, const std::string& version) const;

  std::vector<Function> functions_;
  std::string description_;
};

/// A list of JSON's, of values as they are.
inline void add(std::string& list, const std::string& value) {
  if (list.find(value) == std::string::npos) list += (list.empty() ? "" : ", ") + value;
}

/// What all functions of a loss, dtype and reduction have in common is what its offer says.
inline std::string Suite::described(const std::string& name, const std::string& version) const {
  std::map<std::string, std::map<std::string, std::string>> losses;  // loss, field, list
  std::map<std::string, std::map<std::string, std::string>> fixed;   // loss, parameter, list
  for (const Function& each : functions_) {
    auto& offer = losses[each.loss];
    add(offer["dtypes"], '"' + each.dtype + '"');
    add(offer["reductions"], '"' + each.reduction + '"');
    for (const std::string& input : each.inputs)
      if (input != "cotangent") add(offer["inputs"], '"' + input + '"');
    offer["gradient"];
    for (const std::string& output : each.outputs)
      if (output != "value") add(offer["gradient"], '"' + output.substr(std::strlen("gradient.")) + '"');
    for (const auto& [parameter, value] : each.fixed) add(fixed[each.loss][parameter], value);
  }
  std::string out;
  for (const auto& [loss, offer] : losses) {
    out += (out.empty() ? "\"" : ", \"") + loss + "\": {";
    for (const auto& [field, list] : offer) out += '"' + field + "\": [" + list + "], ";
    std::string parameters;
    for (const auto& [parameter, list] : fixed[loss])
      parameters += (parameters.empty() ? "\"" : ", \"") + parameter + "\": [" + list + "]";
    out += "\"parameters\": {" + parameters + "}}";
  }
  return R"({"assay": 1, "implementation": {"name": ")" + name + R"(", "version": ")" + version +
         R"(", "language": "c++"}, "losses": {)" + out + "}}";
}

}  // namespace assay::testee

/// Defines assay_testee_v1: ASSAY_TESTEE(name, version, function, ...), once in a library.
#define ASSAY_TESTEE(...)                                                                            \
  const AssayTestee* assay_testee_v1(void) {                                                         \
    static const ::assay::testee::Suite suite(__VA_ARGS__);                                          \
    static const AssayTestee table{sizeof(AssayTestee), [] { return suite.description(); },          \
                                   [](const AssayRequest* r) { return suite.answer(*r); }, nullptr}; \
    return &table;                                                                                   \
  }

#endif
