// A plugin that computes mse with gradients, and misbehaves as ASSAY_TEST_PLUGIN says.
#include <unistd.h>

#include <cfloat>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

#include "include/assay/testee.h"

namespace {

std::string behaviour() {
  const char* named = std::getenv("ASSAY_TEST_PLUGIN");
  return named ? named : "";
}
bool is(const char* wanted) { return behaviour() == wanted; }

/// Whatever a sanitizer would make of it.
void crash() {
  std::signal(SIGSEGV, SIG_DFL);
  std::raise(SIGSEGV);
}

/// How often `answer` was called, in this process.
int calls = 0;

double number(const DLTensor& t, int64_t i) {
  const int64_t step = t.strides && t.ndim == 1 ? t.strides[0] : 1;
  if (t.dtype.bits == 32) return static_cast<const float*>(t.data)[i * step];
  return static_cast<const double*>(t.data)[i * step];
}
void put(const DLTensor& t, int64_t i, double x) {
  if (t.dtype.bits == 32)
    static_cast<float*>(t.data)[i] = static_cast<float>(x);
  else
    static_cast<double*>(t.data)[i] = x;
}
int64_t count(const DLTensor& t) {
  int64_t n = 1;
  for (int i = 0; i < t.ndim; ++i) n *= t.shape[i];
  return n;
}

const DLTensor* input(const AssayRequest& request, const char* name) {
  for (size_t i = 0; i < request.input_count; ++i)
    if (std::strcmp(request.inputs[i].name, name) == 0) return request.inputs[i].tensor;
  return nullptr;
}

void compute(const AssayRequest& request) {
  const DLTensor &prediction = *input(request, "prediction"), &target = *input(request, "target");
  const int64_t n = count(prediction);
  for (size_t k = 0; k < request.output_count; ++k) {
    const DLTensor& out = *request.outputs[k].tensor;
    if (std::strcmp(request.outputs[k].name, "value") == 0) {
      long double sum = 0;
      for (int64_t i = 0; i < n; ++i) {
        const long double r = static_cast<long double>(number(prediction, i)) - number(target, i);
        sum += r * r / n;
      }
      put(out, 0, static_cast<double>(sum) + (is("adds") ? number(out, 0) : 0));
    } else {
      const DLTensor* given = input(request, "cotangent");
      const double cotangent = given ? number(*given, 0) : 1;
      for (int64_t i = 0; i < n; ++i)
        put(out, i, 2 * (number(prediction, i) - number(target, i)) / static_cast<double>(n) * cotangent);
    }
  }
}

int32_t answer(const AssayRequest* request) {
  const DLTensor& prediction = *input(*request, "prediction");
  const DLTensor& value = *request->outputs[0].tensor;
  const int64_t n = count(prediction);
  ++calls;
  if (is("crash") && n == 3) crash();
  if (is("abort")) std::abort();
  if (is("exit")) std::exit(0);
  if (is("hang") && n == 3) pause();
  if (is("throw")) throw std::runtime_error("out of luck");
  if (is("throw-int")) throw 1;
  if (is("skip") || is("error")) {
    std::snprintf(request->message, request->message_size, "not today");
    return is("skip") ? ASSAY_SKIPPED : ASSAY_ERROR;
  }
  // No misbehaviour: it wants numbers to lie where vectors would rather not have them.
  if (is("offsets")) {
    const auto odd = [](const DLTensor& t) {
      const auto at = reinterpret_cast<std::uintptr_t>(t.data);
      return at % 64 != 0 && at % (t.dtype.bits / 8) == 0;
    };
    for (size_t i = 0; i < request->input_count; ++i)
      if (!odd(*request->inputs[i].tensor)) return ASSAY_ERROR;
    for (size_t i = 0; i < request->output_count; ++i)
      if (!odd(*request->outputs[i].tensor)) return ASSAY_ERROR;
  }
  if (is("unwritten")) return ASSAY_ANSWERED;
  compute(*request);
  if (is("past")) put(value, 1, 3);
  if (is("far-past")) {
    std::signal(SIGSEGV, SIG_DFL);
    put(value, 1 << 13, 3);
  }
  if (is("before")) put(value, -1, 3);
  if (is("inputs")) put(prediction, n - 1, 7);
  if (is("between")) put(prediction, 1, 7);
  if (is("random")) put(value, 0, calls);
  if (is("prints")) std::printf("{\"id\": \"banner\"}\nstep %d\n", calls);
  if (is("closes"))
    for (int fd = 0; fd < 3; ++fd) close(fd);
  if (is("strange")) return 7;
  if (is("shapes")) {
    request->outputs[1].tensor->shape[0] = 1 << 20;
    request->outputs[1].tensor->ndim = 9;
  }
  return ASSAY_ANSWERED;
}

const char* describe() {
  if (is("describes-garbage")) return "mse: f32\nmean";
  if (is("describes-list")) return "[1]";
  if (is("describes-nothing")) return nullptr;
  if (is("describe-throws")) throw std::runtime_error("no device");
  if (is("describe-crashes")) crash();
  if (is("unknown-loss"))
    return R"({"assay": 1, "implementation": {"name": "test"}, "losses": {"msee": {"dtypes": ["f32"], "reductions": ["mean"]}}})";
  static std::string text;
  text =
      R"({"assay": 1, "implementation": {"name": "test", "version": "1", "language": "c++"},
    "strided": )" +
      std::string(is("strided") || is("between") ? "true" : "false") + R"(,
    "losses": {"mse": {"dtypes": ["f32", "f64"], "reductions": ["mean"], "gradient": ["prediction"], "ranks": [1], "inputs": []}}})";
  return text.c_str();
}

int32_t echo(const DLTensor* from, DLTensor* to) {
  if (is("echo-fails")) return 1;
  for (int64_t i = 0; i < count(*from); ++i) {
    const double x = number(*from, i);
    put(*to, i,
        is("flushes") && std::fabs(x) < (from->dtype.bits == 32 ? FLT_MIN : DBL_MIN) ? std::copysign(0, x)
                                                                                     : x);
  }
  return 0;
}

}  // namespace

extern "C" const AssayTestee* assay_testee_v1() {
  static AssayTestee table{sizeof(AssayTestee), describe, answer, echo};
  if (is("no-table")) return nullptr;
  if (is("small-table")) table.size = sizeof(size_t);
  if (is("older-table")) table = {sizeof(AssayTestee) - sizeof(void*), describe, answer, nullptr};
  if (is("prints-early")) std::puts("hello");
  return &table;
}
