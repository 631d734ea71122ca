// Bounded queue between the daemon's threads and the writer's.
#pragma once

#include <chrono>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

#include "drivers/store/sqlite/file_watch.hpp"
#include "drivers/store/store.hpp"
#include "drivers/store/writer/history_rows.hpp"

namespace volt {

struct TelemetryReading {
    SourceReading reading;
    Utc at{};
};
struct TelemetryHealth {
    SourceHealth health;
    Utc at{};
};
struct TelemetryMetric {
    std::string name;
    double value = 0;
    Utc at{};
};
using TelemetryRow = std::variant<TelemetryReading, TelemetryHealth, TelemetryMetric>;

struct SavedRuleState {
    std::string text;
    Utc at{};
    bool urgent = false;       ///< commit at once
    std::uint64_t number = 0;  ///< assigned by put()
};

/// Everything received since the last take().
struct WriteQueueContent {
    std::deque<TelemetryRow> telemetry;
    std::deque<HistoryRow> history;
    std::optional<SavedRuleState> rule_state;  ///< only the newest
    std::optional<SiteMode> mode;              ///< only the newest
    std::string mode_by;                       ///< requester of the mode
    std::uint64_t mode_order = 0;              ///< number of modes put so far
    bool closing = false;
};

/// The queue. put() returns at once. Rows that do not fit are dropped, oldest telemetry first, then oldest history, and counted.
class WriteQueue {
public:
    explicit WriteQueue(std::size_t most);
    ~WriteQueue();
    WriteQueue(const WriteQueue&) = delete;
    WriteQueue& operator=(const WriteQueue&) = delete;

    /// Adds a row. Telemetry waits for the next regular turn of the writer; everything else wakes it.
    void put(TelemetryRow row);
    void put(HistoryRow row);
    /// Put a state or mode, and return its number: 1, 2, 3 …
    std::uint64_t put(SavedRuleState state);
    std::uint64_t put(SiteMode mode, std::string who);
    /// Wakes the writer without a row.
    void nudge();
    void close();

    /// Waits for something urgent, an event of `watch`, or `until`; then returns everything in the queue.
    WriteQueueContent take(std::chrono::steady_clock::time_point until, const FileWatch* watch = nullptr);

    std::size_t size() const;
    std::uint64_t dropped() const;

private:
    void make_room();
    void ring();
    void wait(std::chrono::steady_clock::time_point until, const FileWatch* watch);

    mutable std::mutex mutex_;
    int bell_;  ///< an eventfd, or -1, in which case waits poll the flag in short steps
    WriteQueueContent content_;
    bool urgent_ = false;
    std::size_t most_;
    std::uint64_t dropped_ = 0, states_ = 0, modes_ = 0;
};

}  // namespace volt
