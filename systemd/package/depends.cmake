# Run by CPack before it packs: the packages of the libraries that the programs are linked with.
execute_process(
  COMMAND ${CMAKE_COMMAND} -E env VOLT_ROOT=${CPACK_VOLT_ROOT} VOLT_ARCHITECTURE=${CPACK_DEBIAN_PACKAGE_ARCHITECTURE}
    ${CMAKE_CURRENT_LIST_DIR}/depends.sh ${CPACK_VOLT_PROGRAMS}
  OUTPUT_VARIABLE libraries OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
string(APPEND CPACK_DEBIAN_PACKAGE_DEPENDS ", ${libraries}")
