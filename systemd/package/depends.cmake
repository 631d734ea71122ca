# CPack runs this before packing: finds the packages of the libraries that the programs are linked with.
function(add_libraries variable)
  execute_process(
    COMMAND ${CMAKE_COMMAND} -E env VOLT_ROOT=${CPACK_VOLT_ROOT} VOLT_ARCHITECTURE=${CPACK_DEBIAN_PACKAGE_ARCHITECTURE}
      ${CMAKE_CURRENT_LIST_DIR}/depends.sh ${ARGN}
    OUTPUT_VARIABLE libraries OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  set(${variable} "${${variable}}, ${libraries}" PARENT_SCOPE)
endfunction()
add_libraries(CPACK_DEBIAN_VOLTD_PACKAGE_DEPENDS ${CPACK_VOLT_PROGRAMS})
set(CPACK_DEBIAN_AGENT_PACKAGE_DEPENDS "voltd (= ${CPACK_PACKAGE_VERSION})")
add_libraries(CPACK_DEBIAN_AGENT_PACKAGE_DEPENDS ${CPACK_VOLT_AGENT})
