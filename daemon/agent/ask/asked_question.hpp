// Parsed question, and the command that answers it. Pure.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/agent/ask/asked_span.hpp"

namespace volt::agent {

struct AskedQuestion {
    std::set<std::string> words{};     ///< from compared_words(); load_mark replaces a load's name
    std::set<std::string> optional{};  ///< the words that only repeat the kind of the load: `miner`, `fan`, `room`
    std::string kind{};                ///< from kind_of_question()
    std::string load{}, zone{}, reason{};
    std::vector<std::string> series{};  ///< from asked_series()
    bool past = false, future = false;
    bool over_time = false;  ///< about the past, or a record of it
    bool threshold = false;  ///< `at what voltage`, `from how many degrees`
    bool numbers = false;    ///< has a number or a code that names nothing on this site
    AskedSpan span{};
    bool readable = true;  ///< asks to read something on this site, not to act and not how something works
};

/// Returns the command, without the program's name, for a question that names a load and asks why or what it did, names a series
/// and a time, or asks only about the present. Returns nothing if it names none of these, or is about settings and their changes.
std::optional<std::vector<std::string>> named_command(const AskedQuestion& asked);

}  // namespace volt::agent
