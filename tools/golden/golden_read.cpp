// golden_file.hpp's reader. Everything that later code relies on is checked here, and named when it is wrong.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <set>

#include "losses/catalogue/records.hpp"
#include "tools/cases/canonical.hpp"
#include "tools/golden/golden_file.hpp"
#include "tools/text/atomic_file.hpp"
#include "tools/text/codec.hpp"
#include "tools/text/decimal.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

using reference::Component;
using reference::TensorTruth;
using Names = std::initializer_list<std::string_view>;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Every field required and every optional one allowed, nothing else.
void expect_fields(const Json& value, Names required, Names optional, std::string_view where) {
  if (!value.is(Json::Kind::object)) fail_at(where, "must be an object");
  for (const std::string_view each : required)
    if (!value.find(each)) fail_at(where, fmt::format("needs \"{}\"", each));
  const auto among = [](Names names, std::string_view key) {
    return std::find(names.begin(), names.end(), key) != names.end();
  };
  for (const auto& [key, unused] : value.members)
    if (!among(required, key) && !among(optional, key)) fail_at(where, "unknown field " + excerpt(key));
}

std::vector<std::string> texts(const Json& value, std::string_view where) {
  if (!value.is(Json::Kind::array)) fail_at(where, "must be a list of texts");
  std::vector<std::string> out;
  for (const Json& each : value.items) out.push_back(text_from_json(each, where));
  return out;
}

void expect_text(const Json& value, std::string_view wanted, std::string_view where) {
  if (text_from_json(value, where) != wanted)
    fail_at(where, fmt::format("is {}; it must be \"{}\"", excerpt(value.text), wanted));
}

const std::vector<Json>& list(const Json& value, std::size_t count, std::string_view where) {
  if (!value.is(Json::Kind::array)) fail_at(where, "must be a list");
  if (value.items.size() != count)
    fail_at(where, fmt::format("has {} entries; the shape needs {}", value.items.size(), count));
  return value.items;
}

bool is_decimal(std::string_view s) {
  if (s == "NaN" || s == "Infinity" || s == "-Infinity") return true;
  if (s.empty() || s.find_first_not_of("0123456789+-.eE") != std::string_view::npos) return false;
  double x = 0;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), x);
  return end == s.data() + s.size() && error != std::errc::invalid_argument;
}

void read_hull(const Json& value, TensorTruth& out, Dtype dtype, const std::string& where) {
  const Json *lower = value.find("lower"), *upper = value.find("upper");
  if (!lower != !upper) fail_at(where, "\"lower\" and \"upper\" go together");
  if (!lower) return;
  const auto& lows = list(*lower, out.components.size(), where + ".lower");
  const auto& highs = list(*upper, out.components.size(), where + ".upper");
  for (std::size_t i = 0; i < out.components.size(); ++i) {
    Component& c = out.components[i];
    c.lower = number_from_json(lows[i], dtype, fmt::format("{}.lower[{}]", where, i));
    c.upper = number_from_json(highs[i], dtype, fmt::format("{}.upper[{}]", where, i));
    if (std::isnan(c.rounded)) {
      // Everything passes where NaN stands between the infinities; a bare NaN is the answer wanted.
      c.checked = !(c.lower == -infinity && c.upper == infinity);
      c.lower = c.upper = nan;
    } else if (!(c.lower <= c.rounded && c.rounded <= c.upper)) {
      fail_at(where, fmt::format("[{}]: {} does not lie between \"lower\" and \"upper\"", i,
                                 shortest(dtype, c.rounded)));
    }
  }
}

/// One number for all components, or one each.
const Json& shared(const Json& value, std::size_t i, std::size_t count, std::string_view where) {
  return value.is(Json::Kind::array) ? list(value, count, where)[i] : value;
}

void read_reach_and_scale(const Json& value, TensorTruth& out, const std::string& where) {
  const Json &reach = *value.find("reach"), &scale = *value.find("scale");
  const std::size_t count = out.components.size();
  for (std::size_t i = 0; i < count; ++i) {
    Component& c = out.components[i];
    c.input_count = integer_from_json(shared(reach, i, count, where + ".reach"), where + ".reach");
    if (c.input_count < 1) fail_at(where, fmt::format("reach is {}; it must be at least 1", c.input_count));
    c.scale = number_from_json(shared(scale, i, count, where + ".scale"), Dtype::f64, where + ".scale");
    if (!(c.scale >= 0)) fail_at(where, "scale must be a number and not negative");
  }
}

TensorTruth read_expected(const Json& value, Dtype dtype, const std::string& where) {
  expect_fields(value, {"shape", "bits", "sensitivity", "reach", "scale"},
                {"data", "lower", "upper", "digits", "offset"}, where);
  Json numbers = Json::object();
  for (const std::string_view each : {"shape", "bits", "data"})
    if (const Json* field = value.find(each)) numbers.add(each, *field);
  Tensor rounded = tensor_from_json(numbers, dtype, false, where);

  TensorTruth out;
  out.shape = std::move(rounded.shape);
  for (const double x : rounded.real) {
    Component c;
    c.rounded = c.lower = c.upper = x;
    out.components.push_back(std::move(c));
  }
  const std::size_t count = out.components.size();
  read_hull(value, out, dtype, where);

  const Json *digits = value.find("digits"), *offset = value.find("offset");
  if (!digits == !offset) fail_at(where, "needs either \"digits\" or \"offset\"");
  if (digits) {
    const auto& items = list(*digits, count, where + ".digits");
    for (std::size_t i = 0; i < count; ++i) {
      out.components[i].digits = text_from_json(items[i], where + ".digits");
      if (!is_decimal(out.components[i].digits))
        fail_at(where, fmt::format("digits[{}] is {}, not a decimal", i, excerpt(out.components[i].digits)));
    }
  } else {
    const auto& items = list(*offset, count, where + ".offset");
    for (std::size_t i = 0; i < count; ++i)
      if (!items[i].is(Json::Kind::null))
        out.components[i].offset =
            number_from_json(items[i], Dtype::f64, fmt::format("{}.offset[{}]", where, i));
  }
  const auto& sensitivities = list(*value.find("sensitivity"), count, where + ".sensitivity");
  for (std::size_t i = 0; i < count; ++i) {
    double& a = out.components[i].sensitivity;
    const Json& item = sensitivities[i];
    a = item.is(Json::Kind::null)
            ? nan
            : number_from_json(item, Dtype::f64, fmt::format("{}.sensitivity[{}]", where, i));
    if (a < 0) fail_at(where, fmt::format("sensitivity[{}] is negative", i));
  }
  read_reach_and_scale(value, out, where);
  return out;
}

void read_gradient(const Json& value, GoldenCase& out, const std::string& where) {
  if (!value.is(Json::Kind::object)) fail_at(where, "must be an object");
  for (const auto& [name, tensor] : value.members)
    out.truth.gradient.emplace(name,
                               read_expected(tensor, out.question.dtype, where + "." + excerpt_name(name)));
  std::set<std::string> wanted(out.question.wrt.begin(), out.question.wrt.end()), given;
  for (const auto& [name, unused] : out.truth.gradient) given.insert(name);
  if (wanted != given)
    fail_at(where,
            fmt::format("has [{}]; wrt names [{}]", printable(fmt::format("{}", fmt::join(given, ", "))),
                        fmt::join(wanted, ", ")));
  for (const auto& [name, tensor] : out.truth.gradient)
    if (tensor.shape != out.question.inputs.at(name).shape)
      fail_at(where + "." + name, "must have the input's shape");
}

ConventionalAnswer read_convention(const Json& value, const Case& question, const std::string& where) {
  expect_fields(value, {"name", "used_by", "value"}, {"gradient"}, where);
  ConventionalAnswer out;
  out.name = text_from_json(*value.find("name"), where + ".name");
  out.used_by = texts(*value.find("used_by"), where + ".used_by");
  out.value = tensor_from_json(*value.find("value"), question.dtype, false, where + ".value");
  if (out.value.shape != value_shape(question)) fail_at(where + ".value", "must have the value's shape");
  if (const Json* gradient = value.find("gradient")) {
    if (!gradient->is(Json::Kind::object)) fail_at(where + ".gradient", "must be an object");
    for (const auto& [name, tensor] : gradient->members) {
      if (std::find(question.wrt.begin(), question.wrt.end(), name) == question.wrt.end())
        fail_at(where + ".gradient", fmt::format("has {}, which wrt does not name", excerpt(name)));
      Tensor read = tensor_from_json(tensor, question.dtype, false, where + ".gradient." + name);
      if (read.shape != question.inputs.at(name).shape)
        fail_at(where + ".gradient." + name, "must have the input's shape");
      out.gradient.emplace(name, std::move(read));
    }
  }
  return out;
}

void read_expectation(const Json& value, GoldenCase& out) {
  if (value.find("error")) {
    expect_fields(value, {"error"}, {}, "expected");
    out.error = value.find("error")->is(Json::Kind::boolean) && value.find("error")->truth;
    if (!out.error) fail_at("expected.error", "must be true, or left out");
    return;
  }
  if (const auto why = why_invalid(out.question))
    fail_at("outside the domain, but not marked as an error", *why);
  expect_fields(value, {"value", "gradient"}, {"conventions"}, "expected");
  out.truth.value = read_expected(*value.find("value"), out.question.dtype, "expected.value");
  if (out.truth.value.shape != value_shape(out.question))
    fail_at("expected.value", "must have the value's shape");
  read_gradient(*value.find("gradient"), out, "expected.gradient");
  if (const Json* conventions = value.find("conventions")) {
    if (!conventions->is(Json::Kind::array)) fail_at("expected.conventions", "must be a list");
    for (std::size_t i = 0; i < conventions->items.size(); ++i)
      out.conventions.push_back(
          read_convention(conventions->items[i], out.question, fmt::format("expected.conventions[{}]", i)));
  }
}

Regime read_regime(const Json& value, const GoldenCase& golden) {
  const std::string& text = text_from_json(value, "regime");
  const std::optional<Regime> regime = regime_named(text);
  if (!regime) {
    std::vector<std::string_view> known;
    for (const Regime each : regimes) known.push_back(name(each));
    fail_at("regime", fmt::format("is {}; it must be \"{}\"", excerpt(text), fmt::join(known, "\" or \"")));
  }
  if ((*regime == Regime::invalid) != golden.error)
    fail_at("regime", "must be \"invalid\" where an error is expected, and nowhere else");
  return *regime;
}

GoldenCase read_case(const Json& value, const GoldenFile& file) {
  GoldenCase out;
  out.question = case_from_json(value, {"slug", "flags", "regime", "comment", "expected"});
  expect_fields(value, {"id", "slug", "flags", "regime", "comment", "expected"},
                {"loss", "dtype", "reduction", "parameters", "inputs", "wrt"}, "case");
  if (out.question.loss != file.loss)
    fail_at("loss", fmt::format("is {}; this is a file of {}", excerpt(out.question.loss), file.loss));
  if (out.question.dtype != file.dtype)
    fail_at("dtype", fmt::format("is {}; this is a file of {}", name(out.question.dtype), name(file.dtype)));
  if (const std::string id = canonical_id(out.question); out.question.id != id)
    fail_at("id", fmt::format("the case's content makes it {}; the case was changed, or its id was", id));
  out.slug = text_from_json(*value.find("slug"), "slug");
  out.flags = texts(*value.find("flags"), "flags");
  out.comment = text_from_json(*value.find("comment"), "comment");
  read_expectation(*value.find("expected"), out);
  out.regime = read_regime(*value.find("regime"), out);
  return out;
}

void read_generator(const Json& value, GoldenFile& out) {
  expect_fields(value, {"name", "version", "seed"}, {}, "generator");
  expect_text(*value.find("name"), "assay", "generator.name");
  out.version = text_from_json(*value.find("version"), "generator.version");
  const Json& seed = *value.find("seed");
  const auto [end, error] = std::from_chars(seed.text.data(), seed.text.data() + seed.text.size(), out.seed);
  if (!seed.is(Json::Kind::number) || error != std::errc{} || end != seed.text.data() + seed.text.size())
    fail_at("generator.seed", "must be a whole number from 0 to 18446744073709551615");
}

void read_notes(const Json& value, GoldenFile& out) {
  if (!value.is(Json::Kind::object)) fail_at("notes", "must be an object");
  for (const auto& [key, note] : value.members) {
    const std::string where = "notes." + excerpt(key);
    expect_fields(note, {"kind", "description", "effect", "links"}, {}, where);
    out.notes[key] = {text_from_json(*note.find("kind"), where),
                      text_from_json(*note.find("description"), where),
                      text_from_json(*note.find("effect"), where), texts(*note.find("links"), where)};
  }
}

}  // namespace

GoldenFile golden_from_json(const Json& value) {
  expect_fields(value, {"schema", "loss", "dtype", "count", "license", "generator", "notes", "cases"}, {},
                "file");
  expect_text(*value.find("schema"), "assay-golden-v1", "schema");
  expect_text(*value.find("license"), "CC0-1.0", "license");
  GoldenFile out;
  out.loss = text_from_json(*value.find("loss"), "loss");
  if (!find(out.loss))
    fail_at("loss", fmt::format("is {}, which the catalogue does not have", excerpt(out.loss)));
  const std::string& dtype = text_from_json(*value.find("dtype"), "dtype");
  const std::optional<Dtype> known = dtype_named(dtype);
  if (!known)
    fail_at("dtype",
            fmt::format("is {}; it must be \"{}\"", excerpt(dtype), fmt::join(dtype_names, "\" or \"")));
  out.dtype = *known;
  read_generator(*value.find("generator"), out);
  read_notes(*value.find("notes"), out);

  const Json& cases = *value.find("cases");
  if (!cases.is(Json::Kind::array)) fail_at("cases", "must be a list");
  if (const std::int64_t count = integer_from_json(*value.find("count"), "count");
      count != static_cast<std::int64_t>(cases.items.size()))
    fail_at("count", fmt::format("is {}; there are {} cases", count, cases.items.size()));
  std::set<std::string> seen;
  for (std::size_t i = 0; i < cases.items.size(); ++i) {
    const Json* id = cases.items[i].find("id");
    const std::string where = id && id->is(Json::Kind::string) ? "case " + printable(id->text.substr(0, 100))
                                                               : fmt::format("cases[{}]", i);
    try {
      out.cases.push_back(read_case(cases.items[i], out));
    } catch (const CodecError& e) {
      fail_at(where, e.what());
    }
    if (!seen.insert(out.cases.back().question.id).second) fail_at(where, "stands in the file twice");
  }
  return out;
}

GoldenFile read_golden(const std::filesystem::path& path) {
  const std::string content = read_file(path);
  try {
    return golden_from_json(parse_json(content));
  } catch (const std::runtime_error& e) {  // JsonError, CodecError: both one line
    fail_at(printable(path.string()), e.what());
  }
}

}  // namespace assay
