// Small configurations for tests, and a search for findings in the result.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "daemon/config/config.hpp"

namespace volt::test {

/// Minimal file.
inline const std::string least =
    "site: shack\n"
    "victron: {host: 192.168.1.20}\n"
    "mqtt: {url: mqtt://127.0.0.1}\n";

inline ParsedConfig parse(const std::string& text) { return parse_config(text, "f.yaml"); }
/// Parses the minimal file with more lines, which begin on line 4.
inline ParsedConfig parse_more(const std::string& more) { return parse(least + more + "\n"); }

/// Returns all findings, one per line.
inline std::string said(const std::vector<Problem>& problems) {
    std::string text;
    for (const Problem& problem : problems) text += text_of(problem) + "\n";
    return text;
}

inline bool says(const std::vector<Problem>& problems, const std::string& part) {
    return said(problems).find(part) != std::string::npos;
}

}  // namespace volt::test
