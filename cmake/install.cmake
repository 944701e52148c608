# What `cmake --install` puts where: the library with its headers and a package `assay` for find_package, and the
# golden files and adapters where an installed program looks for them (PREFIX/share/assay).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/assay)

add_library(assay::losses ALIAS assay_losses)
target_compile_features(assay_losses INTERFACE cxx_std_20)
target_include_directories(assay_losses INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
set_target_properties(assay_losses PROPERTIES EXPORT_NAME losses)
set_target_properties(assay_catalogue PROPERTIES EXPORT_NAME catalogue)
set_target_properties(assay_options PROPERTIES EXPORT_NAME options)  # the libraries' own, not their consumers'
install(TARGETS assay_losses assay_catalogue assay_options EXPORT assay)
install(EXPORT assay NAMESPACE assay:: FILE assay-targets.cmake DESTINATION ${package})

# A static library's own dependencies are its consumer's too.
get_target_property(linked assay_losses LINK_LIBRARIES)
set(dependencies "")
foreach(each hwy Threads)
  if(linked MATCHES "${each}::")
    string(APPEND dependencies "find_dependency(${each})\n")
  endif()
endforeach()
# Of the tools a consumer has the program, and tests that it makes of a testee's offers. Without them the package says so
# to whoever asks for tests.
if(ASSAY_TOOLS)
  file(RELATIVE_PATH program /prefix/${package} /prefix/${CMAKE_INSTALL_BINDIR}/assay)
  set(conformance "get_filename_component(assay_program \"\${CMAKE_CURRENT_LIST_DIR}/${program}\" ABSOLUTE)
include(\"\${CMAKE_CURRENT_LIST_DIR}/conformance.cmake\")")
else()
  set(conformance "macro(assay_add_conformance_tests)
  message(FATAL_ERROR \"assay_add_conformance_tests: this assay was installed without its tools; install it without \"
    \"-DASSAY_TOOLS=OFF\")
endmacro()")
endif()
file(CONFIGURE OUTPUT assay-config.cmake @ONLY CONTENT [[
include(CMakeFindDependencyMacro)
@dependencies@include("${CMAKE_CURRENT_LIST_DIR}/assay-targets.cmake")
@conformance@
]])
write_basic_package_version_file(assay-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/assay-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/assay-config-version.cmake
  DESTINATION ${package})

# Headers name each other by their path in the source tree. Installed they lie under assay/, so that a folder
# `losses` on a user's include path stays the user's.
set(headers ${CMAKE_INSTALL_INCLUDEDIR}/assay)
install(FILES include/assay/losses.hpp include/assay/testee.h include/assay/testee.hpp DESTINATION ${headers})
install(FILES losses/losses.hpp losses/call.hpp losses/call_check.hpp DESTINATION ${headers}/losses)
install(DIRECTORY losses/spec losses/catalogue DESTINATION ${headers}/losses FILES_MATCHING PATTERN *.hpp)
install(CODE "file(GLOB_RECURSE headers \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${headers}/*.hpp\")")
install(CODE [[
  foreach(header ${headers})
    file(READ ${header} text)
    string(REPLACE "#include \"losses/" "#include \"assay/losses/" text "${text}")
    file(WRITE ${header} "${text}")
  endforeach()]])
install(FILES LICENSE TYPE DOC)

if(ASSAY_TOOLS)
  install(FILES cmake/conformance.cmake cmake/conformance_tests.cmake DESTINATION ${package})
  install(DIRECTORY golden DESTINATION share/assay PATTERN __pycache__ EXCLUDE)
  install(DIRECTORY tools/adapters DESTINATION share/assay USE_SOURCE_PERMISSIONS PATTERN __pycache__ EXCLUDE)
endif()
