# Makes a C++ file of text files: cmake -DOUTPUT=sources.cpp "-DFILES=a.css;b.js" -P embed.cmake
set(cases "")
foreach(file IN LISTS FILES)
  get_filename_component(name "${file}" NAME)
  file(READ "${file}" text)
  string(FIND "${text}" ")assay~\"" ending)
  if(NOT ending EQUAL -1)
    message(FATAL_ERROR "${file} holds the characters that end a string of C++: )assay~\"")
  endif()
  string(APPEND cases "  if (name == \"${name}\")\n    return R\"assay~(${text})assay~\";\n")
endforeach()
file(WRITE "${OUTPUT}" "// Made by tools/pages/report/embed.cmake.
#include \"tools/reports/html_sources.hpp\"

#include <stdexcept>
#include <string>

#pragma GCC diagnostic ignored \"-Woverlength-strings\"

namespace assay {

std::string_view html_source(std::string_view name) {
${cases}  throw std::logic_error(\"no page has a part named \" + std::string(name));
}

}  // namespace assay
")
