// What went wrong with each polled source, in the log: one line for each kind of fault in 5 minutes, with a count.
// Recoveries, and what the rules think of a source, likewise.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "daemon/explain/changes.hpp"
#include "daemon/freeze.hpp"
#include "daemon/log.hpp"

namespace volt {

class SourceLog {
public:
    /// Writes what is new since the last look.
    void look(const Slots& slots, Time now, Log& log);
    /// A change of a source (or its alarm) that is not told by look() already; the same at most once in 5 minutes.
    void tell(const Change& change, Level level, Time now, Log& log) const;
    /// Whether `change` is one of those.
    static bool is_about_source(const Change& change);

private:
    struct Seen {
        std::uint64_t failures = 0;
        std::string complaint;
        bool fault = false;  ///< of the last poll, and told or counted
    };
    std::map<std::string, Seen> seen_;  ///< by source; as many as the mailbox has
};

}  // namespace volt
