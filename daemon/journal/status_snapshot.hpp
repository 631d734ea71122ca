// StatusSnapshot: one tick as the API shows it. The loop makes it; it never changes afterwards.
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

/// State of one part of the daemon: `ok`, `degraded`, `down`.
struct PartHealth {
    std::string name;  ///< loop, modbus, mqtt, store
    std::string state = "ok";
    std::string text;  ///< problem, or empty if none
};

/// Timing of the loop since the daemon started.
struct LoopFigures {
    std::uint64_t turns = 0;
    std::chrono::microseconds last_turn{}, longest_turn{};
    std::chrono::microseconds longest_delay{}, all_delays{};  ///< delay of the start of a turn
};

/// Configuration of an output. Its state is in the object `output/<id>`.
struct OutputRow {
    std::string id;
    OutputKind kind{};
    DialectName dialect{};
    std::string load;   ///< load it switches: `<miner>`, `<zone>/fan`, `<zone>/heat`, `charge`, or empty if none
    std::string topic;  ///< topic of the device, as configured
    bool meter = false;
    std::optional<OutputProofRow> proven{};  ///< last proof that its own timer switches it off
};

/// voltd.yaml as currently in use.
struct ConfigInForce {
    std::string path;         ///< empty if unknown
    std::optional<Utc> read;  ///< empty if the file is rejected and its last good copy is used
};

/// Number of times a load, fan, heat or the charge order changed to this state for this reason since the start.
struct DecisionCount {
    std::string load, to, reason;
    std::uint64_t count = 0;
};

/// Last proof of a relay's own timer, or empty if there was none since the start.
struct LeaseProofFacts {
    std::string output, state, text;
};

struct StatusSnapshot {
    Time posted{};
    std::uint64_t turn = 0;  ///< number of the turn
    Time rendered{};         ///< time of the topics other than `battery` and `power`: at most some seconds earlier
    Duration good_for = 5s;  ///< age at which the loop counts as stuck
    Utc at{};
    LocalTime local;
    std::string site;                                          ///< site name in voltd.yaml
    std::optional<double> guard_below_c;                       ///< charging is blocked below this, or empty if no zone guards
    std::vector<NightDoubt> warnings;                          ///< about settings that risk an empty bank at night
    std::vector<std::pair<std::string, std::string>> objects;  ///< topic and JSON, including alarms
    std::vector<std::string> events;                           ///< JSON, oldest first, at most most_events
    std::uint64_t events_made = 0;                             ///< events since the start; the last of `events` has this number
    std::int64_t newest_change = 0;  ///< number of the newest settings change since the start, or 0 for none
    std::vector<PartHealth> parts;
    std::vector<OutputRow> outputs;
    ConfigInForce config;
    SeriesSources series;  ///< sources of `battery` and `power` in the history
    StoreHealth store;
    LoopFigures loop;
    std::optional<Preferences> preferences;  ///< preferences in use
    std::vector<DecisionCount> decisions;
    LeaseProofFacts lease_proof;
};

/// Explanations of all loads in one tick. Making it costs the loop more than the snapshot, so it is a separate page.
struct Explanations {
    Time posted{};
    std::uint64_t turn = 0;
    Duration good_for = 5s;
    std::map<std::string, std::string> loads;  ///< JSON by load
};

/// Returns true if the loop is stuck: its newest page is too old.
template <class Page>
bool is_late(const Page& page, Time now) {
    return now - page.posted > page.good_for;
}

inline constexpr std::size_t most_events = 20;

/// Last events, oldest first, kept by the loop.
class EventTail {
public:
    void add(const Change& change);
    std::vector<std::string> events() const { return {events_.begin(), events_.end()}; }
    /// Returns the number of all events added.
    std::uint64_t made() const { return made_; }

private:
    std::uint64_t made_ = 0;
    std::deque<std::string> events_;
};

/// Renders a tick. `topics` and `alarms` are the ones published in it.
StatusSnapshot status_of_turn(const SiteView& view, const std::vector<Topic>& topics,
                              const std::map<std::string, std::string>& alarms, const EventTail& tail, const StoreHealth& store);
Explanations explanations_of_turn(const SiteView& view);

/// Predicts the next reader from the gap between the last two.
class ReaderRhythm {
public:
    /// Maximum predicted gap. A later reader wakes the loop.
    static constexpr Duration longest_gap = 6s;

    void read(Time now);
    void turn(Time now);
    /// Returns true if a reader is likely before the turn after the newest.
    bool expects_one(Time now) const;

private:
    Time read_at_{}, turn_at_{};
    Duration gap_{}, turn_gap_{};
};

/// Board where the loop posts its newest page for the server threads. A page costs the loop more than a turn, so it makes one
/// only for a reader.
template <class Page>
class Board {
public:
    /// Maximum age of a page for the next reader to reuse it.
    static constexpr Duration fresh_for = 500ms;
    /// Maximum wait for a new page. Then the reader gets the old one, whose age shows a stuck loop.
    static constexpr Duration longest_wait = 1s;

    /// Sets the function that wakes the loop when a reader waits. Without it, readers do not wait. Call before the first reader.
    void on_wanted(std::function<void()> wake) { wake_ = std::move(wake); }
    /// Returns true if a reader waits; or, if pages are kept ready, if one is expected before the next turn and has no page of
    /// this turn.
    bool wanted() const;
    /// Makes pages in advance for expected readers, which then need not wake the loop. For pages that cost less than a wake-up.
    void keep_ready() { kept_ready_ = true; }
    /// Sets the newest completed turn. A page of it is as good as a new one, however old.
    void completed(std::uint64_t turn);
    void post(std::shared_ptr<const Page> page);
    /// Ends all waits and allows no new ones until open().
    void close();
    void open();
    /// Returns a fresh page of this turn or a later one.
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
    std::uint64_t newest_turn_ = std::numeric_limits<std::uint64_t>::max();  ///< this maximum means unknown
};

using StatusBoard = Board<StatusSnapshot>;
using ExplanationBoard = Board<Explanations>;

/// Pages that the loop makes for readers, each only when it is read.
struct Boards {
    StatusBoard status;
    ExplanationBoard explanations;
    std::shared_ptr<const modbus::RegisterBoard> registers{};  ///< written by the pollers; set before the first reader

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
