// An adapter in C++17 is a table of functions over this header and nlohmann/json; README.md beside it has
// one. It speaks Assay's protocol on standard input and what was standard output when serve() was called:
// whatever the framework prints there goes to standard error. Numbers travel as bit patterns; none is
// rounded.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace assay_testee {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "bit patterns are copied from the low end");

using Json = nlohmann::json;

/// Row-major; a scalar has no axes and one number.
template <typename Number>
struct Tensor {
  std::vector<std::size_t> shape;
  std::vector<Number> data;
};

/// What a function throws that cannot answer a case through no fault of its own; all else that is thrown is
/// an error.
struct Skipped : std::string {};

template <typename Real>
struct Request {
  std::map<std::string, Tensor<Real>> inputs;  ///< the cotangent among them, where the case has one
  std::map<std::string, Tensor<std::int64_t>> labels;
  Json parameters;  ///< parameters.value("delta", 1.0)
  std::string reduction;
  std::vector<std::string> wrt;
};

template <typename Real>
struct Answer {
  Tensor<Real> value;
  std::map<std::string, Tensor<Real>> gradient;  ///< at least what `wrt` names
};

template <typename Number>
Tensor<Number> tensor_of(const Json& json) {
  Tensor<Number> out{json.at("shape"), {}};
  if (json.contains("data")) return {out.shape, json["data"]};  // labels and lengths
  const char* at = json.at("bits").get_ref<const std::string&>().c_str();
  for (char* end = nullptr; *at != '\0'; at = end) {
    const std::uint64_t bits = std::strtoull(at, &end, 16);
    std::memcpy(&out.data.emplace_back(), &bits, sizeof(Number));
  }
  return out;
}

template <typename Real>
Json json_of(const Tensor<Real>& tensor) {
  std::string out;
  for (const Real number : tensor.data) {
    unsigned long long bits = 0;
    char word[20];
    std::memcpy(&bits, &number, sizeof number);
    std::snprintf(word, sizeof word, " %0*llx", static_cast<int>(2 * sizeof number), bits);
    out += out.empty() ? word + 1 : word;
  }
  return {{"shape", tensor.shape}, {"bits", out}};
}

class Testee {
 public:
  Testee(const std::string& name, const std::string& version) : name_(name), version_(version) {
    echo<float>([](const auto& tensor) { return tensor; });
    echo<double>([](const auto& tensor) { return tensor; });
  }

  /// `f` answers a const Request<Real>& with an Answer<Real>, for each of Reals (float, double). The offer is
  /// the protocol's, without its dtypes; "variant" in it names one of several implementations of the loss.
  template <typename... Reals, typename F>
  void loss(const std::string& name, Json offer, F f) {
    const std::string variant = offer.value("variant", "");
    offer["dtypes"] = {dtype<Reals>...};
    (offer.erase("variant") ? offers_[name]["variants"][variant] : offers_[name]) = offer;
    ((functions_[name + dtype<Reals> + variant] = [f](const Json& json) { return answer<Reals>(json, f); }),
     ...);
  }

  /// The framework's own tensor between: what it does to a number there is seen before any loss is blamed.
  template <typename Real>
  void echo(std::function<Tensor<Real>(const Tensor<Real>&)> through) {
    functions_[std::string("echo") + dtype<Real>] = [through](const Json& json) {
      return Json{{"echo", json_of(through(tensor_of<Real>(json["echo"])))}};
    };
  }

  /// What main returns. `--version` prints name and version.
  int serve(int argc, char** argv) {
    if (argc > 1 && std::string(argv[1]) == "--version")
      return std::printf("%s %s\n", name_.c_str(), version_.c_str()) > 0 ? 0 : 1;
    std::FILE* out = fdopen(dup(STDOUT_FILENO), "w");
    if (!out || dup2(STDERR_FILENO, STDOUT_FILENO) < 0) return 1;
    std::ios::sync_with_stdio(false);
    for (std::string line; std::getline(std::cin, line);) {
      const Json request = Json::parse(line);
      if (request.contains("bye")) return 0;
      const std::string text = reply(request).dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
      std::fwrite(text.data(), 1, text.size(), out);
      if (std::fflush(out) != 0) return 1;
    }
    return 0;
  }

 private:
  template <typename Real>
  static constexpr const char* dtype = sizeof(Real) == 4 ? "f32" : "f64";

  template <typename Real, typename F>
  static Json answer(const Json& json, const F& f) {
    Request<Real> request{{}, {}, json.at("parameters"), json.at("reduction"), json.at("wrt")};
    for (const auto& [name, tensor] : json.at("inputs").items())
      if (tensor.contains("data"))
        request.labels[name] = tensor_of<std::int64_t>(tensor);
      else
        request.inputs[name] = tensor_of<Real>(tensor);
    const Answer<Real> answer = f(static_cast<const Request<Real>&>(request));
    Json out{{"value", json_of(answer.value)}, {"gradient", Json::object()}};
    for (const std::string& name : request.wrt) out["gradient"][name] = json_of(answer.gradient.at(name));
    return out;
  }

  Json reply(const Json& request) const {
    if (request.contains("assay"))
      return {{"assay", 1},
              {"implementation", {{"name", name_}, {"version", version_}, {"language", "c++"}}},
              {"losses", offers_},
              {"encoding", "bits"}};
    Json out{{"id", request.at("id")}};
    try {
      const std::string what = request.contains("echo") ? "echo" : request.at("loss");
      const std::string key = what + request.value("dtype", "") + request.value("variant", "");
      out.update(functions_.at(key)(request));
    } catch (const Skipped& why) {
      out["skipped"] = std::string(why);
    } catch (const std::exception& e) {
      out["error"] = e.what();
    }
    return out;
  }

  std::string name_, version_;
  Json offers_ = Json::object();
  std::map<std::string, std::function<Json(const Json&)>> functions_;
};

}  // namespace assay_testee
