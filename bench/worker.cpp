// The kernels of this suite, and the roofline, as bench/compare measures them; conversation.hpp says how it
// asks.
#include <cstddef>
#include <fstream>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/conversation.hpp"
#include "bench/roofline.hpp"
#include "bench/workload.hpp"

namespace assay::bench {
namespace {

void write(const std::string& path, std::span<const std::byte> bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

class Worker {
 public:
  Answer operator()(const Request& request) {
    if (request.verb == "introduce")
      return {.texts = {{"name", "assay"},
                        {"version", ASSAY_VERSION},
                        {"compiler", compiler()},
                        {"instruction_set", std::string(instruction_set())}}};
    if (request.verb == "load") return load(request);
    if (!workload_) throw std::logic_error("nothing is loaded");
    if (request.verb == "time") {
      const double seconds = seconds_of(request, [&] { workload_->run(request.gradient); });
      return {
          .numbers = {{"seconds", seconds}, {"value", workload_->value()}, {"slope", workload_->slope()}}};
    }
    if (request.verb == "roofline") {
      Answer answer;
      const Traffic traffic{workload_->read(request.gradient), workload_->written(request.gradient)};
      const auto names = loops(traffic.writes());
      for (std::size_t i = 0; i < names.size(); ++i)
        answer.numbers.emplace_back(names[i], seconds_of(request, loop_over(i, traffic)));
      return answer;
    }
    throw std::invalid_argument("no such request: " + request.verb);
  }

 private:
  Answer load(const Request& request) {
    workload_.reset();  // first: two of the largest need not fit
    if (request.shape.size() != 3) throw std::invalid_argument("shape has rows, width and others");
    const Shape shape{request.shape[0], request.shape[1], request.shape[2]};
    workload_ = make_workload(request.loss, dtype_named(request.dtype).value(), shape);
    if (!workload_) throw std::invalid_argument("no loss named " + request.loss);
    Answer answer;
    for (const Tensor& each : workload_->inputs()) {
      write(request.folder + "/" + std::string(each.name), each.numbers);
      answer.tensors.push_back({std::string(each.name), each.extent, each.integer, each.model});
    }
    answer.numbers = {{"elements", static_cast<double>(workload_->elements())},
                      {"bytes", static_cast<double>(workload_->bytes(false))},
                      {"bytes_with_gradient", static_cast<double>(workload_->bytes(true))}};
    return answer;
  }

  std::unique_ptr<Workload> workload_;
};

}  // namespace
}  // namespace assay::bench

int main() {
  assay::bench::Worker worker;
  return assay::bench::converse([&](const assay::bench::Request& request) { return worker(request); });
}
