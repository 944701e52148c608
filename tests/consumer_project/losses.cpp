// Two losses of a project of one's own, and the one line that makes a plugin of them. The squared error is
// right; log_cosh is as one writes it down first: it overflows, and near 0 it has no digits.
#include <assay/testee.hpp>
#include <cmath>

template <class T>
void squared_error(const T* prediction, const T* target, size_t n, T* out) {
  for (size_t i = 0; i < n; ++i) out[i] = (prediction[i] - target[i]) * (prediction[i] - target[i]);
}

void log_cosh(const double* prediction, const double* target, size_t n, double* out) {
  for (size_t i = 0; i < n; ++i) out[i] = std::log(std::cosh(prediction[i] - target[i]));
}

using assay::testee::function;
constexpr auto arguments = "prediction target count value";
ASSAY_TESTEE("a project of one's own", "1", function("mse", "none", squared_error<float>, arguments),
             function("mse", "none", squared_error<double>, arguments),
             function("log_cosh", "none", log_cosh, arguments))
