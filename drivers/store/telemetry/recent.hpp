// The last quarter of an hour of every source at the rate it was polled, in memory only.
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

/// Bounded by time and by number; safe from any thread. Adding costs the loop a short lock, whoever reads: a reader
/// copies one value of one source.
class Recent {
public:
    static constexpr Duration kept = 15min;
    static constexpr std::size_t most_samples = 4500;  ///< of a source: 15 min at its shortest poll_s, 0.2 s
    static constexpr std::size_t most_sources = 32;    ///< 32 x 4500 x 56 bytes = 8 MB at the very most; 150 kB as delivered

    void add(const SourceReading& reading, Utc at);
    /// Steps of one value of one source, oldest first; times in ms. A clock that was set back begins anew.
    std::vector<std::pair<std::int64_t, std::int64_t>> read(const std::string& source, RawField field) const;
    /// Samples of all sources.
    std::size_t size() const;

private:
    struct Sample {
        std::int64_t at_ms = 0;
        std::array<std::int32_t, field_count> steps{};
    };

    mutable std::mutex mutex_;
    std::map<std::string, std::deque<Sample>> sources_;
};

/// The part of a telemetry series that is in memory, one point a poll; `at_s` in whole seconds. Fault::refused: no such
/// series, or one that is not of telemetry.
Result<History> read_recent(const Recent& recent, const HistoryQuery& query);

}  // namespace volt
