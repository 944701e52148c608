# Read by ctest, for one call of assay_add_conformance_tests: asks the testee what it offers, where the list at hand may be
# out of date, and adds a test for each loss and dtype. `place` is the folder of the call's files.
file(GLOB configurations ${place}/settings-*.cmake)
set(settings ${place}/settings-${CTEST_CONFIGURATION_TYPE}.cmake)
if(NOT EXISTS ${settings} AND configurations)
  list(GET configurations 0 settings)  # a generator of one configuration
endif()
include(${settings})

set(list ${place}/offers.txt)
set(current TRUE)
foreach(each ${program} ${files} ${settings})
  if(EXISTS ${each} AND ${each} IS_NEWER_THAN ${list})
    set(current FALSE)
  endif()
endforeach()
if(always OR NOT current OR NOT EXISTS ${list})
  execute_process(COMMAND ${program} offers ${selection} ${testee} WORKING_DIRECTORY ${folder}
    OUTPUT_VARIABLE offers ERROR_VARIABLE why RESULT_VARIABLE code)
  if(code EQUAL 0)
    file(WRITE ${list}.new "${offers}")
    file(RENAME ${list}.new ${list})
  else()
    file(REMOVE ${list})
  endif()
endif()

if(EXISTS ${list})
  file(STRINGS ${list} offers)
  foreach(each ${offers})
    string(REPLACE " " ";" each ${each})
    list(GET each 0 loss)
    list(GET each 1 dtype)
    add_test(${NAME}.${loss}.${dtype} ${program} verify --loss ${loss} --dtype ${dtype} ${options} ${testee})
    set_tests_properties(${NAME}.${loss}.${dtype} PROPERTIES WORKING_DIRECTORY ${folder} TIMEOUT ${TIMEOUT}
      LABELS "${LABELS}")
  endforeach()
else()
  # The same question once more, as a test: it fails, and its output says why.
  add_test(${NAME}.handshake ${program} offers ${selection} ${testee})
  set_tests_properties(${NAME}.handshake PROPERTIES WORKING_DIRECTORY ${folder} TIMEOUT ${TIMEOUT} LABELS "${LABELS}")
endif()
