// How bench/compare speaks with a worker: a JSON object a line each way, until standard input ends.
//
//   -> {"do": "introduce"}
//   <- {"texts": {"name": "assay", "version": "0.1.0", ...}}
//   -> {"do": "load", "loss": "mse", "dtype": "f32", "shape": [1000, 1, 10], "folder": "/tmp/x", "tensors":
//   [...]}
//   <- {"numbers": {"elements": 1000, ...}, "tensors": [{"name": "prediction", "shape": [1000], ...}, ...]}
//   -> {"do": "time", "gradient": true, "calls": 100}
//   <- {"numbers": {"seconds": 1e-4, "value": 0.5, "slope": 0.01}}
//
// The worker of this suite makes the tensors, writes each to <folder>/<name> as little-endian bytes, and says
// in its answer to "load" what they are; the driver hands that on to the others, which read them. `shape` is
// rows, width and others of workload.hpp. "time" and "roofline" make one call more than asked, before the
// clock starts, unless told {"warm": false}; `value` and `slope` are the first numbers of the value and of
// the first gradient, by which the driver sees that all compute the same. An answer {"skipped": "why"} says
// that there is no such thing to measure, {"error": "what"} that something went wrong.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace assay::bench {

struct NamedTensor {
  std::string name;
  std::vector<std::int64_t> shape;
  bool integer = false, model = false;
};

struct Request {
  std::string verb, loss, dtype, folder;
  std::vector<std::int64_t> shape;
  std::vector<NamedTensor> tensors;
  bool gradient = false, warm = true;
  std::int64_t calls = 1;
};

struct Answer {
  std::string skipped{};
  std::vector<std::pair<std::string, std::string>> texts{};
  std::vector<std::pair<std::string, double>> numbers{};
  std::vector<NamedTensor> tensors{};
};

/// Answers until standard input ends; what is thrown becomes an error. Returns the exit code.
int converse(const std::function<Answer(const Request&)>& answer);

/// Seconds of the processor that the request's calls take: with one thread, the time on an idle machine,
/// whatever else wants the core.
double seconds_of(const Request& request, const std::function<void()>& call);

/// What compiled this program: "g++ 12.2.0".
std::string compiler();

}  // namespace assay::bench
