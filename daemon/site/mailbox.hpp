// Mailbox between the poller threads and the loop. Keeps the latest reading of each source.
#pragma once

#include <atomic>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "drivers/source.hpp"

namespace volt {

class Mailbox {
public:
    /// Creates slots for the sources that a poller may name. Ignores other names, which bounds the mailbox.
    explicit Mailbox(const std::vector<std::string>& sources);

    /// Replaces the list of sources. Forgets readings of the others and keeps the rest.
    void require(const std::vector<std::string>& sources);

    /// Returns the sink for pollers. Safe from any thread; never blocks for longer than a copy.
    SourceSink sink();

    /// Sets the function to call for a reading that should not wait for the tick: the first one of each source, and the awaited
    /// ones. Runs on the poller's thread. Set it before the first poller starts.
    void on_urgent_reading(std::function<void()> wake) { on_urgent_ = std::move(wake); }
    /// Sets the source whose readings are awaited. Empty means every source that reports a voltage.
    void await(const std::string& source);
    /// Returns when the first urgent reading since the last call arrived, or nothing if there was none.
    std::optional<Time> take_urgent();

    /// Sets the index of the deciding source in voltage_sources. The loop writes it; an index beyond the list means that none
    /// decides.
    void set_deciding(int place) { deciding_ = place; }
    int deciding() const { return deciding_; }

    struct LatestReading {
        SourceReading reading;
        bool has_reading = false;
        Time arrived{};              ///< monotonic time of the reading
        std::uint64_t readings = 0;  ///< readings received so far, to notice a new one
        SourceHealth health;
    };
    /// Returns a copy of all slots, by name.
    std::map<std::string, LatestReading> read() const;
    /// Copies all slots into `over`. Allocates no memory if the sources are the same as in the previous copy.
    void read(std::map<std::string, LatestReading>& over) const;

private:
    bool take(const SourceReading& reading);

    std::function<void()> on_urgent_;
    std::atomic<int> deciding_{std::numeric_limits<int>::max()};
    mutable std::mutex mutex_;
    std::string awaited_;
    std::optional<Time> urgent_;
    std::map<std::string, LatestReading> slots_;
};

}  // namespace volt
