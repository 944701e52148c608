#include "tools/cases/canonical.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "losses/catalogue/records.hpp"
#include "tools/text/decimal.hpp"
#include "tools/text/tensor_codec.hpp"

namespace assay {
namespace {

Json canonical_parameter(const ParameterValue& value, Dtype dtype) {
  if (const auto* number = std::get_if<double>(&value)) return Json::string(bits(dtype, *number));
  if (const auto* truth = std::get_if<bool>(&value)) return Json::boolean(*truth);
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return Json::integer(*whole);
  if (const auto* text = std::get_if<std::string>(&value)) return Json::string(*text);
  Json list = Json::array();
  for (const double each : std::get<std::vector<double>>(value))
    list.items.push_back(Json::string(bits(dtype, each)));
  return list;
}

ParameterValue owned(const ParameterFacts::Value& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return std::string(*text);
  if (const auto* list = std::get_if<std::span<const double>>(&value))
    return std::vector<double>(list->begin(), list->end());
  if (const auto* truth = std::get_if<bool>(&value)) return *truth;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return *whole;
  return std::get<double>(value);
}

Json canonical_tensor(const Tensor& t, Dtype dtype) {
  Json out = tensor_to_json(t, dtype, Encoding::bits);
  std::sort(out.members.begin(), out.members.end(),
            [](const Json::Member& a, const Json::Member& b) { return a.first < b.first; });
  return out;
}

std::string sha256(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("SHA-256 is not available from this OpenSSL; ids cannot be made");
  std::string out;
  for (unsigned i = 0; i < size; ++i) out += fmt::format("{:02x}", digest[i]);
  return out;
}

}  // namespace

std::string canonical(const Case& c) {
  const Record* record = c.record();
  Json inputs = Json::object();
  for (const auto& [key, tensor] : c.inputs) inputs.add(key, canonical_tensor(tensor, c.dtype));
  Json parameters = Json::object();
  for (const auto& [key, value] : c.parameters) {
    Json written = canonical_parameter(value, c.dtype);
    // Left out when equal to its default, so that a parameter which a loss gains later changes no id.
    const ParameterFacts* facts = record ? record->parameter(key) : nullptr;
    if (facts && dump_json(written) == dump_json(canonical_parameter(owned(facts->initial), c.dtype)))
      continue;
    parameters.add(key, std::move(written));
  }
  std::vector<std::string> names = c.wrt;
  std::sort(names.begin(), names.end());
  Json wrt = Json::array();
  for (const std::string& each : names) wrt.items.push_back(Json::string(each));

  Json out = Json::object();
  out.add("dtype", Json::string(name(c.dtype)));
  out.add("inputs", std::move(inputs));
  out.add("loss", Json::string(c.loss));
  out.add("parameters", std::move(parameters));
  out.add("reduction", Json::string(name(c.reduction)));
  out.add("wrt", std::move(wrt));
  return dump_json(out);
}

std::string canonical_id(const Case& c) {
  return fmt::format("{}/{}/{}", c.loss.name(), name(c.dtype), sha256(canonical(c)).substr(0, 12));
}

}  // namespace assay
