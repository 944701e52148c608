#include "tools/golden/handpicked.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "losses/catalogue/records.hpp"
#include "tools/golden/named_number.hpp"
#include "tools/text/atomic_file.hpp"
#include "tools/text/codec_error.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

namespace fs = std::filesystem;
using Type = Json::Kind;

const Json& need(const Json& object, std::string_view key, Type type, const std::string& where) {
  const Json* found = object.find(key);
  if (!found || !found->is(type)) fail_at(where, fmt::format("\"{}\" is missing or of the wrong type", key));
  return *found;
}

void only(const Json& object, const std::vector<std::string_view>& known, const std::string& where) {
  if (!object.is(Type::object)) fail_at(where, "must be an object");
  for (const auto& [key, value] : object.members)
    if (std::find(known.begin(), known.end(), key) == known.end())
      fail_at(where,
              fmt::format("unknown field \"{}\"; there are {}", printable(key), fmt::join(known, ", ")));
}

std::vector<std::string> texts(const Json& list, const std::string& where) {
  std::vector<std::string> out;
  if (!list.is(Type::array)) fail_at(where, "must be a list of texts");
  for (const Json& each : list.items) {
    if (!each.is(Type::string)) fail_at(where, "must be a list of texts");
    out.push_back(each.text);
  }
  return out;
}

std::int64_t whole(const Json& value, const std::string& where) {
  std::int64_t out = 0;
  const char* end = value.text.data() + value.text.size();
  if (!value.is(Type::number) || std::from_chars(value.text.data(), end, out).ptr != end)
    fail_at(where, "must be a whole number");
  return out;
}

double real(const Json& value, Dtype dtype, const std::string& where) {
  if (!value.is(Type::number) && !value.is(Type::string))
    fail_at(where, "must be a number or the name of one");
  return number_named(value.text, dtype, where);
}

/// Nested lists, whose nesting is the shape; or {"shape", "fill", "set"} for a long tensor that is all but
/// constant.
struct TensorReader {
  Dtype dtype;
  bool integer;
  const std::string& where;
  Tensor out{};

  void put(const Json& value, std::size_t at) {
    if (integer)
      out.integer.at(at) = whole(value, where);
    else
      out.real.at(at) = real(value, dtype, where);
  }
  void append(const Json& value, std::size_t depth) {
    if (depth == out.shape.size()) {
      integer ? out.integer.push_back(0) : out.real.push_back(0);
      return put(value, out.size() - 1);
    }
    if (!value.is(Type::array) || static_cast<std::int64_t>(value.items.size()) != out.shape[depth])
      fail_at(where, "rows differ in length");
    for (const Json& each : value.items) append(each, depth + 1);
  }
  Tensor read(const Json& value) {
    out.is_integer = integer;
    if (value.is(Type::object)) return filled(value);
    for (const Json* level = &value; level->is(Type::array); level = &level->items.front()) {
      out.shape.push_back(static_cast<std::int64_t>(level->items.size()));
      if (level->items.empty()) break;
    }
    append(value, 0);
    return std::move(out);
  }
  Tensor filled(const Json& value) {
    only(value, {"shape", "fill", "set"}, where);
    for (const Json& each : need(value, "shape", Type::array, where).items)
      out.shape.push_back(whole(each, where));
    const auto size = static_cast<std::size_t>(product(out.shape));
    integer ? out.integer.resize(size) : out.real.resize(size);
    if (const Json* fill = value.find("fill"))
      for (std::size_t i = 0; i < size; ++i) put(*fill, i);
    if (const Json* set = value.find("set"))
      for (const auto& [key, number] : set->members) {
        const std::int64_t at = whole(Json::number(key), where);
        if (at < 0 || static_cast<std::size_t>(at) >= size)
          fail_at(where, "\"set\" names a place outside the shape");
        put(number, static_cast<std::size_t>(at));
      }
    return std::move(out);
  }
};

ParameterValue parameter(const Json& value, const ParameterFacts* facts, Dtype dtype,
                         const std::string& where) {
  switch (value.kind) {
    case Type::boolean:
      return value.truth;
    case Type::array: {
      std::vector<double> out;
      for (const Json& each : value.items) out.push_back(real(each, dtype, where));
      return out;
    }
    case Type::string:
      if (facts && std::holds_alternative<double>(facts->initial)) return real(value, dtype, where);
      return value.text;
    case Type::number:
      if (facts && std::holds_alternative<std::int64_t>(facts->initial)) return whole(value, where);
      return real(value, dtype, where);
    case Type::null:
    case Type::object:
      break;
  }
  fail_at(where, "must be a number, a text, true, false or a list of numbers");
}

Note note_from(const Json& value, const std::string& where) {
  only(value, {"kind", "description", "effect", "links"}, where);
  return {need(value, "kind", Type::string, where).text, need(value, "description", Type::string, where).text,
          need(value, "effect", Type::string, where).text,
          texts(need(value, "links", Type::array, where), where)};
}

/// Adds what is not there: the first explanation of a flag stands.
void add_notes(const Json& object, const std::string& where, std::map<std::string, Note>& out) {
  for (const auto& [flag, note] : object.members)
    out.emplace(flag, note_from(note, where + ": note " + flag));
}

Reduction reduction_named(const std::string& text, const std::string& where) {
  for (const Reduction each : {Reduction::none, Reduction::mean, Reduction::sum})
    if (name(each) == text) return each;
  fail_at(where, "must be none, mean or sum");
}

AnnotatedCase case_from(const Json& value, const Record& record, Dtype dtype, const std::string& where) {
  only(value,
       {"slug", "comment", "flags", "dtypes", "reduction", "parameters", "inputs", "wrt", "cotangent",
        "error"},
       where);
  AnnotatedCase out;
  out.slug = need(value, "slug", Type::string, where).text;
  out.comment = need(value, "comment", Type::string, where).text;
  out.flags = texts(need(value, "flags", Type::array, where), where + ".flags");
  if (const Json* error = value.find("error")) out.error = error->truth;
  Case& c = out.question;
  c.loss = record.name;
  c.dtype = dtype;
  if (const Json* reduction = value.find("reduction"))
    c.reduction = reduction_named(reduction->text, where + ".reduction");
  if (const Json* parameters = value.find("parameters"))
    for (const auto& [key, each] : parameters->members)
      c.parameters[key] = parameter(each, record.parameter(key), dtype, where + "." + key);
  for (const auto& [key, each] : need(value, "inputs", Type::object, where).members) {
    const Input* input = record.input(key);
    const std::string at = where + "." + key;
    c.inputs[key] = TensorReader{dtype, input && input->integer, at}.read(each);
    if (input && under_parameters(record, *input, c).differentiable()) c.wrt.push_back(key);
  }
  if (const Json* cotangent = value.find("cotangent")) {
    const std::string at = where + ".cotangent";
    c.inputs["cotangent"] = TensorReader{dtype, false, at}.read(*cotangent);
  }
  if (const Json* wrt = value.find("wrt")) c.wrt = texts(*wrt, where + ".wrt");
  c = complete(std::move(c));
  return out;
}

bool concerns(const Json& entry, Dtype dtype, const std::string& where) {
  const Json* dtypes = entry.find("dtypes");
  if (!dtypes) return true;
  const std::vector<std::string> named = texts(*dtypes, where + ".dtypes");
  return std::find(named.begin(), named.end(), name(dtype)) != named.end();
}

Json parsed(const fs::path& path) {
  try {
    return parse_json(read_file(path));
  } catch (const JsonError& e) {
    fail_at(printable(path.string()), e.what());
  } catch (const FileError& e) {
    throw CodecError(e.what());
  }
}

}  // namespace

Handpicked read_handpicked(const fs::path& folder, const Record& record, Dtype dtype) {
  Handpicked out;
  const fs::path shared = folder / "notes.json", path = folder / (std::string(record.name) + ".json");
  const auto add_shared = [&] { add_notes(parsed(shared), printable(shared.string()), out.notes); };
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    add_shared();
    return out;
  }
  const Json file = parsed(path);
  const std::string where = printable(path.string());
  only(file, {"loss", "notes", "omit", "cases"}, where);
  if (need(file, "loss", Type::string, where).text != record.name)
    fail_at(where, fmt::format("\"loss\" must be \"{}\", as the file's name says", record.name));
  add_notes(need(file, "notes", Type::object, where), where, out.notes);
  add_shared();
  if (const Json* omit = file.find("omit"))
    for (const Json& each : omit->items) {
      only(each, {"slug", "dtypes", "reason"}, where + ": omit");
      if (concerns(each, dtype, where))
        out.omitted[need(each, "slug", Type::string, where).text] =
            need(each, "reason", Type::string, where).text;
    }
  for (const Json& each : need(file, "cases", Type::array, where).items) {
    const Json* slug = each.find("slug");
    const std::string at = fmt::format("{}: case \"{}\"", where, slug ? printable(slug->text) : "");
    if (!concerns(each, dtype, at)) continue;
    out.cases.push_back(case_from(each, record, dtype, at));
    const auto same = [&](const AnnotatedCase& other) { return other.slug == out.cases.back().slug; };
    if (std::count_if(out.cases.begin(), out.cases.end(), same) > 1) fail_at(at, "this slug is taken");
    for (const std::string& flag : out.cases.back().flags)
      if (!out.notes.contains(flag)) fail_at(at, fmt::format("flag \"{}\" has no note", printable(flag)));
  }
  return out;
}

}  // namespace assay
