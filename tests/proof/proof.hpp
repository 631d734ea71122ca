// Properties that must always hold. Each is checked from outside in every tick: from raw inputs, commands and verdicts, never by
// asking a gate or a hold of the rules.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "tests/proof/facts.hpp"
#include "tests/rules/hold_bounds.hpp"

namespace volt::proof {

struct Failure {
    int property = 0;  ///< number in the decision rules; from 101 on for exits and lease proofs
    std::string text;  ///< observation
    int tick = 0;
};

class Proof {
public:
    /// Checks one tick. The first failure is kept.
    void look(const Turn& turn);
    const std::optional<Failure>& failure() const { return failure_; }
    /// Returns how often each property had something to judge. A check without any proves nothing.
    const std::map<int, long>& judged() const { return judged_; }

private:
    void never_on_while_deep(const Turn& turn);               // 1
    void never_starts_under_start_voltage(const Turn& turn);  // 2
    void rests_and_takes_turns(const Turn& turn);             // 3
    void nothing_on_while_blind(const Turn& turn);            // 4
    void starts_within_headroom(const Turn& turn);            // 5
    void does_not_live_on_the_battery(const Turn& turn);      // 5
    void smaller_level_goes_first(const Turn& turn);          // 6
    void fan_and_heater_never_together(const Turn& turn);     // 7
    void one_reason_each(const Turn& turn);                   // 8
    void same_inputs_same_decision(const Turn& turn);         // 9
    void trip_always_stops(const Turn& turn);                 // 10
    void changes_are_bounded(const Turn& turn);               // 12
    void budget_only_forbids(const Turn& turn);               // 13
    void budget_names_what_is_kept(const Turn& turn);         // 16
    void only_a_start_switches_on(const Turn& turn);          // 17
    void stop_by_voltage_keeps_its_time(const Turn& turn);    // 18
    void end_of_an_absent_load_stays(const Turn& turn);       // 19
    void two_cold_temperatures_block(const Turn& turn);       // 20
    void nothing_planned_on_wrong_numbers(const Turn& turn);  // 29
    void exit_orders_are_asked_for(const Turn& turn);         // 101
    void charger_returns_unless_blocked(const Turn& turn);    // 102
    void trial_ends_in_off(const Turn& turn);                 // 103

    void fail(int property, const Turn& turn, std::size_t load, const std::string& text);
    bool calm(const Turn& turn) const;
    std::optional<Volts> surely_at_most(const Turn& turn) const;
    bool surely_at_or_under(const Turn& turn, Volts level) const;
    std::optional<std::int64_t> surplus_at_most(const Turn& turn);
    std::int64_t headroom_at_most(const Turn& turn, std::size_t load, std::int64_t surplus, bool running);
    std::int64_t draw_at_least(const Turn& turn, std::size_t load) const;
    bool surely_waits_for_power(const Turn& turn, std::size_t load);
    void see_waiting(const Turn& turn, std::size_t load);
    bool surely_at_least(const Turn& turn, Volts level) const;
    void see_bank(const Turn& turn);

    struct Waiting {
        std::optional<Time> by_gates;    ///< first tick of the unbroken wait, by its verdict
        std::optional<Time> able_since;  ///< nothing but power can block it since then, by the raw inputs
        std::optional<Time> not_at;      ///< last tick in which it certainly did not wait
    };
    struct Protected {
        std::optional<Time> begun_at;  ///< first ON of this run
        bool confirmed = false;        ///< it reported on since then
        bool was_away = false, unedited = false;
        std::optional<Time> last_on_at, unplanned_since;
        test::HoldBounds low;
    };
    struct Coldest {
        std::optional<Celsius> value;
        bool rose = false;  ///< more than 9 K above it: it may be in doubt
    };
    Facts facts_;
    std::map<std::string, Protected> protected_;
    std::vector<Coldest> coldest_;   ///< by battery temperature
    std::optional<Time> looked_at_;  ///< the tick before
    std::map<std::string, Waiting> waiting_;
    std::map<std::string, Time> lacking_since_, hot_since_;
    std::map<Index, bool> ordered_;  ///< last command to each output
    std::set<std::string> tried_;    ///< loads that were on for the proof of a timer in the previous tick
    bool before_calm_ = false;       ///< nothing was switched before the checked tick
    std::optional<Failure> failure_;
    std::map<int, long> judged_;
    Decision reused_;  ///< has the memory of an earlier tick
    TickMemory memory_;
};

/// Returns everything in a decision as numbers, without the state. Equal decisions have equal numbers.
std::vector<std::int64_t> numbers_of(const Decision& decision);

}  // namespace volt::proof
