// Cases and verdicts in words: what a person pastes to see it again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tools/judge/judge.hpp"

namespace assay {

/// 0x1.8p-9, inf, nan.
std::string hex(double x);

/// "0.5", "12.3", "1.2e+09", "incomparable".
std::string ulps_text(double ulps);
/// "1.4", "9e+45", "inf"; nothing for NaN.
std::string condition_text(double condition);

/// Both say a number to its last bit: the shortest decimal that reads back to it in its dtype, or the bits.
enum class Numerals : std::uint8_t { decimal, hex };
/// "0.1", "NaN", "-Infinity"; or "0x1.99999ap-4", "nan", "-inf".
std::string number_text(double x, Dtype dtype, Numerals numerals);

/// "prediction 0x1.8p-9, target [0x0p+0, 0x1p+0]; delta 0.5", every number to its last bit. Of at most
/// `limit` numbers in all; empty when there are more. Parameters are decimals, always.
std::string witness(const Case& c, std::size_t limit = 12, Numerals numerals = Numerals::hex);

/// The case, or the one row of it that component `where` ("gradient.x[3]") belongs to, where the rows are
/// apart from each other.
struct Excerpt {
  Case question;
  std::string row{};  ///< "row 3 of 25"; empty: it is all of the case
};
Excerpt excerpt(const Case& c, const std::string& where);

/// "true 4.291534e-6", "true between -1 and 1"; of what a declared convention puts in its place "by the
/// convention log-clamped-100 100". In decimals that read back.
std::string truth_text(const reference::Component& truth, Dtype dtype, std::string_view convention = {});

/// "log_cosh f32 mean: 5.2 ulp (inaccurate, stable required), value[3], at prediction 0.0029296875, target 0:
/// got 4.2915387e-6, true 4.291534e-6".
std::string failure_line(const Case& c, const std::string& slug, const CaseVerdict& verdict, Grade required);

/// "tools/assay explain huber/f32/50351964cf46 -- python3 adapter.py", as a shell reads it where the
/// program was started; `command` is TESTEE as typed.
std::string reproduce_command(const std::string& id, const std::string& golden,
                              const std::vector<std::string>& command, const std::string& variant = {});

}  // namespace assay
