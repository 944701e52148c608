// One request of the protocol answered: what `assay serve` says, without how it is carried.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "reference/cases/case.hpp"
#include "tools/text/json.hpp"

namespace assay {

class Engine {
 public:
  virtual ~Engine() = default;

  struct Reply {
    std::string line;
    bool bye = false;  ///< the conversation is over, and there is no line
  };
  /// Never throws: whatever is wrong with the request, or with its case, is the reply.
  Reply reply(std::string_view request);

  /// The reply to a line that was too long to be kept.
  static std::string too_long();

 private:
  Json answer(const Json& request, const std::string& id);
  /// Adds "value" and "gradient", or "error", to a reply.
  virtual void evaluate(const Case& c, Json& reply) = 0;
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// Numbers that an answer may hold, so that it fits into a line.
  [[nodiscard]] virtual std::int64_t most_numbers() const = 0;
};

/// "reference" or "kernels"; null for any other name.
std::unique_ptr<Engine> engine(std::string_view name);

}  // namespace assay
