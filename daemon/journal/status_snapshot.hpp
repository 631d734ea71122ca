// StatusSnapshot: what the API shows of one tick, made by the loop and never changed after it was posted.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "daemon/config/check_night.hpp"
#include "daemon/explain/topics.hpp"
#include "drivers/store/telemetry/history_reader.hpp"

namespace volt {

/// How one part of the daemon does: `ok`, `degraded`, `down`.
struct PartHealth {
    std::string name;  ///< loop, modbus, mqtt, store
    std::string state = "ok";
    std::string text;  ///< what is wrong; empty: nothing
};

/// How the loop keeps its time, since the start of the daemon.
struct LoopFigures {
    std::uint64_t turns = 0;
    std::chrono::microseconds last_turn{}, longest_turn{};
    std::chrono::microseconds longest_delay{};  ///< of the begin of a turn after its moment
};

/// An output as it is wired; what is known of it stands in the object `output/<id>`.
struct OutputRow {
    std::string id, kind, dialect;
    std::string load;  ///< whom it serves: `<miner>`, `<zone>/fan`, `<zone>/heat`, `charge`; empty: nobody
};

struct StatusSnapshot {
    Time posted{};
    std::uint64_t turn = 0;  ///< number of the turn it shows
    Duration good_for = 5s;  ///< older than this the loop is taken as stuck
    Utc at{};
    LocalTime local;
    std::optional<double> guard_below_c;                       ///< charging is to be blocked below; nothing: no zone guards
    std::vector<NightDoubt> warnings;                          ///< of settings that leave the night open
    std::vector<std::pair<std::string, std::string>> objects;  ///< topic and JSON, alarms too
    std::vector<std::string> events;                           ///< JSON, oldest first, at most most_events
    std::map<std::string, std::string> explanations;           ///< JSON by load
    std::vector<PartHealth> parts;
    std::vector<OutputRow> outputs;
    SeriesSources series;  ///< what `battery` and `power` of the history are made of
    StoreHealth store;
    LoopFigures loop;
};

inline constexpr std::size_t most_events = 20;

/// The last events, oldest first; the loop keeps one.
class EventTail {
public:
    void add(const Change& change);
    std::vector<std::string> events() const { return {events_.begin(), events_.end()}; }

private:
    std::deque<std::string> events_;
};

/// Renders a tick. `topics` and `alarms` are those that were published in it.
StatusSnapshot make_page(const SiteView& view, const std::vector<Topic>& topics, const std::map<std::string, std::string>& alarms,
                         const EventTail& tail, const StoreHealth& store);

/// Where the loop pins the newest page and the server's threads read it. A page costs the loop more than a turn, so it
/// makes one only when somebody reads.
class StatusBoard {
public:
    /// A page younger than this serves the next reader too.
    static constexpr Duration fresh_for = 500ms;
    /// How long a reader waits for a new page; then it gets the old one, whose age shows a stuck loop.
    static constexpr Duration longest_wait = 1s;

    /// `wake` wakes the loop when a reader wants a page; without it readers do not wait. Call before the first reader.
    void on_wanted(std::function<void()> wake) { wake_ = std::move(wake); }
    bool wanted() const;
    void post(std::shared_ptr<const StatusSnapshot> page);
    /// Nobody waits from now on, until open().
    void close();
    void open();
    /// A fresh page, of this turn or a later one.
    std::shared_ptr<const StatusSnapshot> page(std::uint64_t turn = 0) const;

private:
    bool is_fresh(std::uint64_t turn) const;

    std::function<void()> wake_;
    mutable std::mutex mutex_;
    mutable std::condition_variable posted_;
    mutable bool wanted_ = false;
    bool closed_ = false;
    std::shared_ptr<const StatusSnapshot> page_;
    Time made_{};
};

}  // namespace volt
