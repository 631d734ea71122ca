# Files of the page, embedded in voltd: each file of these kinds in this folder.
file(GLOB web_files CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_LIST_DIR} ${CMAKE_CURRENT_LIST_DIR}/*.html ${CMAKE_CURRENT_LIST_DIR}/*.js
  ${CMAKE_CURRENT_LIST_DIR}/*.css ${CMAKE_CURRENT_LIST_DIR}/*.svg ${CMAKE_CURRENT_LIST_DIR}/*.webmanifest)
set(web_out ${CMAKE_BINARY_DIR}/generated/web)
set(web_pairs "")
set(web_paths "")
if(VOLT_WEB)
  foreach(name ${web_files})
    list(APPEND web_pairs "${name}=${CMAKE_CURRENT_LIST_DIR}/${name}")
    list(APPEND web_paths ${CMAKE_CURRENT_LIST_DIR}/${name})
  endforeach()
  # Files of Debian's libjs-dygraphs, from the build host even when cross-compiling.
  foreach(kind js css)
    find_file(DYGRAPH_${kind} dygraph.min.${kind} PATHS /usr/share/javascript/dygraphs NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH REQUIRED)
    list(APPEND web_pairs "dygraph.${kind}=${DYGRAPH_${kind}}")
    list(APPEND web_paths ${DYGRAPH_${kind}})
  endforeach()
endif()
# Zopfli makes the same format 4 % smaller.
find_program(ZOPFLI zopfli)
if(ZOPFLI)
  set(web_pack ${ZOPFLI} -c)
else()
  find_program(GZIP gzip REQUIRED)
  set(web_pack ${GZIP} -9nc)
endif()
find_program(ESBUILD esbuild)
if(ESBUILD)
  set(web_slim ${ESBUILD})
endif()
list(JOIN web_pairs "\n  " web_lines)
file(CONFIGURE OUTPUT ${web_out}/list.cmake CONTENT "set(pack @web_pack@)\nset(slim @web_slim@)\nset(pairs\n  @web_lines@\n)\n" @ONLY)
add_custom_command(
  OUTPUT ${web_out}/bytes.S ${web_out}/table.cpp
  COMMAND ${CMAKE_COMMAND} -D out=${web_out} -P ${CMAKE_CURRENT_LIST_DIR}/embed.cmake
  DEPENDS ${web_paths} ${web_out}/list.cmake ${CMAKE_CURRENT_LIST_DIR}/embed.cmake
  COMMENT "Embedding the page's files"
  VERBATIM)
# Separate from the library, whose flags are for C++.
add_library(daemon_web_bytes OBJECT ${web_out}/bytes.S)
add_library(daemon_web STATIC ${web_out}/table.cpp $<TARGET_OBJECTS:daemon_web_bytes>)
target_link_libraries(daemon_web PUBLIC volt_flags)
