// Safety checks, made from outside in every tick: compares commands with the site's readings. Keeps separate counts of starts,
// rests and waiting, and does not read the rules' state.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "rules/decision.hpp"
#include "tests/simulation/site.hpp"
#include "tests/simulation/violation.hpp"

namespace volt::simulation {

class Safety {
public:
    explicit Safety(const Policy& policy);

    /// Checks one tick. `truth.began`: the daemon is new.
    void see(const Truth& truth, const SiteSnapshot& snapshot, const Policy& policy, const Decision& decision,
             Violations& violations);
    /// Checks the plant after a step without the daemon: the real drain of the battery.
    void see_battery(const Truth& truth, const Policy& policy, Violations& violations);

private:
    struct Watched {
        bool wanted = false, was_on = false;
        std::deque<std::int64_t> starts;  // starts of the last hour: at most 60
        std::deque<std::int64_t> turns;   // changes of direction ordered in the last hour: at most 200
        std::optional<bool> ordered;      // last order
        std::int64_t last_on = -1'000'000, on_since = 0, exempt_until = -1;
        int short_runs = 0;
        std::optional<std::int64_t> waiting_since, on_battery_since, unplanned_since;
        std::int64_t from_battery_ws = 0, from_battery_at = 0;  ///< energy from the bank during that run, in W s
    };
    struct Tick {
        const Truth& truth;
        const SiteSnapshot& snapshot;
        const Policy& policy;
        const Decision& decision;
        Violations& violations;
        std::int64_t now;
    };

    void forget_daemon();
    void see_blindness(const Tick& t);
    void see_happenings(const Tick& t);
    void check_voltage(const Tick& t) const;
    void check_command(const Tick& t, const Command& command);
    void check_on(const Tick& t, const Command& command, std::size_t load);
    void check_fan(const Tick& t, const Command& command);
    void note_order(const Tick& t, const Command& command, std::size_t load);
    void check_load(const Tick& t, std::size_t load);
    void check_start(const Tick& t, std::size_t load);
    void check_pace(const Tick& t, std::size_t load);
    void check_supply(const Tick& t, std::size_t load) const;
    void check_rank(const Tick& t, std::size_t load) const;
    void end_run(const Tick& t, std::size_t load);
    void see_waiting(const Tick& t, std::size_t load);
    void see_battery_run(const Tick& t, std::size_t load);
    void check_trip(const Tick& t) const;
    void check_budget(const Tick& t, std::size_t load);
    void check_bridge(const Tick& t);
    void check_odds(const Tick& t);
    std::int64_t rest_of(const Policy& policy, std::size_t load, bool full) const;
    std::optional<std::int64_t> own_surplus(const Tick& t, std::size_t load) const;
    std::size_t load_of(Index output) const { return owner_[static_cast<std::size_t>(output)]; }
    const char* name_of(const Policy& policy, std::size_t load) const;

    std::size_t miners_;
    std::vector<std::size_t> owner_;  // owner of each output; watched_.size() for a fan
    std::vector<Index> output_;       // output of each load
    std::vector<Watched> watched_;
    std::vector<std::optional<bool>> fan_ordered_;  // by zone
    std::optional<std::int64_t> blind_since_, low_since_, at_float_;
    std::int64_t last_start_ = -1'000'000, last_switch_ = 0, daemon_since_ = 0;
    std::size_t last_starter_ = 0;
    int started_now_ = 0;
};

}  // namespace volt::simulation
