#include "tools/text/program_name.hpp"

#include <cstdlib>
#include <utility>

namespace assay {
namespace {

std::string& current() {
  static std::string name = "assay";
  return name;
}

}  // namespace

const std::string& program_name() { return current(); }

void set_program_name(std::string name) { current() = std::move(name); }

std::string name_from_environment(const char* argument) {
  constexpr const char* variable = "ASSAY_CALLED_AS";
  const char* called = std::getenv(variable);
  std::string name = called && *called ? called : argument && *argument ? argument : "assay";
  unsetenv(variable);
  return name;
}

}  // namespace assay
