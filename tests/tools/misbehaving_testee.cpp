// A testee that does one thing wrong, named by its first argument. Its second argument names a file to which
// it appends its process id and those of the processes that it starts. The answer to a case is the first
// number of the case's prediction, so that a wrong assignment shows.
#include <poll.h>
#include <unistd.h>

#include <cfloat>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <initializer_list>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace {

std::string behaviour;
std::string pid_file;

bool does(const char* what) { return behaviour == what; }

void say(const std::string& line) { std::cout << line << std::endl; }

void record(pid_t pid) {
  if (!pid_file.empty()) std::ofstream(pid_file, std::ios::app) << pid << std::endl;
}

bool first_process() {
  std::ifstream file(pid_file);
  std::string first, second;
  file >> first >> second;
  return second.empty();
}

[[noreturn]] void crash() {
  std::signal(SIGSEGV, SIG_DFL);
  std::raise(SIGSEGV);
  std::_Exit(1);
}

[[noreturn]] void hang() {
  for (;;) pause();
}

/// The value of a member, as it is written: a string without its quotes, or a balanced object or array.
std::string member(const std::string& line, const std::string& key, std::size_t from = 0) {
  const std::string quoted = std::string(1, '"') + key + '"';
  std::size_t at = line.find(quoted, from);
  if (at == std::string::npos) return "";
  at += quoted.size();
  while (line[at] == ':' || line[at] == ' ') ++at;
  if (line[at] == '"') return line.substr(at + 1, line.find('"', at + 1) - at - 1);
  std::size_t end = at;
  int depth = 0;
  do {
    depth += line[end] == '{' || line[end] == '[';
    depth -= line[end] == '}' || line[end] == ']';
    ++end;
  } while (depth > 0 && end < line.size());
  return line.substr(at, end - at);
}

std::string object(std::initializer_list<std::string> pieces) {
  std::string out = "{";
  for (const std::string& each : pieces) out += each;
  return out + "}";
}

std::string answer(const std::string& line) {
  std::string data = member(line, "data", line.find("\"prediction\""));
  if (member(line, "variant") == "core")
    data = "[" + std::to_string(1000 + std::strtod(&data[1], nullptr)) + "]";
  static std::string first;
  if (first.empty()) first = member(line, "id");
  const std::string id = does("one-id") || does("one-id-for-cases") ? "1"
                         : does("first-id")                         ? first
                                                                    : member(line, "id");
  return object({R"("id": ")", id, R"(", "value": {"shape": [], "data": )", data, R"(}, "gradient": {})"});
}

std::string flushed(const std::string& echo, double least_normal) {
  const std::string numbers = member(echo, "data");
  std::istringstream all(numbers.substr(1, numbers.size() - 2));
  std::string out, each;
  while (std::getline(all, each, ',')) {
    const double x = each.find('"') == std::string::npos ? std::strtod(each.c_str(), nullptr) : 1;
    if (!out.empty()) out += ',';
    out += std::fabs(x) < least_normal && x != 0 ? "0" : each;
  }
  return object({R"("shape": )", member(echo, "shape"), R"(, "data": [)", out, "]"});
}

void take_echo(const std::string& line) {
  std::string echo = member(line, "echo", line.find("\"echo\":"));
  if (echo.empty() || echo[0] != '{')
    echo = member(line, "echo", line.find("\"echo\"", line.find("\"echo\"") + 1));
  const bool f32 = member(line, "dtype") == "f32";
  if (does("echo-crash") && f32) crash();
  if (does("echo-hang") && f32) hang();
  if (does("echo-error"))
    return say(object({R"("id": ")", member(line, "id"), R"(", "error": "what echo?")"}));
  if (does("echo-unsigned-zero") || does("echo-flushed-unsigned")) {
    for (std::size_t at; (at = echo.find("-0.0")) != std::string::npos;) echo.replace(at, 4, "0");
    for (std::size_t at; (at = echo.find("-0,")) != std::string::npos;) echo.replace(at, 2, "0");
  }
  if (does("echo-flushed-unsigned") && f32) echo = flushed(echo, FLT_MIN);
  if (does("echo-changed")) echo.replace(echo.find("0.1"), 3, "0.25");
  if (does("echo-flushed") && f32) echo = flushed(echo, FLT_MIN);
  say(object({R"("id": ")", does("one-id") ? "1" : member(line, "id"), R"(", "echo": )", echo}));
}

void take_case(const std::string& line) {
  const std::string id = member(line, "id");
  const bool marked = id == "case-3";
  static int asked = 0;
  ++asked;
  if (does("crash-always") || (does("crash-on-one") && marked)) crash();
  if (does("crash-once") && marked && first_process()) crash();
  if (does("exit-on-one") && marked) std::_Exit(7);
  if (does("hang-on-one") && marked) hang();
  if (does("hang-and-orphan")) hang();
  if (does("no-ids")) return say("{\"value\": {\"shape\": [], \"data\": [1]}}");
  if (does("flood"))
    for (;;) say("flood");
  if (does("flood-repeats"))
    for (;;) say(answer(line));
  if (does("huge-line") && marked)
    for (;;) std::cout << std::string(1 << 16, 'x');
  if (does("garbage")) say("Loading weights: 100%");
  if (does("binary-garbage")) say(std::string("\x00\xff\xfe{\x1b[31m", 9));
  if (does("not-an-object")) say("[1, 2]");
  if (does("no-id")) say("{\"value\": {\"shape\": [], \"data\": [1]}}");
  if (does("unknown-id")) say("{\"id\": \"nobody asked\", \"value\": {\"shape\": [], \"data\": [1]}}");
  if (does("repeated-id")) say(answer(line));
  if (does("closes-output") && marked) {
    close(STDOUT_FILENO);
    hang();
  }
  if (does("slow")) usleep(100'000);
  if (does("stderr")) {
    for (int i = 0; i < 10'000; ++i) std::cerr << std::string(99, 'e') << '\n';
    std::cerr << "the last\x1b word\n";
    if (marked) crash();
  }
  if (does("crash-and-orphan") && marked) crash();
  if (marked) {
    const auto reply = [&](const std::string& rest) { say(object({R"("id": ")", id, R"(", )", rest})); };
    if (does("two-outcomes")) return reply(R"("value": {"shape": [], "data": [1]}, "error": "none")");
    if (does("no-outcome")) return reply(R"("result": 1)");
    if (does("wrong-types")) return reply(R"("value": [1, 2, 3])");
    if (does("wrong-length")) return reply(R"("value": {"shape": [2], "data": [1]})");
    if (does("huge-shape")) return reply(R"("value": {"shape": [4611686018427387904, 4], "data": []})");
    if (does("deep"))
      return reply(std::string(R"("value": )") + std::string(100'000, '[') + std::string(100'000, ']'));
    if (does("skip")) return reply(R"("skipped": "no\u001b memory")");
    if (does("error")) return reply(R"("error": "shape mismatch")");
  }
  if (does("last-words-without-newline") && marked) {
    std::cout << answer(line) << std::flush;
    std::_Exit(0);
  }
  say(answer(line));
}

/// Only a behaviour whose name begins so offers snippets.
bool writes_snippets() { return behaviour.starts_with("snippet"); }

void take_snippet(const std::string& line) {
  const auto reply = [&](const std::string& rest) {
    say(object({R"("id": ")", member(line, "id"), R"(", )", rest}));
  };
  if (!writes_snippets()) return reply(R"("error": "nobody said that snippets are written here")");
  if (does("snippet-crash")) crash();
  if (does("snippet-hang")) hang();
  if (does("snippet-error")) return reply(R"("error": "no such loss")");
  if (does("snippet-skip")) return reply(R"("skipped": "nothing calls that")");
  if (does("snippet-number")) return reply(R"("snippet": 3)");
  if (does("snippet-missing")) return reply(R"("value": {"shape": [], "data": [1]})");
  if (does("snippet-twice")) reply(R"("snippet": "once")");
  reply(R"("snippet": "case )" + member(line, "id", line.find("\"snippet\":")) + R"(\nend\n")");
}

bool more_input() {
  if (std::cin.rdbuf()->in_avail() > 0) return true;
  pollfd input{STDIN_FILENO, POLLIN, 0};
  return poll(&input, 1, 30) > 0;
}

void start_orphan() {
  const pid_t child = fork();
  if (child == 0) hang();
  record(child);
}

}  // namespace

int main(int argc, char** argv) {
  behaviour = argc > 1 ? argv[1] : "good";
  pid_file = argc > 2 ? argv[2] : "";
  record(getpid());
  if (does("crash-at-once")) crash();
  if (does("no-handshake")) hang();
  if (does("banner")) say("Using the fast \x1b[1mbackend\x1b[0m.");
  if (does("long-banner")) say(std::string(10'000, 'x'));
  if (does("answers-at-once")) say("[1, 2]");
  if (does("prompt")) std::cout << ">>> " << std::flush;
  if (does("prompt")) hang();
  if (does("dies-of-usage")) {
    say("usage: testee [OPTIONS]");
    return 2;
  }
  if (does("flood-at-once"))
    for (;;) say("{}");
  if (does("dies-of-import")) {
    std::cerr << "Traceback:\nModuleNotFoundError: No module named 'framework'\n";
    return 1;
  }

  std::vector<std::string> kept;
  std::string line;
  while (std::getline(std::cin, line)) {
    if (line.find("\"assay\"") != std::string::npos) {
      if (does("bad-handshake")) {
        say(R"({"assay": 1, "losses": 3})");
        continue;
      }
      if (does("variants")) {
        say(R"({"assay": 1, "implementation": {"name": "misbehaving"}, "losses": {"mse": {"variants": )"
            R"({"layers": {"dtypes": ["f32", "f64"], "reductions": ["mean"]}, )"
            R"("core": {"dtypes": ["f32", "f64"], "reductions": ["mean"]}}}}})");
        continue;
      }
      if (does("odd-offer")) {
        say(R"({"assay": 1, "implementation": {"name": "misbehaving"}, "losses": {"mse": )"
            R"({"dtypes": ["f32", "f64"], "reductions": ["mean", "avg"], "gradient": ["predicton"]}, )"
            R"("msee": {"dtypes": ["f64"], "reductions": ["mean"]}}})");
        continue;
      }
      say(std::string(
              R"({"assay": 1, "implementation": {"name": "misbehaving", "version": "1", "language": "c++"}, "losses":)"
              R"( {"mse": {"dtypes": ["f32", "f64"], "reductions": ["mean"], "gradient": false, "conventions": []}},)"
              R"( "encoding": "data", "snippets": )") +
          (writes_snippets() ? "true}" : "false}"));
      if (does("orphan") || does("crash-and-orphan") || does("hang-and-orphan")) start_orphan();
    } else if (line.find("\"bye\"") != std::string::npos) {
      if (does("exit-nonzero")) return 3;
      if (does("stays")) hang();
      if (does("talks-after-bye")) say("{\"id\": \"case-1\", \"value\": {\"shape\": [], \"data\": [1]}}");
      return 0;
    } else if (line.find("\"echo\":") != std::string::npos) {
      take_echo(line);
    } else if (line.find("\"snippet\":") != std::string::npos) {
      take_snippet(line);
    } else if (does("ignores-input")) {
      hang();
    } else if (does("reverse")) {
      kept.push_back(line);
      if (more_input()) continue;
      for (; !kept.empty(); kept.pop_back()) take_case(kept.back());
    } else {
      take_case(line);
    }
  }
  return does("needs-bye") ? 1 : 0;
}
