#include "tools/testees/plugin_header.hpp"

#include <cstring>

#include "losses/catalogue/records.hpp"

namespace assay {
namespace {

class Writer {
 public:
  Writer() { text_.reserve(1024); }

  template <class T>
  void number(T x) {
    static_assert(sizeof(T) == 8);
    text_.append(reinterpret_cast<const char*>(&x), sizeof x);
  }
  void size(std::size_t n) { number(static_cast<std::uint64_t>(n)); }
  void string(std::string_view text) {
    size(text.size());
    text_ += text;
    text_.append(8 - text_.size() % 8, '\0');
  }
  template <class T>
  void list(const T* from, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) number(from[i]);
  }
  /// Padded to where the tensors begin, which stands in front.
  std::string take() {
    text_.resize((text_.size() + 63) / 64 * 64, '\0');
    const std::uint64_t all = text_.size();
    std::memcpy(text_.data(), &all, sizeof all);
    return std::move(text_);
  }

 private:
  std::string text_;
};

/// Reads what the host has just written, in this process or the one before it.
class Reader {
 public:
  explicit Reader(std::byte* at) : at_(at) {}

  template <class T>
  T number() {
    T x;
    std::memcpy(&x, at_, sizeof x);
    at_ += sizeof x;
    return x;
  }
  std::size_t size() { return static_cast<std::size_t>(number<std::uint64_t>()); }
  const char* string(std::size_t* length = nullptr) {
    const std::size_t n = size();
    const char* text = reinterpret_cast<const char*>(at_);
    at_ += n + 8 - n % 8;
    if (length) *length = n;
    return text;
  }
  template <class T>
  T* list(std::size_t n) {
    T* first = reinterpret_cast<T*>(at_);
    at_ += n * sizeof(T);
    return n == 0 ? nullptr : first;
  }

 private:
  std::byte* at_;
};

double real(const ParameterValue& value) {
  if (const auto* x = std::get_if<double>(&value)) return *x;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? 1 : 0;
  return 0;
}

std::int64_t whole(const ParameterValue& value) {
  if (const auto* given = std::get_if<std::int64_t>(&value)) return *given;
  return static_cast<std::int64_t>(real(value));
}

/// The value is given, or the catalogue's.
void write_parameter(Writer& out, const ParameterFacts& facts, const ParameterValue* given, Dtype dtype) {
  struct Visit {
    Writer& out;
    const ParameterValue* given;
    Dtype dtype;

    void operator()(double x) const {
      out.number(std::int64_t{ASSAY_REAL});
      out.number(round_to(dtype, given ? real(*given) : x));
    }
    void operator()(bool truth) const {
      out.number(std::int64_t{ASSAY_BOOLEAN});
      out.number(given ? whole(*given) : std::int64_t{truth});
    }
    void operator()(std::int64_t x) const {
      out.number(std::int64_t{ASSAY_INTEGER});
      out.number(given ? whole(*given) : x);
    }
    void operator()(std::string_view text) const {
      out.number(std::int64_t{ASSAY_TEXT});
      out.string(given ? std::string_view(std::get<std::string>(*given)) : text);
    }
    void operator()(std::span<const double> list) const {
      if (given) list = std::get<std::vector<double>>(*given);
      out.number(std::int64_t{ASSAY_LIST});
      out.size(list.size());
      for (const double x : list) out.number(round_to(dtype, x));
    }
  };
  out.string(facts.name);
  std::visit(Visit{out, given, dtype}, facts.initial);
}

}  // namespace

std::string plugin_header(const Case& c, const std::vector<PlacedTensor>& tensors, std::size_t inputs) {
  Writer out;
  out.size(0);
  out.string(c.loss.name());
  out.string(c.variant);
  out.string(name(c.dtype));
  out.string(name(c.reduction));
  const std::vector<ParameterFacts>& parameters = c.record()->parameters;
  out.size(parameters.size());
  for (const ParameterFacts& each : parameters) {
    const auto given = c.parameters.find(std::string(each.name));
    write_parameter(out, each, given == c.parameters.end() ? nullptr : &given->second, c.dtype);
  }
  out.size(tensors.size());
  out.size(inputs);
  for (const PlacedTensor& each : tensors) {
    out.string(each.name);
    out.number(std::int64_t{each.input && each.input->is_integer ? kDLInt : kDLFloat});
    out.size(8 * each.width);
    out.size(each.begin);
    out.size(each.shape.size());
    out.size(each.strides.size());
    out.list(each.shape.data(), each.shape.size());
    out.list(each.strides.data(), each.strides.size());
  }
  return out.take();
}

const AssayRequest& PluginRequest::read(std::byte* memory, char* message, std::size_t message_size) {
  Reader in(memory);
  std::byte* const numbers = memory + in.size();
  request_ = AssayRequest{};
  request_.size = sizeof request_;
  request_.loss = in.string();
  request_.variant = in.string();
  request_.dtype = in.string();
  request_.reduction = in.string();
  parameters_.assign(in.size(), AssayParameter{});
  for (AssayParameter& each : parameters_) {
    each.name = in.string();
    each.kind = static_cast<std::int32_t>(in.number<std::int64_t>());
    switch (static_cast<AssayParameterKind>(each.kind)) {
      case ASSAY_REAL:
        each.real = in.number<double>();
        break;
      case ASSAY_INTEGER:
      case ASSAY_BOOLEAN:
        each.integer = in.number<std::int64_t>();
        each.real = static_cast<double>(each.integer);
        break;
      case ASSAY_TEXT:
        each.text = in.string(&each.length);
        break;
      case ASSAY_LIST:
        each.length = in.size();
        each.list = in.list<double>(each.length);
        break;
    }
  }
  tensors_.assign(in.size(), DLTensor{});
  inputs_.resize(in.size());
  outputs_.resize(tensors_.size() - inputs_.size());
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    DLTensor& each = tensors_[i];
    const char* name = in.string();
    each.device = {kDLCPU, 0};
    each.dtype.code = static_cast<std::uint8_t>(in.number<std::int64_t>());
    each.dtype.bits = static_cast<std::uint8_t>(in.size());
    each.dtype.lanes = 1;
    each.data = numbers + in.size();
    const std::size_t rank = in.size(), strides = in.size();
    each.ndim = static_cast<std::int32_t>(rank);
    each.shape = in.list<std::int64_t>(rank);
    each.strides = in.list<std::int64_t>(strides);
    if (i < inputs_.size())
      inputs_[i] = {name, &each};
    else
      outputs_[i - inputs_.size()] = {name, &each};
  }
  request_.parameters = parameters_.data();
  request_.parameter_count = parameters_.size();
  request_.inputs = inputs_.data();
  request_.input_count = inputs_.size();
  request_.outputs = outputs_.data();
  request_.output_count = outputs_.size();
  request_.message = message;
  request_.message_size = message_size;
  message[0] = '\0';
  return request_;
}

}  // namespace assay
