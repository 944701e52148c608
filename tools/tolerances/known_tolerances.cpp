#include "tools/tolerances/known_tolerances.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <vector>

#include "reference/cases/case.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/usage_error.hpp"

namespace assay::tolerances {

std::span<const LibraryDefaults> library_defaults() {
  static constexpr auto in_all = [](double rtol, double atol) {
    return PerDtype<Tolerance>{{rtol, atol}, {rtol, atol}};
  };
  static const std::array all{
      LibraryDefaults{.name = "torch",
                      .function = "torch.testing.assert_close",
                      .repository = "pytorch/pytorch",
                      .file = "torch/testing/_comparison.py",
                      .place = "_DTYPE_PRECISIONS",
                      .version = "2",
                      .commit = "539f6ce3075a01a0f4a2d54d2061c3696df9ed69",
                      .tolerance = {{1.3e-6, 1e-5}, {1e-7, 1e-7}}},
      LibraryDefaults{.name = "numpy",
                      .function = "numpy.testing.assert_allclose",
                      .repository = "numpy/numpy",
                      .file = "numpy/testing/_private/utils.py",
                      .place = "line 1692",
                      .version = "2.6.0.dev0",
                      .commit = "1f90bbb55e65e7de68921bc3f1a2d94492fdf689",
                      .tolerance = in_all(1e-7, 0)},
      LibraryDefaults{.name = "jax",
                      .function = "jax._src.test_util.JaxTestCase.assertAllClose",
                      .repository = "jax-ml/jax",
                      .file = "jax/_src/public_test_util.py",
                      .place = "line 72",
                      .version = "0.11.1",
                      .commit = "cec06d116c05f0d52adfceee3d3b730fdbcb0ce5",
                      .tolerance = {{1e-6, 1e-6}, {1e-15, 1e-15}}},
      LibraryDefaults{.name = "keras",
                      .function = "keras.src.testing.TestCase.assertAllClose",
                      .repository = "keras-team/keras",
                      .file = "keras/src/testing/test_case.py",
                      .place = "line 52",
                      .version = "3.16.0",
                      .commit = "3422977a5e38fb2f7709aaa9a08e47f0c43d0f60",
                      .tolerance = in_all(1e-6, 1e-6)},
      LibraryDefaults{.name = "tensorflow",
                      .function = "tf.test.TestCase.assertAllClose",
                      .repository = "tensorflow/tensorflow",
                      .file = "tensorflow/python/framework/test_util.py",
                      .place = "assertAllClose",
                      .version = "2",
                      .commit = "0004ac98864da68d6a90d96385bd55c86e04a8c1",
                      .tolerance = in_all(1e-6, 1e-6)},
      LibraryDefaults{.name = "mlx",
                      .function = "MLXTestCase.assertEqualArray",
                      .repository = "ml-explore/mlx",
                      .file = "python/tests/mlx_tests.py",
                      .place = "line 69",
                      .version = "0.32.2",
                      .commit = "846d176227a0ac13d2667e58d2bb68b322109ab0",
                      .tolerance = in_all(1e-2, 1e-2)},
  };
  return all;
}

const LibraryDefaults& defaults_of(const std::string& library) {
  std::vector<std::string> names;
  for (const LibraryDefaults& each : library_defaults()) {
    if (each.name == library) return each;
    names.emplace_back(each.name);
  }
  const auto near = nearest(library, names);
  throw UsageError(fmt::format("no defaults of a library \"{}\"{} there are {}", printable(library),
                               near ? fmt::format("; did you mean {}?", *near) : ";",
                               fmt::join(names, ", ")));
}

}  // namespace assay::tolerances
