// Captured stderr output, for tests of the log.
#pragma once

#include <unistd.h>

#include <cstdio>
#include <string>

#include "daemon/host/log.hpp"

namespace volt::testing {

/// Returns what `log` writes to stderr while `act` runs.
template <class Act>
std::string captured(const Log& log, Act act) {
    std::FILE* file = std::tmpfile();
    const int kept = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    act();
    log.drain(30s);
    dup2(kept, STDERR_FILENO);
    close(kept);
    std::rewind(file);
    std::string text(65'536, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), file));
    std::fclose(file);
    return text;
}

inline int count(const std::string& text, const std::string& part) {
    int found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

}  // namespace volt::testing
