#include "tools/testees/plugin_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

#include "tools/testees/plugin_header.hpp"
#include "tools/testees/quotation.hpp"
#include "tools/text/decimal.hpp"

namespace assay {
namespace {

constexpr std::size_t margin = 64;  // bytes of poison before and after each tensor, at least
constexpr std::size_t line = 64;

// A signalling NaN that nobody computes: arithmetic on it gives its quiet twin, no other number does. As the
// upper half of a whole number it is far outside every range of labels.
constexpr std::uint32_t poison32 = 0x7fa5a5a5;
constexpr std::uint64_t poison64 = 0x7ff5a5a5a5a5a5a5;

template <class T>
constexpr BitsOf<T> poison_of = sizeof(T) == 4 ? static_cast<BitsOf<T>>(poison32)
                                               : static_cast<BitsOf<T>>(poison64);

/// Eight bytes of poison, as numbers of the case's dtype have it.
std::uint64_t poison_word(Dtype dtype) {
  return format(dtype).bytes == 4 ? std::uint64_t{poison32} << 32 | poison32 : poison64;
}

/// Poison from any byte on.
class Poison {
 public:
  explicit Poison(Dtype dtype) {
    const std::uint64_t word = poison_word(dtype);
    for (std::size_t i = 0; i < sizeof bytes_; i += sizeof word)
      std::memcpy(bytes_.data() + i, &word, sizeof word);
  }
  /// The first byte in [from, to) that is something else; `to` where none is. At most half a line more than a
  /// margin lies between tensors, and any length is fine.
  [[nodiscard]] std::size_t broken(const std::byte* memory, std::size_t from, std::size_t to) const {
    while (from < to) {
      const std::size_t n = std::min(to - from, sizeof bytes_ - from % line);
      const std::byte* const whole = bytes_.data() + from % line;
      if (std::memcmp(memory + from, whole, n) != 0) {
        while (memory[from] == bytes_[from % line]) ++from;
        return from;
      }
      from += n;
    }
    return to;
  }

 private:
  std::array<std::byte, 4 * line> bytes_{};
};

std::vector<std::int64_t> row_major(std::span<const std::int64_t> shape, std::int64_t step) {
  std::vector<std::int64_t> out(shape.size());
  for (std::size_t i = shape.size(); i-- > 0; step *= shape[i]) out[i] = step;
  return out;
}
std::vector<std::int64_t> column_major(std::span<const std::int64_t> shape) {
  std::vector<std::int64_t> out(shape.size());
  std::int64_t step = 1;
  for (std::size_t i = 0; i < shape.size(); step *= shape[i++]) out[i] = step;
  return out;
}

/// Calls `at` with the place of each number, in the order of the case.
template <class At>
void each_place(const PlacedTensor& t, At at) {
  if (t.strides.empty()) {
    for (std::size_t i = 0; i < t.count; ++i) at(i, i);
    return;
  }
  std::vector<std::int64_t> index(t.shape.size());
  for (std::size_t i = 0; i < t.count; ++i) {
    at(i, static_cast<std::size_t>(
              std::inner_product(index.begin(), index.end(), t.strides.begin(), std::int64_t{0})));
    for (std::size_t axis = index.size(); axis-- > 0;) {
      if (++index[axis] < t.shape[axis]) break;
      index[axis] = 0;
    }
  }
}

template <class T>
void write_numbers(const PlacedTensor& t, std::byte* to) {
  each_place(t, [&](std::size_t i, std::size_t place) {
    const T x = static_cast<T>(t.input->real[i]);
    std::memcpy(to + place * sizeof x, &x, sizeof x);
  });
}

void write_input(const PlacedTensor& t, Dtype dtype, std::byte* to) {
  if (t.input->is_integer)
    each_place(t, [&](std::size_t i, std::size_t place) {
      std::memcpy(to + place * sizeof(std::int64_t), &t.input->integer[i], sizeof(std::int64_t));
    });
  else
    visit(dtype, [&]<class T>() { write_numbers<T>(t, to); });
}

/// An input that was touched: where first, and what stands there.
std::string change(const PlacedTensor& t, const std::byte* before, const std::byte* after, Dtype dtype) {
  std::string out;
  each_place(t, [&](std::size_t i, std::size_t place) {
    const std::size_t at = place * t.width;
    if (!out.empty() || std::memcmp(before + at, after + at, t.width) == 0) return;
    std::string now;
    if (t.input->is_integer) {
      std::int64_t x = 0;
      std::memcpy(&x, after + at, sizeof x);
      now = fmt::format("{} from {}", x, t.input->integer[i]);
    } else {
      visit(dtype, [&]<class T>() {
        T x{};
        std::memcpy(&x, after + at, sizeof x);
        now = fmt::format("{} from {}", shortest(dtype, static_cast<double>(x)),
                          shortest(dtype, t.input->real[i]));
      });
    }
    out = fmt::format("the plugin changed its input \"{}\": number {} became {}; inputs are the caller's",
                      t.name, i, now);
  });
  return out;
}

}  // namespace

PluginLayout::PluginLayout(const Case& c, bool strided) : case_(&c), value_shape_(value_shape(c)) {
  tensors_.reserve(c.inputs.size() + 1 + c.wrt.size());
  for (const auto& [name, tensor] : c.inputs) place(name, &tensor, tensor.shape, strided);
  inputs_ = tensors_.size();
  place("value", nullptr, value_shape_, false);
  for (const std::string& name : c.wrt) place(name, nullptr, c.inputs.at(name).shape, false);
  header_ = plugin_header(c, tensors_, inputs_);
  bytes_ = header_.size() + (tensors_.back().end + margin + line - 1) / line * line;
}

void PluginLayout::place(std::string_view name, const Tensor* input, std::span<const std::int64_t> shape,
                         bool strided) {
  PlacedTensor t{.name = name, .input = input, .shape = shape};
  t.count = std::accumulate(
      shape.begin(), shape.end(), std::size_t{1},
      [](std::size_t n, std::int64_t extent) { return n * static_cast<std::size_t>(extent); });
  t.width = input && input->is_integer ? sizeof(std::int64_t) : format(case_->dtype).bytes;
  const std::size_t number = t.count + tensors_.size();
  if (strided && input && !shape.empty() && t.count > 0) {
    if (number % 3 == 1) t.strides = row_major(shape, 2);
    if (number % 3 == 2) t.strides = shape.size() > 1 ? column_major(shape) : row_major(shape, 3);
  }
  std::size_t span = t.count;
  if (!t.strides.empty()) {
    span = 1;
    for (std::size_t i = 0; i < shape.size(); ++i)
      span += static_cast<std::size_t>((shape[i] - 1) * t.strides[i]);
  }
  const std::size_t from = tensors_.empty() ? 0 : tensors_.back().end;
  const std::size_t odd = 1 + number % (line / t.width - 1);  // numbers beyond a line's beginning
  t.begin = (from + margin + line - 1) / line * line + odd * t.width;
  t.end = t.begin + span * t.width;
  tensors_.push_back(std::move(t));
}

void PluginLayout::write(std::byte* memory) const {
  std::memcpy(memory, header_.data(), header_.size());
  std::byte* const numbers = memory + header_.size();
  const std::uint64_t word = poison_word(case_->dtype);
  for (std::size_t at = 0; at < bytes_ - header_.size(); at += sizeof word)
    std::memcpy(numbers + at, &word, sizeof word);
  for (std::size_t i = 0; i < inputs_; ++i)
    write_input(tensors_[i], case_->dtype, numbers + tensors_[i].begin);
}

std::optional<Finding> PluginLayout::damage(const std::byte* memory) const {
  const Poison poison(case_->dtype);
  const std::size_t whole = bytes_ - header_.size();
  for (std::size_t i = 0; i <= tensors_.size(); ++i) {
    const std::size_t from = i == 0 ? 0 : tensors_[i - 1].end;
    const std::size_t to = i == tensors_.size() ? whole : tensors_[i].begin;
    const std::size_t broken = poison.broken(memory, from, to);
    if (broken == to) continue;
    const bool behind = i == tensors_.size() || (i > 0 && broken - from <= to - broken);
    const PlacedTensor& near = tensors_[behind ? i - 1 : i];
    return Finding{
        "protocol/out-of-bounds",
        fmt::format("the plugin wrote {} the {} of \"{}\" ({} bytes {} its {} numbers)",
                    behind ? "past" : "before", behind ? "end" : "beginning", near.name,
                    behind ? broken - from : to - broken, behind ? "behind" : "before", near.count)};
  }
  std::vector<std::byte> image;
  for (std::size_t i = 0; i < inputs_; ++i) {
    const PlacedTensor& t = tensors_[i];
    image.resize(t.end - t.begin + 1);  // of an empty tensor there is an address too
    const std::uint64_t word = poison_word(case_->dtype);
    // Gaps between strided numbers hold poison too, in step with its place.
    if (!t.strides.empty())
      for (std::size_t at = 0; at < t.end - t.begin; ++at)
        image[at] = reinterpret_cast<const std::byte*>(&word)[(t.begin + at) % sizeof word];
    write_input(t, case_->dtype, image.data());
    if (std::memcmp(image.data(), memory + t.begin, t.end - t.begin) == 0) continue;
    std::string changed = change(t, image.data(), memory + t.begin, case_->dtype);
    if (changed.empty())
      return Finding{
          "protocol/out-of-bounds",
          fmt::format("the plugin wrote between the numbers of \"{}\", which have strides", t.name)};
    return Finding{"protocol/inputs-changed", std::move(changed)};
  }
  return std::nullopt;
}

std::variant<Answer, Finding> PluginLayout::answer(const std::byte* memory) const {
  Answer out;
  for (std::size_t i = inputs_; i < tensors_.size(); ++i) {
    const PlacedTensor& t = tensors_[i];
    Tensor tensor;
    tensor.shape.assign(t.shape.begin(), t.shape.end());
    tensor.real.resize(t.count);
    const std::size_t unwritten = visit(case_->dtype, [&]<class T>() {
      constexpr BitsOf<T> quiet = BitsOf<T>{1} << (format_of<T>.precision - 2);
      std::size_t first = t.count;
      for (std::size_t k = t.count; k-- > 0;) {
        T x;
        std::memcpy(&x, memory + t.begin + k * sizeof x, sizeof x);
        if ((std::bit_cast<BitsOf<T>>(x) | quiet) == (poison_of<T> | quiet)) first = k;
        tensor.real[k] = std::isnan(x) ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(x);
      }
      return first;
    });
    if (unwritten < t.count)
      return Finding{"protocol/unwritten-output",
                     fmt::format("the plugin left number {} of {} of \"{}\" unwritten, or computed it from "
                                 "memory that is no input",
                                 unwritten, t.count, t.name)};
    if (i == inputs_)
      out.value = std::move(tensor);
    else
      out.gradient.emplace(t.name, std::move(tensor));
  }
  return out;
}

std::variant<Answer, Finding> PluginLayout::read(const std::byte* memory, const PluginReply& reply) const {
  memory += header_.size();
  if (auto found = damage(memory)) return *std::move(found);
  if (reply.outcome == PluginReply::threw)
    return Finding{"protocol/exception",
                   fmt::format("the plugin let an exception out: {}", brief(reply.message))};
  switch (reply.outcome) {
    case ASSAY_ANSWERED:
      return answer(memory);
    case ASSAY_SKIPPED:
      return Answer{Answer::Outcome::skipped, brief(reply.message), {}, {}};
    case ASSAY_ERROR:
      return Answer::error(brief(reply.message));
  }
  return Finding{
      "protocol/malformed",
      fmt::format("the plugin's answer returned {}; 0 is answered, 1 skipped, 2 an error", reply.outcome)};
}

}  // namespace assay
