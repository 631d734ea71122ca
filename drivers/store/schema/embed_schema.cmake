# Turns NNN_name.{up,down,verify}.sql of a folder into one C++ source with a function that returns them. Called at build:
#   cmake -DSCHEMA_DIR=… -DNAMES=001_settings,002_defaults -DFUNCTION=built_in_migrations -DOUTPUT=schema_files.cpp -P schema/embed_schema.cmake
string(REPLACE "," ";" names "${NAMES}")
set(entries "")
foreach(name IN LISTS names)
  if(NOT name MATCHES "^([0-9][0-9][0-9])_[a-z0-9_]+$")
    message(FATAL_ERROR "${name}: a migration is named NNN_name")
  endif()
  math(EXPR number "1${CMAKE_MATCH_1} - 1000")
  set(entry "        {${number}, \"${name}\"")
  foreach(part up down verify)
    file(READ "${SCHEMA_DIR}/${name}.${part}.sql" sql)
    string(FIND "${sql}" ")schema\"" clash)
    if(NOT clash EQUAL -1)
      message(FATAL_ERROR "${name}.${part}.sql holds the mark that ends a raw string")
    endif()
    string(APPEND entry ",\n         R\"schema(${sql})schema\"")
  endforeach()
  string(APPEND entries "${entry}},\n")
endforeach()
file(WRITE "${OUTPUT}" "// Made from *.sql by drivers/store/schema/embed_schema.cmake.
#include \"drivers/store/schema/migrations.hpp\"

namespace volt {

const std::vector<Migration>& ${FUNCTION}() {
    static const std::vector<Migration> migrations = {
${entries}    };
    return migrations;
}

}  // namespace volt
")
