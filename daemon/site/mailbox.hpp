// The mailbox between the pollers' threads and the loop: it keeps the latest reading of each source.
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
    /// Sources a poller may name; another name is ignored (bound of the mailbox).
    explicit Mailbox(const std::vector<std::string>& sources);

    /// From now on these: what is known of the others goes, the rest stays.
    void require(const std::vector<std::string>& sources);

    /// What pollers are given. Safe from any thread; never blocks for longer than a copy.
    SourceSink sink();

    /// Called by the thread that brings a reading for which the loop does not wait for its tick: the first one of each
    /// source, and those awaited. Set before the first poller starts.
    void on_urgent_reading(std::function<void()> wake) { on_urgent_ = std::move(wake); }
    /// The source whose readings are awaited; empty: each that brings a voltage.
    void await(const std::string& source);
    /// When the first of such readings since the last call arrived; nothing: there was none.
    std::optional<Time> take_urgent();

    /// Place in voltage_sources of the one that decides, written by the loop; larger than every place while none does.
    void set_deciding(int place) { deciding_ = place; }
    int deciding() const { return deciding_; }

    struct LatestReading {
        SourceReading reading;
        bool has_reading = false;
        Time arrived{};              ///< monotonic, of the reading
        std::uint64_t readings = 0;  ///< how many have come, to see a new one
        SourceHealth health;
    };
    /// A copy of all slots, by name.
    std::map<std::string, LatestReading> read() const;
    /// The same, over a copy of before: takes no memory while the sources are the same.
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
