#!/usr/bin/env bash
# cpp_kit_test.sh ASSAY SOURCE: adapters over the kit for C++ keep the protocol, whatever the framework does; the table of
# its README conforms. Skipped where there is no compiler.
set -u
. "$(dirname -- "${BASH_SOURCE[0]}")/kit_testee.sh"
assay=$(readlink -f -- "$1") kit=$(readlink -f -- "$2")/tools/adapters/kit/cpp golden=$(readlink -f -- "$2")/golden/v1
command -v "${CXX:=c++}" >/dev/null || { echo "skipped: no C++ compiler"; exit 77; }
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd -- "$here" || exit 1
sed -n '/^```cpp$/,/^```$/{/^```/!p}' "$kit/README.md" >mine.cpp
cat >plain.cpp <<'END'
#include <cstdio>
#include <stdexcept>

#include "assay_testee.hpp"

int main(int argc, char** argv) {
  using assay_testee::Answer, assay_testee::Json;
  assay_testee::Testee testee("plain", "1");
  testee.loss<float, double>("mse", Json::object(), [](const auto& request) {
    std::puts("noise");
    auto x = request.inputs.at("prediction");
    return Answer<typename decltype(x.data)::value_type>{x, {{"prediction", x}}};
  });
  testee.loss<float>("nll", {{"variant", "rows"}, {"gradient", false}}, [](const auto& request) {
    const float first = static_cast<float>(request.labels.at("labels").data[0]) + request.parameters.value("q", 0.5f);
    return Answer<float>{{{}, {first}}, {}};
  });
  testee.loss<float>("mae", Json::object(), [](const auto&) -> Answer<float> { throw assay_testee::Skipped{"no memory"}; });
  testee.loss<float>("huber", Json::object(), [](const auto&) -> Answer<float> { throw std::runtime_error("two\nlines"); });
  testee.echo<float>([](const auto& tensor) { return assay_testee::Tensor<float>{tensor.shape, {2, -0.0f}}; });
  return testee.serve(argc, argv);
}
END
for each in mine plain; do
  if ! "$CXX" -std=c++17 -Wall -Wextra -Werror -I "$kit" -o $each $each.cpp 2>log; then
    grep -q 'nlohmann/json.hpp: No such file' log && { echo "skipped: nlohmann/json is not installed"; exit 77; }
    cat log
    exit 1
  fi
done
testee=(./plain) noise=noise
pair='"dtype": "f32", "inputs": {"prediction": {"shape": [2], "bits": "00000001 7fc00000"}, "target": {"shape": [2], "bits": "00000000 80000000"}}'
float='"dtypes":["f32"]'
expect '{"assay": 1}' "{\"assay\":1,\"encoding\":\"bits\",\"implementation\":{\"language\":\"c++\",\"name\":\"plain\",\"version\":\"1\"},\"losses\":{\"huber\":{$float},\"mae\":{$float},\"mse\":{\"dtypes\":[\"f32\",\"f64\"]},\"nll\":{\"variants\":{\"rows\":{$float,\"gradient\":false}}}}}"
# Through what the adapter names, or as the numbers came, subnormal ones and NaN among them.
expect '{"id": "e", "echo": {"shape": [2], "bits": "3f800000 00000001"}, "dtype": "f32"}' '{"echo":{"bits":"40000000 80000000","shape":[2]},"id":"e"}'
expect '{"id": "e", "echo": {"shape": [1, 0], "bits": ""}, "dtype": "f64"}' '{"echo":{"bits":"","shape":[1,0]},"id":"e"}'
expect '{"id": "e", "echo": {"shape": [], "bits": "7ff8000000000001"}, "dtype": "f64"}' '{"echo":{"bits":"7ff8000000000001","shape":[]},"id":"e"}'
# Standard output holds answers alone, though the loss prints there.
expect "{\"id\": 1, \"loss\": \"mse\", \"reduction\": \"none\", \"wrt\": [\"prediction\"], $pair}" '{"gradient":{"prediction":{"bits":"00000001 7fc00000","shape":[2]}},"id":1,"value":{"bits":"00000001 7fc00000","shape":[2]}}'
[ "$(cat noise)" = noise ] || wrong "what was printed is not on standard error: $(cat noise)"
expect '{"id": 2, "loss": "nll", "variant": "rows", "dtype": "f32", "parameters": {"q": 0.25}, "inputs": {"labels": {"shape": [1], "data": [3]}}}' '{"gradient":{},"id":2,"value":{"bits":"40500000","shape":[]}}'
expect "{\"id\": 3, \"loss\": \"mae\", $pair}" '{"id":3,"skipped":"no memory"}'
expect "{\"id\": 4, \"loss\": \"huber\", $pair}" '{"error":"two\nlines","id":4}'
expect "{\"id\": 5, \"loss\": \"hinge\", $pair}" '{"error":"map::at","id":5}'
[ "$(./plain --version)" = "plain 1" ] || wrong "--version"
"$assay" verify --golden "$golden" --loss softplus -- ./mine >said 2>&1 || wrong "the README's adapter: $(cat said)"
exit $bad
