// polling_status and health_checks: the health of each source, rarely written.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "drivers/source.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

/// Keeps the newest health of each source. A flapping source is written with its current state, so that health_checks grows by at
/// most one row per source and write. Not thread-safe: belongs to the writer.
class PollingAccumulator {
public:
    static constexpr std::size_t most_sources = 64;

    void note(const SourceHealth& health, Utc at);
    /// Returns true if a source has another state than was last written.
    bool state_changed() const;
    bool anything_new() const { return news_; }
    /// Writes new states in the caller's transaction. Call written() once that is committed.
    SqlStatus write(Connection& db);
    void written();

private:
    struct Entry {
        SourceHealth health;
        Utc at{}, state_since{};
        std::optional<Utc> last_success, last_error;
        std::optional<SourceState> written;
        std::int64_t rtt_sum_ms = 0, rtt_count = 0, rtt_max_ms = 0;
    };

    SqlStatus write_status(Connection& db, const std::string& source, const Entry& entry) const;
    SqlStatus write_check(Connection& db, const std::string& source, const Entry& entry) const;

    std::map<std::string, Entry> entries_;
    bool news_ = false;
};

}  // namespace volt
