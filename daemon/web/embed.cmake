# Embeds the page's files into the program: cmake -D out=DIRECTORY -P embed.cmake
# DIRECTORY/list.cmake sets `pairs` (NAME=PATH each), `pack` (the command that packs a file), and `slim` (the one that minifies
# it, or empty). Creates bytes.S with each packed file, and table.cpp (daemon/web/files.hpp).
cmake_minimum_required(VERSION 3.25)
include(${out}/list.cmake)
set(types_html "text/html; charset=utf-8")
set(types_js "text/javascript; charset=utf-8")
set(types_css "text/css; charset=utf-8")
set(types_svg "image/svg+xml")
set(types_webmanifest "application/manifest+json")

# A phone requests everything for a view at once: each of these is sent as one file with every module that it imports and that is
# not in an earlier one. Their modules share one scope, so top-level names differ within a group and from those it takes from
# app.js.
set(groups app.js settings.js tools.js parts.js)
set(is_import "(^|\n)import [^;]*'\\./[^']+'")
set(is_export "(^|\n)export (async |)(const|function|class) ")

function(join_module group name)
  get_property(joined GLOBAL PROPERTY joined)
  if(name IN_LIST joined)
    return()
  endif()
  set_property(GLOBAL APPEND PROPERTY joined ${name})
  set_property(GLOBAL APPEND PROPERTY joined_${group} ${name})
  file(READ "${path_${name}}" text)
  string(REGEX MATCHALL "${is_import}" imports "${text}")
  foreach(import IN LISTS imports)
    string(REGEX MATCH "'\\./([^']+)'" _ "${import}")
    set(from ${CMAKE_MATCH_1})
    join_module(${group} ${from})
    get_property(first GLOBAL PROPERTY joined_app.js)
    get_property(own GLOBAL PROPERTY joined_${group})
    if(from IN_LIST own)
      if(import MATCHES " as ")
        message(FATAL_ERROR "${name} renames what ${from} of its own group gives")
      endif()
    elseif(from IN_LIST first)
      string(REGEX MATCHALL "[A-Za-z0-9_]+( as [A-Za-z0-9_]+)?[ ,}]" taken "${import}")
      list(TRANSFORM taken REPLACE "[ ,}]$" "")
      list(REMOVE_ITEM taken import from)
      set_property(GLOBAL APPEND PROPERTY foreign_${group} ${taken})
    else()
      message(FATAL_ERROR "${from} is in two groups, and in neither case in app.js: import it there")
    endif()
  endforeach()
  string(REGEX REPLACE "${is_import};" "\\1" text "${text}")
  string(REGEX REPLACE "${is_export}" "\\1\\2\\3 " text "${text}")
  set_property(GLOBAL APPEND_STRING PROPERTY text_${group} "${text}\n")
endfunction()

# Returns the whole file of a group except app.js: its imports from app.js, and its modules.
function(group_text group result)
  get_property(text GLOBAL PROPERTY text_${group})
  get_property(foreign GLOBAL PROPERTY foreign_${group})
  list(REMOVE_DUPLICATES foreign)
  list(SORT foreign)
  list(JOIN foreign "," names)
  if(foreign)
    string(PREPEND text "import {${names}} from './app.js';\n")
  endif()
  list(TRANSFORM foreign REPLACE " as .*" "")
  set_property(GLOBAL APPEND PROPERTY given ${foreign})
  set(${result} "${text}" PARENT_SCOPE)
endfunction()

# Minifies the file for the supported browsers if the build has a program for it.
function(write_slim name text)
  file(WRITE ${out}/${name} "${text}")
  if(NOT slim)
    return()
  endif()
  if(name MATCHES "js$")
    set(module --format=esm)
  endif()
  execute_process(COMMAND ${slim} --minify --target=es2018 ${module} --charset=utf8 --log-level=warning ${out}/${name}
    OUTPUT_FILE ${out}/${name}.slim COMMAND_ERROR_IS_FATAL ANY)
  file(RENAME ${out}/${name}.slim ${out}/${name})
endfunction()

# Hash of the sources: the same files have the same hash on every machine, whatever packs them there.
file(SHA256 "${CMAKE_CURRENT_LIST_FILE}" sums)
foreach(pair ${pairs})
  string(REGEX MATCH "^([^=]+)=(.+)$" _ "${pair}")
  file(SHA256 "${CMAKE_MATCH_2}" sum)
  string(APPEND sums "${CMAKE_MATCH_1} ${sum}\n")
  set(path_${CMAKE_MATCH_1} "${CMAKE_MATCH_2}")
endforeach()
string(SHA256 hash "${sums}")
string(SUBSTRING ${hash} 0 8 hash)

foreach(group IN LISTS groups)
  if(DEFINED path_${group})
    join_module(${group} ${group})
    group_text(${group} whole_${group})
  endif()
endforeach()
get_property(given GLOBAL PROPERTY given)
list(REMOVE_DUPLICATES given)
list(SORT given)
list(JOIN given "," given)
string(APPEND whole_app.js "export {${given}};\n")
get_property(joined GLOBAL PROPERTY joined)

# One style sheet for all views: each additional one is appended to the first.
set(styles style.css style_tools.css style_settings.css)
set(whole_style.css "")
foreach(style IN LISTS styles)
  if(DEFINED path_${style})
    file(READ "${path_${style}}" text)
    string(APPEND whole_style.css "${text}")
    list(APPEND joined ${style})
  endif()
endforeach()

set(bytes "# ${hash}\n    .section .rodata\n")
set(declared "")
set(rows "")
foreach(pair ${pairs})
  string(REGEX MATCH "^([^=]+)=(.+)$" _ "${pair}")
  set(name ${CMAKE_MATCH_1})
  set(path ${CMAKE_MATCH_2})
  if(name IN_LIST joined AND NOT DEFINED whole_${name})
    continue()
  endif()
  string(REGEX MATCH "[a-z]+$" kind ${name})
  string(MAKE_C_IDENTIFIER "volt_web_${name}" symbol)
  if(kind MATCHES "^(html|webmanifest)$")
    file(READ "${path}" text)
    string(REGEX REPLACE "<link rel=\"stylesheet\"[^>]*/style_[a-z]+\\.css\">\n" "" text "${text}")
    string(REPLACE "HASH" "${hash}" text "${text}")
    file(WRITE ${out}/${name} "${text}")
  elseif(DEFINED whole_${name})
    write_slim(${name} "${whole_${name}}")
  elseif(kind MATCHES "^(js|css)$" AND NOT name MATCHES "^(dygraph|old)")
    file(READ "${path}" text)
    write_slim(${name} "${text}")
  else()
    file(COPY_FILE "${path}" ${out}/${name})
  endif()
  file(SIZE ${out}/${name} size)
  execute_process(COMMAND ${pack} ${out}/${name} OUTPUT_FILE ${out}/${name}.gz COMMAND_ERROR_IS_FATAL ANY)
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
