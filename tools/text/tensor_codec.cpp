// Nothing is allocated for a shape that its numbers do not bear out.
#include "tools/text/tensor_codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "tools/text/decimal.hpp"

namespace assay {
namespace {

constexpr std::size_t max_rank = 8;
/// A tensor without numbers proves nothing about its other extents, and yet a value may have them.
constexpr std::int64_t max_empty_extents = std::int64_t{1} << 20;

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string base64(const std::vector<double>& numbers, Dtype dtype) {
  std::string bytes;
  bytes.reserve(numbers.size() * format(dtype).bytes);
  for (const double each : numbers) {
    const std::uint64_t p = pattern(dtype, each);
    for (std::size_t k = 0; k < format(dtype).bytes; ++k) bytes += static_cast<char>(p >> (8 * k) & 0xff);
  }
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto byte = [&](std::size_t k) -> std::uint32_t {
      return at + k < bytes.size() ? static_cast<unsigned char>(bytes[at + k]) : 0;
    };
    const std::uint32_t group = byte(0) << 16 | byte(1) << 8 | byte(2);
    for (std::size_t k = 0; k < 4; ++k)
      out += at + k <= bytes.size() ? alphabet[group >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

std::optional<std::vector<double>> from_base64(std::string_view text, Dtype dtype, std::size_t count) {
  const std::size_t size = count * format(dtype).bytes;
  std::vector<std::uint8_t> bytes;
  bytes.reserve(size);
  std::uint32_t group = 0;
  int held = 0;
  const std::size_t padding = (3 - size % 3) % 3;
  if (padding > text.size() ||
      text.substr(text.size() - padding) != std::string_view("==").substr(0, padding))
    return std::nullopt;
  for (const char each : text.substr(0, text.size() - padding)) {
    const auto digit = alphabet.find(each);
    if (digit == std::string_view::npos) return std::nullopt;
    group = (group << 6 | static_cast<std::uint32_t>(digit)) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push_back(static_cast<std::uint8_t>(group >> held));
    group &= (1u << held) - 1;
  }
  if (bytes.size() != size || group != 0) return std::nullopt;  // bits beyond the last byte must be 0
  std::vector<double> out;
  out.reserve(count);
  for (std::size_t at = 0; at < size; at += format(dtype).bytes) {
    std::uint64_t p = 0;
    for (std::size_t k = 0; k < format(dtype).bytes; ++k) p |= std::uint64_t{bytes[at + k]} << (8 * k);
    out.push_back(from_pattern(dtype, p));
  }
  return out;
}

std::vector<std::int64_t> read_shape(const Json& value, std::string_view where) {
  if (!value.is(Json::Kind::array)) fail_at(where, "must be a list of extents");
  if (value.items.size() > max_rank)
    fail_at(where, fmt::format("has {} axes; the limit is {}", value.items.size(), max_rank));
  std::vector<std::int64_t> shape;
  std::int64_t count = 1;
  bool empty = false;
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    const std::int64_t extent = integer_from_json(value.items[i], fmt::format("{}[{}]", where, i));
    if (extent < 0) fail_at(where, fmt::format("[{}] is {}; an extent cannot be negative", i, extent));
    shape.push_back(extent);
    empty = empty || extent == 0;
    if (extent == 0) continue;
    if (extent > std::numeric_limits<std::int64_t>::max() / count)
      fail_at(where, "the product of the extents does not fit in 64 bits");
    count *= extent;
  }
  if (empty && count > max_empty_extents)
    fail_at(where, fmt::format("the other extents of an empty tensor multiply to {}; the limit is {}", count,
                               max_empty_extents));
  return shape;
}

std::size_t count_of(const std::vector<std::int64_t>& shape) {
  return static_cast<std::size_t>(product(shape));
}

[[noreturn]] void fail_count(std::string_view where, std::size_t got, std::size_t wanted) {
  fail_at(where, fmt::format("has {} number{}; the shape needs {}", got, got == 1 ? "" : "s", wanted));
}

std::vector<double> read_data(const Json& value, std::size_t count, Dtype dtype, std::string_view where) {
  if (!value.is(Json::Kind::array)) fail_at(where, "must be a flat list of numbers");
  if (value.items.size() != count) fail_count(where, value.items.size(), count);
  std::vector<double> out;
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    out.push_back(number_from_json(value.items[i], dtype, fmt::format("{}[{}]", where, i)));
  return out;
}

std::vector<double> read_bits(const Json& value, std::size_t count, Dtype dtype, std::string_view where) {
  const std::string_view text = text_from_json(value, where);
  const std::size_t digits = 2 * format(dtype).bytes;
  const std::size_t got = text.empty() ? 0 : (text.size() + 1) / (digits + 1);
  if (got != count) fail_count(where, got, count);
  std::vector<double> out;
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = i * (digits + 1);
    const auto x = from_bits(dtype, text.substr(at, digits));
    const bool last = i + 1 == count;
    if (!x || (last ? at + digits != text.size() : text[at + digits] != ' '))
      fail_at(
          where,
          fmt::format("pattern {} of \"bits\" is {}; {} takes {} lower-case hex digits a number, single "
                      "spaces between them",
                      i, excerpt(text.substr(at, digits + (last ? text.size() : 1))), name(dtype), digits));
    out.push_back(*x);
  }
  return out;
}

std::vector<double> read_base64(const Json& value, std::size_t count, Dtype dtype, std::string_view where) {
  const std::string_view text = text_from_json(value, where);
  // The length is compared before it is multiplied: a count from outside may be anything.
  const std::size_t most = text.size() / 4 * 3 / format(dtype).bytes;
  if (count > most) fail_count(where, most, count);
  if (text.size() != (count * format(dtype).bytes + 2) / 3 * 4) fail_count(where, most, count);
  auto out = from_base64(text, dtype, count);
  if (!out) fail_at(where, "is not base64 with its padding");
  return *std::move(out);
}

Tensor read_integers(const Json& value, Tensor out, std::string_view where) {
  for (const auto& [key, unused] : value.members)
    if (key == "bits" || key == "base64")
      fail_at(where, fmt::format("holds integers, which are \"data\", never \"{}\"", key));
  const Json* data = value.find("data");
  if (!data) fail_at(where, "needs \"data\"");
  const std::string at = fmt::format("{}.data", where);
  if (!data->is(Json::Kind::array)) fail_at(at, "must be a flat list of whole numbers");
  if (data->items.size() != count_of(out.shape)) fail_count(at, data->items.size(), count_of(out.shape));
  for (std::size_t i = 0; i < data->items.size(); ++i)
    out.integer.push_back(integer_from_json(data->items[i], fmt::format("{}[{}]", at, i)));
  out.is_integer = true;
  return out;
}

}  // namespace

Json tensor_to_json(const Tensor& t, Dtype dtype, Encoding encoding, Decimals decimals) {
  Json shape = Json::array();
  for (const std::int64_t each : t.shape) shape.items.push_back(Json::integer(each));
  Json out = Json::object();
  out.add("shape", std::move(shape));
  if (t.is_integer || encoding == Encoding::data) {
    Json data = Json::array();
    for (const std::int64_t each : t.integer) data.items.push_back(Json::integer(each));
    const Dtype read_as = decimals == Decimals::binary64 ? Dtype::f64 : dtype;
    for (const double each : t.real) data.items.push_back(number_to_json(read_as, each));
    return out.add("data", std::move(data));
  }
  if (encoding == Encoding::base64) return out.add("base64", Json::string(base64(t.real, dtype)));
  std::string text;
  for (const double each : t.real) {
    if (!text.empty()) text += ' ';
    text += bits(dtype, each);
  }
  return out.add("bits", Json::string(text));
}

Tensor tensor_from_json(const Json& value, Dtype dtype, bool integer, std::string_view where) {
  if (!value.is(Json::Kind::object))
    fail_at(where, "must be a tensor: an object with \"shape\" and its numbers");
  for (const auto& [key, unused] : value.members)
    if (key != "shape" && key != "data" && key != "bits" && key != "base64")
      fail_at(where,
              fmt::format("unknown field {}; a tensor has \"shape\" and \"data\", \"bits\" or \"base64\"",
                          excerpt(key)));
  const Json* shape = value.find("shape");
  if (!shape) fail_at(where, "needs \"shape\"");
  Tensor out;
  out.shape = read_shape(*shape, fmt::format("{}.shape", where));
  if (integer) return read_integers(value, std::move(out), where);

  using Reader = std::vector<double> (*)(const Json&, std::size_t, Dtype, std::string_view);
  static constexpr std::array<std::pair<std::string_view, Reader>, 3> readers{
      {{"bits", read_bits}, {"data", read_data}, {"base64", read_base64}}};
  const std::size_t count = count_of(out.shape);
  std::string_view first;
  for (const auto& [key, read] : readers) {
    const Json* numbers = value.find(key);
    if (!numbers) continue;
    std::vector<double> real = read(*numbers, count, dtype, fmt::format("{}.{}", where, key));
    if (first.empty()) {
      first = key;
      out.real = std::move(real);
      continue;
    }
    for (std::size_t i = 0; i < count; ++i)
      if (pattern(dtype, real[i]) != pattern(dtype, out.real[i]))
        fail_at(where, fmt::format("\"{}\" and \"{}\" disagree at [{}]: {} and {}", first, key, i,
                                   shortest(dtype, out.real[i]), shortest(dtype, real[i])));
  }
  if (first.empty()) fail_at(where, "needs \"data\", \"bits\" or \"base64\"");
  return out;
}

}  // namespace assay
