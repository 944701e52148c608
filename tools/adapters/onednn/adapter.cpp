// oneDNN as a testee: its primitives of one tensor, forward and backward, on the CPU engine. What is offered,
// and through which primitive, main() says; README.md gives the reasons.
#include <algorithm>
#include <dnnl.hpp>

#include "assay_testee.hpp"

namespace {

using assay_testee::Answer;
using assay_testee::Json;
using assay_testee::Request;
using assay_testee::Tensor;

using Floats = std::vector<float>;
using Memory = dnnl::memory;

dnnl::engine& engine() {
  static dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
  return cpu;
}

Memory::desc described(const Memory::dims& dims) {
  return {dims, Memory::data_type::f32, dims.size() == 1 ? Memory::format_tag::a : Memory::format_tag::ab};
}

Memory memory_of(const Memory::desc& desc, const Floats& numbers = {}) {
  Memory memory(desc, engine());
  if (!numbers.empty())
    std::copy(numbers.begin(), numbers.end(), static_cast<float*>(memory.get_data_handle()));
  return memory;
}

Floats numbers_of(const Memory& memory) {
  const auto* first = static_cast<const float*>(memory.get_data_handle());
  return {first, first + memory.get_desc().get_size() / sizeof(float)};
}

void execute(const dnnl::primitive& primitive, const std::unordered_map<int, Memory>& arguments) {
  dnnl::stream stream(engine());
  primitive.execute(stream, arguments);
  stream.wait();
}

/// The reduction primitive over all of a tensor.
float reduced(dnnl::algorithm how, const Memory& value) {
  if (value.get_desc().get_size() == sizeof(float))
    return numbers_of(value)[0];  // refused: nothing to reduce
  Memory out = memory_of(described(Memory::dims(value.get_desc().dims().size(), 1)));
  execute(dnnl::reduction({{how, value.get_desc(), out.get_desc(), 0, 0}, engine()}),
          {{DNNL_ARG_SRC, value}, {DNNL_ARG_DST, out}});
  return numbers_of(out)[0];
}

/// `forward(x, y)` and `backward(x, y, dy, dx)` run a primitive. Under `sum` and `mean` its output goes
/// through the reduction primitive, which has no backward of its own: each number's cotangent is that of the
/// sum, or its share.
template <typename Forward, typename Backward>
Answer<float> answered(const Request<float>& request, const Memory::desc& desc, const Forward& forward,
                       const Backward& backward) {
  const Tensor<float>& x = request.inputs.at("x");
  const Memory source = memory_of(desc, x.data), value = memory_of(desc);
  forward(source, value);
  Answer<float> out{{x.shape, numbers_of(value)}, {}};
  const std::size_t count = x.data.size();
  const bool none = request.reduction == "none", mean = request.reduction == "mean";
  if (!none)
    out.value = {{},
                 {reduced(mean ? dnnl::algorithm::reduction_mean : dnnl::algorithm::reduction_sum, value)}};
  if (request.wrt.empty()) return out;
  const auto given = request.inputs.find("cotangent");
  Floats cotangent = given == request.inputs.end() ? Floats(none ? count : 1, 1.0f) : given->second.data;
  if (!none) cotangent.assign(count, mean ? cotangent[0] / static_cast<float>(count) : cotangent[0]);
  const Memory slope = memory_of(desc, cotangent), gradient = memory_of(desc);
  backward(source, value, slope, gradient);
  out.gradient["x"] = {x.shape, numbers_of(gradient)};
  return out;
}

auto eltwise(dnnl::algorithm algorithm) {
  return [=](const Request<float>& request) {
    const Memory::desc desc = described({static_cast<Memory::dim>(request.inputs.at("x").data.size())});
    const dnnl::eltwise_forward::primitive_desc forward(
        {dnnl::prop_kind::forward_training, algorithm, desc, 0.0f, 0.0f}, engine());
    return answered(
        request, desc,
        [&](const Memory& x, const Memory& y) {
          execute(dnnl::eltwise_forward(forward), {{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, y}});
        },
        [&](const Memory& x, const Memory&, const Memory& slope, const Memory& gradient) {
          const dnnl::eltwise_backward::primitive_desc backward({algorithm, desc, desc, 0.0f, 0.0f}, engine(),
                                                                forward);
          execute(dnnl::eltwise_backward(backward),
                  {{DNNL_ARG_SRC, x}, {DNNL_ARG_DIFF_DST, slope}, {DNNL_ARG_DIFF_SRC, gradient}});
        });
  };
}

/// Over the last axis.
auto softmax(dnnl::algorithm algorithm) {
  return [=](const Request<float>& request) {
    const Tensor<float>& x = request.inputs.at("x");
    const auto classes = static_cast<Memory::dim>(x.shape.back());
    const auto rows = classes == 0 ? 0 : static_cast<Memory::dim>(x.data.size()) / classes;
    const Memory::desc desc = described({rows, classes});
    const dnnl::softmax_v2_forward::primitive_desc forward(
        {dnnl::prop_kind::forward_training, algorithm, desc, desc, 1}, engine());
    return answered(
        request, desc,
        [&](const Memory& source, const Memory& value) {
          execute(dnnl::softmax_v2_forward(forward), {{DNNL_ARG_SRC, source}, {DNNL_ARG_DST, value}});
        },
        [&](const Memory&, const Memory& value, const Memory& slope, const Memory& gradient) {
          const dnnl::softmax_v2_backward::primitive_desc backward({algorithm, desc, desc, desc, 1}, engine(),
                                                                   forward);
          execute(dnnl::softmax_v2_backward(backward),
                  {{DNNL_ARG_DST, value}, {DNNL_ARG_DIFF_DST, slope}, {DNNL_ARG_DIFF_SRC, gradient}});
        });
  };
}

}  // namespace

int main(int argc, char** argv) {
  const dnnl_version_t* version = dnnl_version();
  assay_testee::Testee testee("onednn", std::to_string(version->major) + '.' +
                                            std::to_string(version->minor) + '.' +
                                            std::to_string(version->patch));
  const Json offer{{"reductions", {"none", "mean", "sum"}}, {"gradient", {"x"}}};
  testee.loss<float>("sigmoid", offer, eltwise(dnnl::algorithm::eltwise_logistic));
  testee.loss<float>("log_sigmoid", offer, eltwise(dnnl::algorithm::eltwise_logsigmoid));
  testee.loss<float>("softplus", offer, eltwise(dnnl::algorithm::eltwise_soft_relu));
  testee.loss<float>("softmax", offer, softmax(dnnl::algorithm::softmax_accurate));
  testee.loss<float>("log_softmax", offer, softmax(dnnl::algorithm::softmax_log));
  testee.echo<float>([](const Tensor<float>& tensor) {
    const Memory::desc desc = described({static_cast<Memory::dim>(tensor.data.size())});
    return Tensor<float>{tensor.shape, numbers_of(memory_of(desc, tensor.data))};
  });
  return testee.serve(argc, argv);
}
