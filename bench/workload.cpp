#include "bench/workload.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <new>

#include "losses/call.hpp"
#include "losses/catalogue/catalogue.hpp"
#include "tools/cases/random.hpp"

namespace assay::bench {
namespace {

/// Memory that starts a cache line, as PyTorch's does.
template <class T>
struct OnCacheLine {
  using value_type = T;
  static constexpr std::align_val_t alignment{64};

  OnCacheLine() = default;
  template <class U>
  OnCacheLine(const OnCacheLine<U>&) {}
  T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), alignment)); }
  void deallocate(T* p, std::size_t) { ::operator delete(p, alignment); }
  bool operator==(const OnCacheLine&) const = default;
};
template <class T>
using Numbers = std::vector<T, OnCacheLine<T>>;

std::vector<std::int64_t> extents(Axes axes, Kind kind, const Shape& shape) {
  std::vector<std::int64_t> out;
  for (const char letter : axes) {
    const bool leading = letter == Axes::leading || letter == 'N';
    out.push_back(leading                      ? shape.rows
                  : letter == 'M'              ? shape.others
                  : kind == Kind::element_wise ? 1
                                               : shape.width);
  }
  return out;
}

std::int64_t product(const std::vector<std::int64_t>& extent) {
  std::int64_t n = 1;
  for (const std::int64_t e : extent) n *= e;
  return n;
}

/// Ordinary numbers: within 4 of zero, or of the domain's only end; probabilities of a row sum to about 1.
/// `i` is the place in the tensor.
/// Alignments exist: sequences are four times as long as their labels.
double draw(const Facts& f, const Input& input, std::int64_t width, std::int64_t i, Random& random) {
  const Domain& d = input.domain;
  const double u = random.unit();
  switch (d.kind) {
    case Domain::Kind::points:
      return u < .5 ? d.low : d.high;
    case Domain::Kind::one_hot:
      return i % width == (i / width) % width ? 1 : 0;
    case Domain::Kind::nonzero:
      return u < .5 ? -.25 - 4 * u : .25 + 4 * u;
    case Domain::Kind::class_index:
    case Domain::Kind::class_index_or_ignored:
      if (!d.other_than.empty()) return 1 + std::floor(u * static_cast<double>(width - 1));  // than class 0
      return std::floor(u * static_cast<double>(width));
    case Domain::Kind::length: {
      const bool of_labels = std::ranges::any_of(
          f.inputs, [&](const Input& each) { return each.integer && each.lengths == input.name; });
      return static_cast<double>(of_labels ? width / 4 : width);
    }
    case Domain::Kind::class_index_or_end:  // three labels
      return i % width < 3 ? std::floor(u * static_cast<double>(width)) : -1;
    case Domain::Kind::group:  // pairs of eight labels
      return static_cast<double>(i / 2 % 8);
    case Domain::Kind::interval:
      break;
  }
  if (f.kind == Kind::row_wise && d.low == 0 && d.high == 1 && width > 1)
    return 2 * u / static_cast<double>(width);
  const double low = std::isfinite(d.low) ? d.low : std::isfinite(d.high) ? d.high - 4 : -4;
  const double high = std::isfinite(d.high) ? d.high : std::isfinite(d.low) ? d.low + 4 : 4;
  return low + u * (high - low);
}

template <class Loss, class T>
class WorkloadOf final : public Workload {
 public:
  explicit WorkloadOf(Shape shape) {
    constexpr const Facts& f = facts<Loss>;
    if (f.rows_depend) shape.rows = std::max<std::int64_t>(2, shape.rows);  // one has no company
    for (std::size_t i = 0; i < f.inputs.size(); ++i) {
      const Input& input = f.inputs[i];
      if (input.optional) continue;
      const std::vector<std::int64_t> extent = extents(input.axes, f.kind, shape);
      const bool model = input.differentiable() && input.name != "target";
      const auto n = static_cast<std::size_t>(product(extent));
      for (std::size_t k = 0; k < extent.size(); ++k) call_.inputs[i].extent[k] = extent[k];
      Random random(i + 1);
      if (input.integer) {
        fill(integer_[i], n, [&](std::int64_t k) { return draw(f, input, shape.width, k, random); });
        call_.inputs[i].integer = integer_[i].data();
        inputs_.push_back({input.name, extent, true, model, std::as_bytes(std::span(integer_[i]))});
      } else {
        fill(real_[i], n, [&](std::int64_t k) { return draw(f, input, shape.width, k, random); });
        call_.inputs[i].real = real_[i].data();
        inputs_.push_back({input.name, extent, false, model, std::as_bytes(std::span(real_[i]))});
      }
      if (model) {
        slope_[i].resize(n);
        gradients_.push_back(std::as_writable_bytes(std::span(slope_[i])));
      }
    }
    elements_ = product(inputs_.front().extent);
    const bool many = f.inputs.size() == 1 && f.output == f.inputs.front().axes;
    result_.resize(many ? real_[0].size() : 1);
    value_ = std::as_writable_bytes(std::span(result_));
    call_.value = result_.data();
    if (many) {
      Random random(max_inputs + 1);
      fill(cotangent_, result_.size(), [&](std::int64_t) { return random.unit() - .5; });
      inputs_.push_back(
          {"cotangent", inputs_.front().extent, false, false, std::as_bytes(std::span(cotangent_))});
      call_.reduction = Reduction::none;
    }

    with_gradient_ = call_;
    with_gradient_.cotangent = many ? cotangent_.data() : nullptr;
    for (std::size_t i = 0; i < max_inputs; ++i)
      if (!slope_[i].empty()) with_gradient_.gradient[i] = slope_[i].data();
    for (Call<T>* each : {&call_, &with_gradient_}) {
      const std::size_t needed = workspace_bytes(loss_, *each);
      if (needed > workspace_.size() * sizeof(double)) workspace_.resize((needed - 1) / sizeof(double) + 1);
    }
    call_.workspace = with_gradient_.workspace = std::as_writable_bytes(std::span(workspace_));
  }

  void run(bool gradient) override { evaluate(loss_, gradient ? with_gradient_ : call_); }
  [[nodiscard]] double value() const override { return static_cast<double>(result_.front()); }
  [[nodiscard]] double slope() const override {
    for (const Numbers<T>& each : slope_)
      if (!each.empty()) return static_cast<double>(each.front());
    return 0;
  }

 private:
  template <class U, class Draw>
  static void fill(Numbers<U>& out, std::size_t n, Draw&& draw_one) {
    out.resize(n);
    for (std::size_t k = 0; k < n; ++k) out[k] = static_cast<U>(draw_one(static_cast<std::int64_t>(k)));
  }

  Loss loss_;
  std::array<Numbers<T>, max_inputs> real_, slope_;
  std::array<Numbers<std::int64_t>, max_inputs> integer_;
  Numbers<T> result_, cotangent_;
  Numbers<double> workspace_;
  Call<T> call_, with_gradient_;
};

}  // namespace

std::vector<std::span<const std::byte>> Workload::read(bool gradient) const {
  std::vector<std::span<const std::byte>> out;
  for (const Tensor& each : inputs_)
    if (gradient || each.name != "cotangent") out.push_back(each.numbers);
  return out;
}

std::vector<std::span<std::byte>> Workload::written(bool gradient) const {
  std::vector<std::span<std::byte>> out{value_};
  if (gradient) out.insert(out.end(), gradients_.begin(), gradients_.end());
  return out;
}

std::size_t Workload::bytes(bool gradient) const {
  std::size_t sum = 0;
  for (const auto& each : read(gradient)) sum += each.size();
  for (const auto& each : written(gradient)) sum += each.size();
  return sum;
}

std::unique_ptr<Workload> make_workload(std::string_view loss, Dtype dtype, const Shape& shape) {
  std::unique_ptr<Workload> out;
  for_each_loss([&]<class Loss>() {
    if (facts<Loss>.name != loss) return;
    visit(dtype, [&]<class T>() { out = std::make_unique<WorkloadOf<Loss, T>>(shape); });
  });
  return out;
}

}  // namespace assay::bench
