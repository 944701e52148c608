#include "tools/testees/plugin_library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <array>
#include <cstring>
#include <exception>
#include <filesystem>

#include "tools/testees/quotation.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

constexpr std::size_t message_bytes = 1024;

/// Whether the plugin's table reaches as far as that member.
template <class Member>
bool has(const AssayTestee& table, const Member AssayTestee::*member) {
  const auto end = reinterpret_cast<const char*>(&(table.*member)) + sizeof(Member) -
                   reinterpret_cast<const char*>(&table);
  return table.size >= static_cast<std::size_t>(end);
}

/// Runs a function of the plugin. What it throws ends here; nothing where it threw nothing.
template <class Call>
std::optional<std::string> thrown_by(Call call) {
  try {
    call();
    return std::nullopt;
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "of a type that is no std::exception";
  }
}

}  // namespace

PluginLibrary::PluginLibrary(const std::string& path) : path_(printable(path)) {
  // A name without a slash would be looked for among the system's libraries.
  void* const library = dlopen(std::filesystem::absolute(path).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) throw TesteeError(fmt::format("cannot load the plugin {}: {}", path_, brief(dlerror())));
  void* const symbol = dlsym(library, "assay_testee_v1");
  if (!symbol)
    throw TesteeError(
        fmt::format("{} exports no assay_testee_v1, so it is no plugin; see assay/testee.h", path_));
  if (auto what = thrown_by([&] { table_ = reinterpret_cast<decltype(&assay_testee_v1)>(symbol)(); }))
    throw TesteeError(fmt::format("assay_testee_v1 of {} let an exception out: {}", path_, brief(*what)));
  if (!table_)
    throw TesteeError(
        fmt::format("assay_testee_v1 of {} gives no table, so the plugin cannot serve here", path_));
  if (!has(*table_, &AssayTestee::answer) || !table_->describe || !table_->answer)
    throw TesteeError(
        fmt::format("the table of {} lacks describe or answer: its size says {} bytes", path_, table_->size));
}

Json PluginLibrary::describe() const {
  const char* text = nullptr;
  if (auto what = thrown_by([&] { text = table_->describe(); }))
    throw TesteeError(fmt::format("describe of {} let an exception out: {}", path_, brief(*what)));
  if (!text) throw TesteeError(fmt::format("describe of {} gives NULL, not the text of a handshake", path_));
  try {
    Json handshake = parse_json(text);
    if (handshake.is(Json::Kind::object)) return handshake;
  } catch (const JsonError& e) {
    throw TesteeError(
        fmt::format("describe of {} gives no JSON: {}: {}", path_, brief(e.what()), quoted(text)));
  }
  throw TesteeError(fmt::format("describe of {} gives no JSON object: {}", path_, quoted(text)));
}

PluginReply PluginLibrary::answer(std::byte* memory) {
  std::array<char, message_bytes> message;
  const AssayRequest& request = request_.read(memory, message.data(), message.size());
  PluginReply reply;
  if (auto what = thrown_by([&] { reply.outcome = table_->answer(&request); }))
    return {PluginReply::threw, *what};
  // One that threw has a number of its own, which the plugin's own answers must not meet.
  if (reply.outcome == PluginReply::threw) reply.outcome = -2;
  reply.message.assign(message.data(), strnlen(message.data(), message.size()));
  return reply;
}

Tensor PluginLibrary::echo(const Tensor& sent, Dtype dtype) const {
  if (!has(*table_, &AssayTestee::echo) || !table_->echo) return sent;
  return visit(dtype, [&]<class T>() {
    std::vector<T> from(sent.real.size()), to(sent.real.size());
    for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<T>(sent.real[i]);
    std::int64_t count = static_cast<std::int64_t>(from.size());
    DLTensor in{};
    in.data = from.data();
    in.device = {kDLCPU, 0};
    in.ndim = 1;
    in.dtype = {kDLFloat, static_cast<std::uint8_t>(8 * sizeof(T)), 1};
    in.shape = &count;
    DLTensor out = in;
    out.data = to.data();
    std::int32_t outcome = 0;
    if (auto what = thrown_by([&] { outcome = table_->echo(&in, &out); }))
      throw TesteeError(fmt::format("echo let an exception out: {}", brief(*what)));
    if (outcome != 0) throw TesteeError(fmt::format("echo returned {}", outcome));
    Tensor came;
    came.shape = sent.shape;
    came.real.assign(to.begin(), to.end());
    return came;
  });
}

}  // namespace assay
