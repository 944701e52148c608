// oneDNN, as bench/compare measures it; conversation.hpp says how it asks. oneDNN has no losses but what they
// are made of: each is the shortest chain of its primitives that gives the value, and where there is one the
// gradient. Made once, run many times, in f32, which is all that it computes in.
#include <cstddef>
#include <cstdint>
#include <dnnl.hpp>
#include <fstream>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "bench/conversation.hpp"

namespace assay::bench {
namespace {

using dnnl::algorithm;
using dnnl::memory;
using dnnl::prop_kind;

void read(const std::string& path, void* to, std::size_t bytes) {
  std::ifstream file(path, std::ios::binary);
  if (!file.read(static_cast<char*>(to), static_cast<std::streamsize>(bytes)))
    throw std::runtime_error("cannot read " + path);
}

class Chain {
 public:
  explicit Chain(const Request& request) {
    for (const NamedTensor& each : request.tensors) {
      const std::string path = request.folder + "/" + each.name;
      if (each.integer) {
        labels_.resize(static_cast<std::size_t>(each.shape.at(0)));
        read(path, labels_.data(), labels_.size() * sizeof(std::int64_t));
      } else {
        memory m =
            each.shape.size() == 1 ? matrix(1, each.shape[0]) : matrix(each.shape.at(0), each.shape.at(1));
        read(path, m.get_data_handle(), m.get_desc().get_size());
        inputs_.emplace(each.name, m);
      }
    }
    build(request.loss);
  }

  [[nodiscard]] bool offers(bool gradient) const { return static_cast<bool>(gradient ? slope_ : value_); }
  void run(bool gradient) {
    for (const auto& step : value_steps_) step();
    if (gradient)
      for (const auto& step : gradient_steps_) step();
    stream_.wait();
    if (finish_) finish_();
  }
  [[nodiscard]] double value() const { return sign_ * static_cast<double>(numbers(value_)[0]); }
  [[nodiscard]] double slope() const { return offers(true) ? static_cast<double>(numbers(slope_)[0]) : 0; }

 private:
  using Steps = std::vector<std::function<void()>>;

  static float* numbers(const memory& m) { return static_cast<float*>(m.get_data_handle()); }
  memory matrix(memory::dim rows, memory::dim columns) {
    return {{{rows, columns}, memory::data_type::f32, memory::format_tag::ab}, engine_};
  }
  memory like(const memory& m) { return {m.get_desc(), engine_}; }

  void add(Steps& steps, const dnnl::primitive& primitive, const std::unordered_map<int, memory>& arguments) {
    steps.push_back([=, this] { primitive.execute(stream_, arguments); });
  }

  /// An element-wise operation that follows another one in the same pass.
  static dnnl::primitive_attr then(algorithm what, float alpha = 0, float beta = 0) {
    dnnl::post_ops after;
    after.append_eltwise(1, what, alpha, beta);
    dnnl::primitive_attr attributes;
    attributes.set_post_ops(after);
    return attributes;
  }
  memory binary(Steps& steps, algorithm what, const memory& a, const memory& b,
                const dnnl::primitive_attr& attributes = {}) {
    const memory out = like(a);
    const dnnl::binary::desc desc(what, a.get_desc(), b.get_desc(), out.get_desc());
    add(steps, dnnl::binary({desc, attributes, engine_}),
        {{DNNL_ARG_SRC_0, a}, {DNNL_ARG_SRC_1, b}, {DNNL_ARG_DST, out}});
    return out;
  }
  /// Nothing follows in the same pass: an element-wise operation with another one behind it runs fifty times
  /// slower.
  memory element_wise(Steps& steps, algorithm what, const memory& a, float alpha = 0) {
    const memory out = like(a);
    const dnnl::eltwise_forward::desc desc(prop_kind::forward_training, what, a.get_desc(), alpha, 0);
    add(steps, dnnl::eltwise_forward({desc, engine_}), {{DNNL_ARG_SRC, a}, {DNNL_ARG_DST, out}});
    return out;
  }
  memory reduce(Steps& steps, algorithm what, const memory& a) {
    const memory out = matrix(1, 1);
    const dnnl::reduction::desc desc(what, a.get_desc(), out.get_desc(), 0, 0);
    add(steps, dnnl::reduction({desc, engine_}), {{DNNL_ARG_SRC, a}, {DNNL_ARG_DST, out}});
    return out;
  }
  /// The rows' softmax or its logarithm, and the step back from `cotangent` to the slope.
  memory softmax(algorithm what, const memory& x) {
    const memory out = like(x);
    const dnnl::softmax_v2_forward::desc desc(prop_kind::forward_training, what, x.get_desc(), out.get_desc(),
                                              1);
    softmax_ = {desc, engine_};
    add(value_steps_, dnnl::softmax_v2_forward(softmax_), {{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, out}});
    return out;
  }
  void softmax_back(algorithm what, const memory& out, const memory& cotangent) {
    slope_ = like(out);
    const dnnl::softmax_v2_backward::desc desc(what, slope_.get_desc(), cotangent.get_desc(), out.get_desc(),
                                               1);
    add(gradient_steps_, dnnl::softmax_v2_backward({desc, engine_, softmax_}),
        {{DNNL_ARG_DST, out}, {DNNL_ARG_DIFF_DST, cotangent}, {DNNL_ARG_DIFF_SRC, slope_}});
  }

  void build(const std::string& loss) {
    if (loss == "mse" || loss == "mae") {
      const memory &x = inputs_.at("prediction"), &t = inputs_.at("target");
      const algorithm form = loss == "mse" ? algorithm::eltwise_square : algorithm::eltwise_abs;
      value_ = reduce(value_steps_, algorithm::reduction_mean,
                      binary(value_steps_, algorithm::binary_sub, x, t, then(form)));
      if (loss == "mse")
        slope_ = binary(gradient_steps_, algorithm::binary_sub, x, t,
                        then(algorithm::eltwise_linear, 2 / count(x)));
    } else if (loss == "binary_cross_entropy_with_logits") {
      // softplus(x) - t x, whose slope is sigmoid(x) - t
      const memory &x = inputs_.at("logits"), &t = inputs_.at("target");
      const memory softplus = element_wise(value_steps_, algorithm::eltwise_soft_relu, x, 1);
      const memory product = binary(value_steps_, algorithm::binary_mul, x, t);
      value_ = reduce(value_steps_, algorithm::reduction_mean,
                      binary(value_steps_, algorithm::binary_sub, softplus, product));
      const memory sigmoid = element_wise(gradient_steps_, algorithm::eltwise_logistic, x);
      slope_ = binary(gradient_steps_, algorithm::binary_sub, sigmoid, t,
                      then(algorithm::eltwise_linear, 1 / count(x)));
    } else if (loss == "sigmoid") {
      const memory& x = inputs_.at("x");
      value_ = element_wise(value_steps_, algorithm::eltwise_logistic, x);
      slope_ = like(x);
      const algorithm back = algorithm::eltwise_logistic_use_dst_for_bwd;
      const dnnl::eltwise_forward::primitive_desc hint(
          {prop_kind::forward_training, back, x.get_desc(), 0, 0}, engine_);
      const dnnl::eltwise_backward::desc desc(back, slope_.get_desc(), value_.get_desc(), 0, 0);
      add(gradient_steps_, dnnl::eltwise_backward({desc, engine_, hint}),
          {{DNNL_ARG_DST, value_},
           {DNNL_ARG_DIFF_DST, inputs_.at("cotangent")},
           {DNNL_ARG_DIFF_SRC, slope_}});
    } else if (loss == "softmax") {
      value_ = softmax(algorithm::softmax_accurate, inputs_.at("x"));
      softmax_back(algorithm::softmax_accurate, value_, inputs_.at("cotangent"));
    } else if (loss == "sparse_categorical_cross_entropy_with_logits") {
      const memory& x = inputs_.at("logits");
      const memory logs = softmax(algorithm::softmax_log, x);
      const auto columns = static_cast<std::size_t>(x.get_desc().dims()[1]);
      value_ = matrix(1, 1);
      finish_ = [=, this] {
        double sum = 0;
        for (std::size_t i = 0; i < labels_.size(); ++i)
          sum -= static_cast<double>(numbers(logs)[i * columns + static_cast<std::size_t>(labels_[i])]);
        numbers(value_)[0] = static_cast<float>(sum / static_cast<double>(labels_.size()));
      };
      // Filled once, which a trainer, whose labels change, could not.
      const memory cotangent = like(x);
      for (std::size_t i = 0; i < labels_.size() * columns; ++i) numbers(cotangent)[i] = 0;
      for (std::size_t i = 0; i < labels_.size(); ++i)
        numbers(cotangent)[i * columns + static_cast<std::size_t>(labels_[i])] =
            -1 / static_cast<float>(labels_.size());
      softmax_back(algorithm::softmax_log, logs, cotangent);
    } else if (loss == "categorical_cross_entropy_with_logits") {
      const memory &x = inputs_.at("logits"), &t = inputs_.at("target");
      const memory logs = softmax(algorithm::softmax_log, x);
      value_ = reduce(value_steps_, algorithm::reduction_sum,
                      binary(value_steps_, algorithm::binary_mul, logs, t));
      const float weight = -1 / static_cast<float>(x.get_desc().dims()[0]);
      sign_ = static_cast<double>(weight);
      softmax_back(algorithm::softmax_log, logs,
                   element_wise(gradient_steps_, algorithm::eltwise_linear, t, weight));
    }
  }

  static float count(const memory& m) {
    return static_cast<float>(m.get_desc().get_size()) / static_cast<float>(sizeof(float));
  }

  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  std::unordered_map<std::string, memory> inputs_;
  std::vector<std::int64_t> labels_;
  dnnl::softmax_v2_forward::primitive_desc softmax_;
  memory value_, slope_;
  double sign_ = 1;  ///< what the value is still multiplied with
  Steps value_steps_, gradient_steps_;
  std::function<void()> finish_;
};

std::string instruction_set() {
  switch (dnnl::get_effective_cpu_isa()) {
    case dnnl::cpu_isa::sse41:
      return "SSE4.1";
    case dnnl::cpu_isa::avx:
      return "AVX";
    case dnnl::cpu_isa::avx2:
    case dnnl::cpu_isa::avx2_vnni:
      return "AVX2";
    default:
      return "AVX-512";
  }
}

class Worker {
 public:
  Answer operator()(const Request& request) {
    if (request.verb == "introduce") {
      const dnnl_version_t& v = *dnnl::version();
      return {.texts = {{"name", "oneDNN"},
                        {"version", std::to_string(v.major) + "." + std::to_string(v.minor) + "." +
                                        std::to_string(v.patch)},
                        {"instruction_set", instruction_set()}}};
    }
    if (request.verb == "load") {
      chain_.reset();
      if (request.dtype != "f32") return {.skipped = "oneDNN computes in f32"};
      chain_ = std::make_unique<Chain>(request);
      if (!chain_->offers(false)) return {.skipped = "oneDNN has nothing for " + request.loss};
      return {.numbers = {{"offers_gradient", chain_->offers(true) ? 1 : 0}}};
    }
    if (request.verb != "time") throw std::invalid_argument("no such request: " + request.verb);
    if (!chain_) throw std::logic_error("nothing is loaded");
    if (!chain_->offers(request.gradient)) return {.skipped = "oneDNN has no gradient of it"};
    const double seconds = seconds_of(request, [&] { chain_->run(request.gradient); });
    return {.numbers = {{"seconds", seconds}, {"value", chain_->value()}, {"slope", chain_->slope()}}};
  }

 private:
  std::unique_ptr<Chain> chain_;
};

}  // namespace
}  // namespace assay::bench

int main() {
  assay::bench::Worker worker;
  return assay::bench::converse([&](const assay::bench::Request& request) { return worker(request); });
}
