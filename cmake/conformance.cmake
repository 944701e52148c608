# assay_add_conformance_tests(NAME name (COMMAND word... | PLUGIN target | TESTEE adapter)
#   [LOSSES loss...] [DTYPES dtype...] [REQUIRE grade] [REGIMES regime...] [KNOWN_FAILURES file] [GOLDEN folder]
#   [TIMEOUT seconds] [LABELS label...])
#
# A ctest test NAME.LOSS.DTYPE for each loss and dtype that the testee offers, each an `assay verify` of that part of the
# golden files. COMMAND is a program that speaks the protocol, its first word a target or a program; PLUGIN a target that
# is a shared library; TESTEE the name of an adapter that comes with assay. A relative KNOWN_FAILURES or GOLDEN is one of
# the current source folder.
#
# What is offered is known once the testee is built: ctest asks for it, once, and again whenever the program, a file that
# COMMAND names or the plugin is newer. An adapter may be as old as its environment: it is asked each time. Where no
# handshake succeeds there is one test, NAME.handshake, which fails and says why.
#
# Read with set(assay_program FILE) before it: the program that runs the tests.
set(assay_discovery ${CMAKE_CURRENT_LIST_DIR}/conformance_tests.cmake)

function(assay_add_conformance_tests)
  cmake_parse_arguments(PARSE_ARGV 0 of "" "NAME;PLUGIN;TESTEE;REQUIRE;KNOWN_FAILURES;GOLDEN;TIMEOUT"
    "COMMAND;LOSSES;DTYPES;REGIMES;LABELS")
  if(of_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "assay_add_conformance_tests: \"${of_UNPARSED_ARGUMENTS}\" is no part of it; it takes NAME, one of "
      "COMMAND, PLUGIN and TESTEE, and LOSSES, DTYPES, REQUIRE, REGIMES, KNOWN_FAILURES, GOLDEN, TIMEOUT, LABELS")
  endif()
  if(NOT "${of_NAME}" MATCHES "^[A-Za-z0-9_.+-]+$")
    message(FATAL_ERROR "assay_add_conformance_tests: NAME is what the tests are called by: letters, digits, _ . + -")
  endif()
  set(given 0)
  foreach(each COMMAND PLUGIN TESTEE)
    if(DEFINED of_${each})
      math(EXPR given "${given} + 1")
    endif()
  endforeach()
  if(NOT given EQUAL 1)
    message(FATAL_ERROR "assay_add_conformance_tests(NAME ${of_NAME}): give one of COMMAND, PLUGIN and TESTEE")
  endif()

  # The testee as `assay` is told of it, and the files whose change may change what it offers.
  set(of_files)
  if(of_PLUGIN)
    set(of_testee --plugin $<TARGET_FILE:${of_PLUGIN}>)
    set(of_files $<TARGET_FILE:${of_PLUGIN}>)
  elseif(of_TESTEE)
    set(of_testee ${of_TESTEE})
  else()
    list(POP_FRONT of_COMMAND first)
    if(TARGET ${first})
      set(first $<TARGET_FILE:${first}>)
    elseif(first MATCHES "/")
      get_filename_component(first ${first} ABSOLUTE)
    endif()
    set(of_testee -- ${first} ${of_COMMAND})
    set(of_files ${first} ${of_COMMAND})
  endif()
  set(of_options)
  if(of_REQUIRE)
    list(APPEND of_options --require ${of_REQUIRE})
  endif()
  foreach(each ${of_REGIMES})
    list(APPEND of_options --regime ${each})
  endforeach()
  if(of_KNOWN_FAILURES)
    get_filename_component(file ${of_KNOWN_FAILURES} ABSOLUTE)
    list(APPEND of_options --known-failures ${file})
  endif()
  if(of_GOLDEN)
    get_filename_component(folder ${of_GOLDEN} ABSOLUTE)
    list(APPEND of_options --golden ${folder})
  endif()
  set(of_selection)
  foreach(each ${of_LOSSES})
    list(APPEND of_selection --loss ${each})
  endforeach()
  foreach(each ${of_DTYPES})
    list(APPEND of_selection --dtype ${each})
  endforeach()
  if(NOT of_TIMEOUT)
    set(of_TIMEOUT 600)
  endif()

  # A file of settings for each configuration, and one that ctest reads, which finds its way from there.
  set(place ${CMAKE_CURRENT_BINARY_DIR}/${of_NAME}.conformance)
  set(settings "set(always FALSE)\n")
  if(of_TESTEE)
    set(settings "set(always TRUE)\n")
  endif()
  foreach(each NAME testee files options selection TIMEOUT LABELS)
    string(APPEND settings "set(${each} [==[${of_${each}}]==])\n")
  endforeach()
  string(APPEND settings "set(program [==[${assay_program}]==])\nset(folder [==[${CMAKE_CURRENT_SOURCE_DIR}]==])\n")
  file(GENERATE OUTPUT ${place}/settings-$<CONFIG>.cmake CONTENT "${settings}")
  file(WRITE ${place}/tests.cmake.new "set(place [==[${place}]==])\ninclude([==[${assay_discovery}]==])\n")
  file(RENAME ${place}/tests.cmake.new ${place}/tests.cmake)
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${place}/tests.cmake)
endfunction()
