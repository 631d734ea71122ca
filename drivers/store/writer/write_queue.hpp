// The bounded queue between the daemon's threads and the writer's.
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
    bool urgent = false;       ///< to be committed at once
    std::uint64_t number = 0;  ///< given by put()
};

/// Everything that came in since the last take().
struct WriteQueueContent {
    std::deque<TelemetryRow> telemetry;
    std::deque<HistoryRow> history;
    std::optional<SavedRuleState> rule_state;  ///< the newest only
    std::optional<SiteMode> mode;              ///< the newest only
    std::string mode_by;                       ///< who asked for it
    std::uint64_t mode_order = 0;              ///< how many modes were put until now
    bool closing = false;
};

/// put() returns at once. What does not fit is dropped, oldest telemetry first, then oldest history, and counted.
class WriteQueue {
public:
    explicit WriteQueue(std::size_t most);
    ~WriteQueue();
    WriteQueue(const WriteQueue&) = delete;
    WriteQueue& operator=(const WriteQueue&) = delete;

    /// Telemetry waits for the next regular turn of the writer; everything else wakes it.
    void put(TelemetryRow row);
    void put(HistoryRow row);
    /// Both return the number of what was put: 1, 2, 3 …
    std::uint64_t put(SavedRuleState state);
    std::uint64_t put(SiteMode mode, std::string who);
    /// Wakes the writer without a row.
    void nudge();
    void close();

    /// Waits until something urgent is there, `watch` has seen something, or until `until`; then gives everything that is
    /// there.
    WriteQueueContent take(std::chrono::steady_clock::time_point until, const FileWatch* watch = nullptr);

    std::size_t size() const;
    std::uint64_t dropped() const;

private:
    void make_room();
    void ring();
    void wait(std::chrono::steady_clock::time_point until, const FileWatch* watch);

    mutable std::mutex mutex_;
    int bell_;  ///< an eventfd, or -1: then waits poll the flag in short steps
    WriteQueueContent content_;
    bool urgent_ = false;
    std::size_t most_;
    std::uint64_t dropped_ = 0, states_ = 0, modes_ = 0;
};

}  // namespace volt
