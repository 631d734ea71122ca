// The last quarter of an hour of every source at its polling rate, only in memory.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "drivers/store/telemetry/history_reader.hpp"
#include "drivers/store/telemetry/raw_rows.hpp"

namespace volt {

/// Recent readings. Bounded by time and by number; safe from any thread. Adding takes the loop a short lock even while others
/// read: a reader copies one value of one source.
class Recent {
public:
    static constexpr Duration kept = 15min;
    static constexpr std::size_t most_samples = 4500;  ///< for each source: 15 min at its shortest poll_s, 0.2 s
    static constexpr std::size_t most_sources = 32;    ///< 32 x 4500 x 56 bytes = 8 MB at most; 150 kB as delivered

    void add(const SourceReading& reading, Utc at);
    /// Returns the steps of one value of one source, oldest first; times in ms. A clock that was set back restarts it.
    std::vector<std::pair<std::int64_t, std::int64_t>> read(const std::string& source, RawField field) const;
    /// Returns the number of samples of all sources.
    std::size_t size() const;

private:
    struct Sample {
        std::int64_t at_ms = 0;
        std::array<std::int32_t, field_count> steps{};
    };

    mutable std::mutex mutex_;
    std::map<std::string, std::deque<Sample>> sources_;
};

/// Returns the part of a telemetry series that is in memory, one point per poll; `at_s` in whole seconds. Fault::refused: no such
/// series, or not telemetry.
Result<History> read_recent(const Recent& recent, const HistoryQuery& query);

}  // namespace volt
