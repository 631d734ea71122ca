# Turns a text file into a C++ source with one function. Called at build:
#   cmake -DINPUT=FILE -DHEADER=daemon/ctl/x.hpp -DNAME=function -DOUTPUT=x.cpp -P docs/embed_text.cmake
file(READ "${INPUT}" text)
string(FIND "${text}" ")embedded\"" clash)
if(NOT clash EQUAL -1)
  message(FATAL_ERROR "${INPUT} holds the mark that ends a raw string")
endif()
# One literal may hold 64 kB; the pieces are joined by the compiler.
set(pieces "")
string(LENGTH "${text}" length)
set(at 0)
while(at LESS length)
  string(SUBSTRING "${text}" ${at} 12000 piece)
  string(APPEND pieces "\n        R\"embedded(${piece})embedded\"")
  math(EXPR at "${at} + 12000")
endwhile()
file(WRITE "${OUTPUT}" "// Made from a file by daemon/ctl/docs/embed_text.cmake.
#include \"${HEADER}\"

namespace volt::ctl {

const char* ${NAME}() {
    return ${pieces};
}

}  // namespace volt::ctl
")
