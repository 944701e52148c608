// The kit for adapters in C++17, over nlohmann/json: README.md. It speaks Assay's protocol on standard input
// and what was standard output when serve() was called; what is printed there goes to standard error.
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
#include <string>
#include <vector>

namespace assay_testee {
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "bit patterns are copied from the low end");
using Json = nlohmann::json;

template <typename Number>
struct Tensor {
  std::vector<std::size_t> shape;  ///< row-major; of a scalar it is empty
  std::vector<Number> data;
};

struct Skipped : std::string {};  ///< thrown where this machine cannot; all else that is thrown is an error

template <typename Real>
struct Request {
  std::map<std::string, Tensor<Real>> inputs;  ///< the cotangent among them, where the case has one
  std::map<std::string, Tensor<std::int64_t>> labels;
  Json parameters = Json::object();  ///< parameters.value("delta", 1.0)
  std::string reduction = "mean";
  std::vector<std::string> wrt;
};

template <typename Real>
struct Answer {
  Tensor<Real> value;
  std::map<std::string, Tensor<Real>> gradient;  ///< at least what `wrt` names
};

template <typename Number>
Tensor<Number> tensor_of(const Json& json) {
  if (json.contains("data")) return {json.at("shape"), json["data"]};  // labels and lengths
  Tensor<Number> out{json.at("shape"), {}};
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
  Testee(const std::string& name, const std::string& version) : version_(name + ' ' + version) {
    described_["implementation"] = {{"name", name}, {"version", version}, {"language", "c++"}};
    echo<float>(), echo<double>();
  }

  /// `f` answers a const Request<Real>& with an Answer<Real>, for each of Reals (float, double). The offer is
  /// the handshake's, without dtypes; "variant" in it names one of several implementations of the loss.
  template <typename... Reals, typename F>
  void loss(const std::string& name, Json offer, F f) {
    const std::string variant = offer.value("variant", "");
    offer["dtypes"] = {dtype<Reals>...};
    Json& offers = described_["losses"][name];
    (offer.erase("variant") ? offers["variants"][variant] : offers) = offer;
    ((answers_[name + dtype<Reals> + variant] = [f](const Json& j) { return answer<Reals>(j, f); }), ...);
  }

  /// The framework's own tensor between: what it does to a number there is seen before any loss is blamed.
  template <typename Real>
  void echo(Tensor<Real> through(const Tensor<Real>&) = [](const Tensor<Real>& tensor) { return tensor; }) {
    answers_[std::string("echo") + dtype<Real>] = [through](const Json& json) {
      return Json{{"echo", json_of(through(tensor_of<Real>(json["echo"])))}};
    };
  }

  /// What main returns. `--version` prints name and version.
  int serve(int argc, char** argv) const {
    if (argc > 1 && std::string(argv[1]) == "--version") return std::puts(version_.c_str()) < 0;
    std::FILE* out = fdopen(dup(STDOUT_FILENO), "w");
    if (!out || dup2(STDERR_FILENO, STDOUT_FILENO) < 0) return 1;
    std::ios::sync_with_stdio(false);
    for (std::string line; std::getline(std::cin, line);) {
      const Json request = Json::parse(line);
      if (request.contains("bye")) return 0;
      const Json said = request.contains("assay") ? described_ : reply(request);
      std::fprintf(out, "%s\n", said.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
      if (std::fflush(out) != 0) return 1;
    }
    return 0;
  }

 private:
  template <typename Real>
  static constexpr const char* dtype = sizeof(Real) == 4 ? "f32" : "f64";

  template <typename Real, typename F>
  static Json answer(const Json& json, const F& f) {
    Request<Real> request;
    request.parameters = json.value("parameters", request.parameters);
    request.reduction = json.value("reduction", request.reduction);
    request.wrt = json.value("wrt", request.wrt);
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
    Json out{{"id", request.at("id")}};
    try {
      const std::string what = request.contains("echo") ? "echo" : request.at("loss");
      out.update(answers_.at(what + request.value("dtype", "") + request.value("variant", ""))(request));
    } catch (const Skipped& why) {
      out["skipped"] = std::string(why);
    } catch (const std::exception& e) {
      out["error"] = e.what();
    }
    return out;
  }
  std::string version_;
  Json described_{{"assay", 1}, {"encoding", "bits"}, {"losses", Json::object()}};
  std::map<std::string, std::function<Json(const Json&)>> answers_;
};
}  // namespace assay_testee
