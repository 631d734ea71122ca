// Where history and decisions are read: the database of this machine, or with `--url` that voltd.
#pragma once

#include <memory>

#include "daemon/ctl/talk/database_option.hpp"
#include "drivers/store/telemetry/history_reader.hpp"

namespace volt::ctl {

/// Each call complains when it cannot answer, and returns nothing then; `code()` is the exit code.
class HistorySource {
public:
    virtual ~HistorySource() = default;
    virtual std::optional<std::vector<std::string>> series() = 0;
    virtual std::optional<History> history(const HistoryQuery& query, Utc now) = 0;
    virtual std::optional<std::vector<DecisionRow>> decisions(const DecisionQuery& query) = 0;
    int code() const { return code_; }

protected:
    int code_ = exit_failed;
};

/// The one the command line names; local time is the site's from here on. Complains, and returns nothing, where there is none.
std::unique_ptr<HistorySource> open_history(const Program& program, const DatabaseChoice& choice, int& code);

}  // namespace volt::ctl
