#include "daemon/host/memory_trim.hpp"

#include <malloc.h>
#include <sys/mman.h>

#include <cstdio>
#include <fstream>
#include <string>

namespace volt {

namespace {

constexpr int most_lines = 2000;  // a process with 30 libraries has 200

/// Returns true for a line of /proc/self/maps that is code from a file. Code is never written, so nothing can be lost.
bool is_code(const std::string& line, unsigned long& begin, unsigned long& end) {
    char rights[5] = {};
    int path = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx %4s %*s %*s %*s %n", &begin, &end, rights, &path) != 3) return false;
    return std::string(rights) == "r-xp" && path > 0 && line[static_cast<std::size_t>(path)] == '/';
}

}  // namespace

void trim_start_memory() {
    std::ifstream maps("/proc/self/maps");
    std::string line;
    for (int lines = 0; lines < most_lines && std::getline(maps, line); ++lines) {
        unsigned long begin = 0, end = 0;
        if (is_code(line, begin, end)) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);  // NOLINT
    }
    ::malloc_trim(0);
}

}  // namespace volt
