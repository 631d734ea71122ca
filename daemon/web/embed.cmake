# Writes the page's files into the program: cmake -D out=DIRECTORY -D gzip=PROGRAM -P embed.cmake
# DIRECTORY/list.cmake sets `pairs`, NAME=PATH each. Makes bytes.S with each file by `gzip -9n`, and table.cpp (daemon/web/files.hpp).
cmake_minimum_required(VERSION 3.25)
include(${out}/list.cmake)
set(types_html "text/html; charset=utf-8")
set(types_js "text/javascript; charset=utf-8")
set(types_css "text/css; charset=utf-8")
set(types_svg "image/svg+xml")
set(types_webmanifest "application/manifest+json")

# What app.js needs at once goes out in one file, each module after those that it imports: a phone asks once for all. Under the names
# of the others stands where they are now.
function(join_module name)
  get_property(joined GLOBAL PROPERTY joined)
  if(name IN_LIST joined)
    return()
  endif()
  set_property(GLOBAL APPEND PROPERTY joined ${name})
  file(READ "${path_${name}}" text)
  string(REGEX MATCHALL "(^|\n)import [^;]*'\\./[^']+'" imports "${text}")
  foreach(import IN LISTS imports)
    string(REGEX MATCH "'\\./([^']+)'" _ "${import}")
    join_module(${CMAKE_MATCH_1})
  endforeach()
  string(REGEX REPLACE "(^|\n)import [^;]*'\\./[^']+';" "\\1" text "${text}")
  set_property(GLOBAL APPEND_STRING PROPERTY joined_text "${text}")
endfunction()

# Without comment lines and indents: an eighth of the bytes.
function(write_slim name text)
  string(REGEX REPLACE "/\\*[^*]*\\*/|\n *//[^\n]*" "" text "\n${text}")
  string(REGEX REPLACE "\n[ \n]*" "\n" text "${text}")
  string(SUBSTRING "${text}" 1 -1 text)
  file(WRITE ${out}/${name} "${text}")
endfunction()

# Of the sources: the same files have the same hash on every machine, whatever its gzip makes of them.
file(SHA256 "${CMAKE_CURRENT_LIST_FILE}" sums)
foreach(pair ${pairs})
  string(REGEX MATCH "^([^=]+)=(.+)$" _ "${pair}")
  file(SHA256 "${CMAKE_MATCH_2}" sum)
  string(APPEND sums "${CMAKE_MATCH_1} ${sum}\n")
  set(path_${CMAKE_MATCH_1} "${CMAKE_MATCH_2}")
endforeach()
string(SHA256 hash "${sums}")
string(SUBSTRING ${hash} 0 8 hash)

if(DEFINED path_app.js)
  join_module(app.js)
endif()
get_property(joined GLOBAL PROPERTY joined)
get_property(joined_text GLOBAL PROPERTY joined_text)
list(JOIN joined "|" joined_names)
string(REPLACE "." "\\." joined_names "${joined_names}")

set(bytes "# ${hash}\n    .section .rodata\n")
set(declared "")
set(rows "")
foreach(pair ${pairs})
  string(REGEX MATCH "^([^=]+)=(.+)$" _ "${pair}")
  set(name ${CMAKE_MATCH_1})
  set(path ${CMAKE_MATCH_2})
  string(REGEX MATCH "[a-z]+$" kind ${name})
  string(MAKE_C_IDENTIFIER "volt_web_${name}" symbol)
  if(kind MATCHES "^(html|webmanifest)$")
    file(READ "${path}" text)
    string(REPLACE "HASH" "${hash}" text "${text}")
    file(WRITE ${out}/${name} "${text}")
  elseif(name STREQUAL "app.js")
    write_slim(${name} "${joined_text}")
  elseif(name IN_LIST joined)
    file(WRITE ${out}/${name} "export * from './app.js';\n")
  elseif(kind MATCHES "^(js|css)$" AND NOT name MATCHES "^dygraph")
    file(READ "${path}" text)
    string(REGEX REPLACE "'\\./(${joined_names})'" "'./app.js'" text "${text}")
    write_slim(${name} "${text}")
  else()
    file(COPY_FILE "${path}" ${out}/${name})
  endif()
  file(SIZE ${out}/${name} size)
  execute_process(COMMAND ${gzip} -9nc ${out}/${name} OUTPUT_FILE ${out}/${name}.gz COMMAND_ERROR_IS_FATAL ANY)
  file(SIZE ${out}/${name}.gz gz_size)
  string(APPEND bytes "    .global ${symbol}\n${symbol}:\n    .incbin \"${out}/${name}.gz\"\n")
  string(APPEND declared "extern \"C\" const char ${symbol}[];\n")
  string(APPEND rows "    {\"${name}\", \"${types_${kind}}\", {${symbol}, ${gz_size}}, ${size}},\n")
endforeach()
file(WRITE ${out}/bytes.S "${bytes}    .section .note.GNU-stack,\"\",%progbits\n")

if(rows STREQUAL "")
  set(answer "return {}")
else()
  set(answer "static const File all[] = {\n${rows}    };\n    return all")
endif()
file(WRITE ${out}/table.cpp "// Made by daemon/web/embed.cmake.
#include \"daemon/web/files.hpp\"

${declared}
namespace volt::web {

std::span<const File> files() {
    ${answer};
}

std::string_view hash() { return \"${hash}\"; }

}  // namespace volt::web
")
