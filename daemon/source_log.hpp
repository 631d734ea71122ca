// What went wrong with each polled source, in the log: one line for each kind of fault in 5 minutes, with a count.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "daemon/freeze.hpp"
#include "daemon/log.hpp"

namespace volt {

class SourceLog {
public:
    /// Writes what is new since the last look.
    void look(const Slots& slots, Time now, Log& log);

private:
    struct Seen {
        std::uint64_t failures = 0;
        std::string complaint;
    };
    std::map<std::string, Seen> seen_;  ///< by source; as many as the mailbox has
};

}  // namespace volt
