// Huber's loss in C++: two functions as anybody has them, and the one line that puts them under test.
//
// c++ -std=c++17 -shared -fPIC -O2 huber.cpp -o huber_cpp.so && assay verify --plugin ./huber_cpp.so
#include <assay/testee.hpp>
#include <cmath>

template <class T>
void huber(const T* prediction, const T* target, size_t n, T delta, T* out) {
  for (size_t i = 0; i < n; ++i) {
    const T d = prediction[i] - target[i], a = std::abs(d);
    out[i] = a <= delta ? T(.5) * d * d : delta * (a - T(.5) * delta);
  }
}

template <class T>
void huber_gradient(const T* prediction, const T* target, size_t n, T delta, T* out) {
  for (size_t i = 0; i < n; ++i) {
    const T d = prediction[i] - target[i];
    out[i] = std::isnan(d) ? d : std::min(std::max(d, -delta), delta);
  }
}

using assay::testee::function;
constexpr auto value = "prediction target count delta value";
constexpr auto gradient = "prediction target count delta gradient.prediction";
ASSAY_TESTEE("huber.cpp", "1", function("huber", "none", huber<float>, value),
             function("huber", "none", huber<double>, value),
             function("huber", "none", huber_gradient<float>, gradient),
             function("huber", "none", huber_gradient<double>, gradient))
