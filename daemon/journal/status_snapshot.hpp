// StatusSnapshot: what the API shows of one tick. The loop makes it; it never changes afterwards.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/config/check_night.hpp"
#include "daemon/explain/topics.hpp"
#include "drivers/output.hpp"
#include "drivers/store/store.hpp"
#include "drivers/store/telemetry/history_reader.hpp"

namespace volt {

namespace modbus {
class RegisterBoard;
}

/// The state of one part of the daemon: `ok`, `degraded`, `down`.
struct PartHealth {
    std::string name;  ///< loop, modbus, mqtt, store
    std::string state = "ok";
    std::string text;  ///< what is wrong; empty: nothing
};

/// The loop's timing since the start of the daemon.
struct LoopFigures {
    std::uint64_t turns = 0;
    std::chrono::microseconds last_turn{}, longest_turn{};
    std::chrono::microseconds longest_delay{}, all_delays{};  ///< of the start of a turn
};

/// The configuration of an output; its state is in the object `output/<id>`.
struct OutputRow {
    std::string id;
    OutputKind kind{};
    DialectName dialect{};
    std::string load;   ///< what it switches: `<miner>`, `<zone>/fan`, `<zone>/heat`, `charge`; empty: nothing
    std::string topic;  ///< of the device, as configured
    bool meter = false;
    std::optional<OutputProofRow> proven{};  ///< when its own timer was last seen to switch it off
};

/// voltd.yaml, as it is in force.
struct ConfigInForce {
    std::string path;         ///< empty: unknown
    std::optional<Utc> read;  ///< empty: the file is rejected, the last good copy of it is in force
};

/// How often a load, fan, heat or the charge order was changed to this for this reason, since the start.
struct DecisionCount {
    std::string load, to, reason;
    std::uint64_t count = 0;
};

/// The last proof of a relay's own timer; empty: none since the start.
struct LeaseProofFacts {
    std::string output, state, text;
};

struct StatusSnapshot {
    Time posted{};
    std::uint64_t turn = 0;  ///< number of the turn it shows
    Time rendered{};         ///< when the topics other than `battery` and `power` were made: at most some seconds earlier
    Duration good_for = 5s;  ///< older than this, the loop counts as stuck
    Utc at{};
    LocalTime local;
    std::string site;                                          ///< its name in voltd.yaml
    std::optional<double> guard_below_c;                       ///< charging is blocked below this; empty: no zone guards
    std::vector<NightDoubt> warnings;                          ///< about settings that risk an empty bank at night
    std::vector<std::pair<std::string, std::string>> objects;  ///< topic and JSON, alarms too
    std::vector<std::string> events;                           ///< JSON, oldest first, at most most_events
    std::uint64_t events_made = 0;                             ///< since the start: the last of `events` has this number
    std::int64_t newest_change = 0;                            ///< of the settings since the start; 0: none
    std::vector<PartHealth> parts;
    std::vector<OutputRow> outputs;
    ConfigInForce config;
    SeriesSources series;  ///< the sources of `battery` and `power` in the history
    StoreHealth store;
    LoopFigures loop;
    std::optional<Preferences> preferences;  ///< in force
    std::vector<DecisionCount> decisions;
    LeaseProofFacts lease_proof;
};

/// Why each load is on or off, of one tick. Making it costs the loop more than the snapshot, so it is a page of its own.
struct Explanations {
    Time posted{};
    std::uint64_t turn = 0;
    Duration good_for = 5s;
    std::map<std::string, std::string> loads;  ///< JSON by load
};

/// The loop is stuck: its newest page is too old.
template <class Page>
bool is_late(const Page& page, Time now) {
    return now - page.posted > page.good_for;
}

inline constexpr std::size_t most_events = 20;

/// The last events, oldest first; the loop keeps one.
class EventTail {
public:
    void add(const Change& change);
    std::vector<std::string> events() const { return {events_.begin(), events_.end()}; }
    /// All that were added.
    std::uint64_t made() const { return made_; }

private:
    std::uint64_t made_ = 0;
    std::deque<std::string> events_;
};

/// Renders a tick. `topics` and `alarms` are those that were published in it.
StatusSnapshot status_of_turn(const SiteView& view, const std::vector<Topic>& topics,
                              const std::map<std::string, std::string>& alarms, const EventTail& tail, const StoreHealth& store);
Explanations explanations_of_turn(const SiteView& view);

/// When a reader comes next, by the gap between the last two.
class ReaderRhythm {
public:
    /// Longer gaps are not awaited: that reader wakes the loop.
    static constexpr Duration longest_gap = 6s;

    void read(Time now);
    void turn(Time now);
    /// Whether one is likely to come before the turn after the newest.
    bool expects_one(Time now) const;

private:
    Time read_at_{}, turn_at_{};
    Duration gap_{}, turn_gap_{};
};

/// Where the loop posts its newest page for the server's threads. Making one costs the loop more than a turn, so it does
/// so only for a reader.
template <class Page>
class Board {
public:
    /// A page younger than this is reused for the next reader.
    static constexpr Duration fresh_for = 500ms;
    /// How long a reader waits for a new page; then it gets the old one, whose age shows a stuck loop.
    static constexpr Duration longest_wait = 1s;

    /// `wake` wakes the loop when a reader waits; without it, readers do not wait. Call before the first reader.
    void on_wanted(std::function<void()> wake) { wake_ = std::move(wake); }
    /// A reader waits; or, where pages are kept ready, one is expected before the next turn and has no page of this one.
    bool wanted() const;
    /// Makes pages for readers that are expected: they need not wake the loop. For pages that cost less than that.
    void keep_ready() { kept_ready_ = true; }
    /// The newest completed turn: a page of it is as good as a new one, however old.
    void completed(std::uint64_t turn);
    void post(std::shared_ptr<const Page> page);
    /// No reader waits from now on, until open().
    void close();
    void open();
    /// A fresh page, of this turn or a later one.
    std::shared_ptr<const Page> page(std::uint64_t turn = 0) const;

private:
    bool is_fresh(std::uint64_t turn) const;

    std::function<void()> wake_;
    mutable std::mutex mutex_;
    mutable std::condition_variable posted_;
    mutable bool wanted_ = false;
    mutable ReaderRhythm rhythm_;
    bool kept_ready_ = false;
    bool closed_ = false;
    std::shared_ptr<const Page> page_;
    Time made_{};
    std::uint64_t newest_turn_ = std::numeric_limits<std::uint64_t>::max();  ///< that: unknown
};

using StatusBoard = Board<StatusSnapshot>;
using ExplanationBoard = Board<Explanations>;

/// What the loop makes for readers, each only when it is read.
struct Boards {
    StatusBoard status;
    ExplanationBoard explanations;
    std::shared_ptr<const modbus::RegisterBoard> registers{};  ///< written by the pollers; before the first reader

    void on_wanted(const std::function<void()>& wake) {
        status.keep_ready();
        status.on_wanted(wake);
        explanations.on_wanted(wake);
    }
    void completed(std::uint64_t turn) {
        status.completed(turn);
        explanations.completed(turn);
    }
    void close() {
        status.close();
        explanations.close();
    }
    void open() {
        status.open();
        explanations.open();
    }
};

}  // namespace volt
