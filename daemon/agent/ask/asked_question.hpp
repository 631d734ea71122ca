// A question as it was read, and the command that answers what it names. Pure.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/agent/ask/asked_span.hpp"

namespace volt::agent {

struct AskedQuestion {
    std::set<std::string> words{};     ///< as compared_words() has them; a load's name is the mark
    std::set<std::string> optional{};  ///< of them, those that only repeat what the load is: `miner`, `fan`, `room`
    std::string kind{};                ///< as kind_of_question() calls it
    std::string load{}, zone{}, reason{};
    std::vector<std::string> series{};  ///< as asked_series() finds them
    bool past = false, future = false;
    bool over_time = false;  ///< about what was, or a record of it
    bool threshold = false;  ///< `at what voltage`, `from how many degrees`
    bool numbers = false;    ///< it has a number or a code that names nothing of this site
    AskedSpan span{};
    bool readable = true;  ///< it asks to read something of this site, not to act and not how something works
};

/// The command, without the program's name, for a question that names a load and asks why or what it did, names a series and a time, or asks
/// only for what is now. Nothing: it names none of these, or it is about settings and changes of them.
std::optional<std::vector<std::string>> named_command(const AskedQuestion& asked);

}  // namespace volt::agent
