// The properties that must always be true, each checked from the outside in every tick: from the raw inputs, the commands and
// the verdicts, never by asking a gate or a hold of the rules.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "tests/proof/facts.hpp"

namespace volt::proof {

struct Failure {
    int property = 0;  ///< as the decision rules number them; from 101 on: of the end and of a lease's proof
    std::string text;  ///< what was seen
    int tick = 0;
};

class Proof {
public:
    /// Looks at one tick; the first failure stays.
    void look(const Turn& turn);
    const std::optional<Failure>& failure() const { return failure_; }
    /// How often each property had something to judge: a check that never came to it proves nothing.
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

    struct Waiting {
        std::optional<Time> by_gates;    ///< first tick of the unbroken wait, by its verdict
        std::optional<Time> able_since;  ///< nothing but power can be in its way, by the raw inputs
        std::optional<Time> not_at;      ///< last tick in which it surely did not wait
    };
    Facts facts_;
    std::map<std::string, Waiting> waiting_;
    std::map<std::string, Time> lacking_since_, hot_since_;
    std::map<Index, bool> ordered_;  ///< last command to each output
    std::set<std::string> tried_;    ///< loads that were on for the proof of a timer in the tick before
    bool before_calm_ = false;       ///< nothing was switched before the checked tick
    std::optional<Failure> failure_;
    std::map<int, long> judged_;
    Decision reused_;  ///< with the memory of an earlier tick
    TickMemory memory_;
};

/// Everything in a decision as numbers, without the state: equal decisions have equal numbers.
std::vector<std::int64_t> numbers_of(const Decision& decision);

}  // namespace volt::proof
