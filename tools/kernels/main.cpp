// assay-kernels: the kernels behind the protocol of the contract, section 5, on standard input and output.
// `assay` starts it where a command names no testee, and `assay serve --engine kernels` becomes it.
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <string_view>

#include "tools/kernels/kernel_testee.hpp"
#include "tools/testees/serving.hpp"

int main(int argc, char** argv) {
  assay::Served how;
  if (argc == 3 && std::string_view(argv[1]) == "--encoding" && std::string_view(argv[2]) == "base64") {
    how.wanted = how.written = assay::Encoding::base64;
  } else if (argc != 1) {
    std::fputs("assay-kernels: usage: assay-kernels [--encoding base64]; it is a testee for 'assay verify'\n",
               stderr);
    return 2;
  }
  try {
    return assay::serve(*assay::kernel_testee(), how, STDIN_FILENO, STDOUT_FILENO);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "assay-kernels: %s\n", e.what());
    return 1;
  }
}
