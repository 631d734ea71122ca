// Liveness checks: a site that is well again earns, no load flaps, and none is locked out.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "rules/decision.hpp"
#include "tests/simulation/site.hpp"
#include "tests/simulation/violation.hpp"

namespace volt::simulation {

/// Limit after which a miner must be running if it could run by every outside measure, with a margin: the longest rest (2 h) plus
/// an hour for events of an hour (fault, held-back sun, priority, starts).
inline constexpr std::int64_t late_s = 3 * 3600;
/// Limit for the sum of spells of ten minutes and more, over all days.
inline constexpr std::int64_t locked_out_s = 10 * 3600;
/// Limits for starts of one load without faults, in 24 hours and in two. Property 12 alone would allow a miner 72 and 6, a heater
/// 144 and 12. Broken clouds end a run after min_on_s, and the rest doubles only after runs that ended for lack of sun or power.
/// While the bank is full the rest is min_off_s, and a run that ends within min_on_s + stop_hold_s (630 s) blocks the next start
/// for 10 min: a miner may start every 1230 s.
struct QuietStarts {
    std::size_t day, two_hours;
    std::size_t with_full;  ///< in two hours including starts at a full bank; two_hours limits the others
};
inline constexpr QuietStarts most_of_miner{14, 4, 6}, most_of_heater{40, 9, 9};

class Liveness {
public:
    explicit Liveness(const Policy& policy) : watched_(load_count(policy)) {}

    void see(const Truth& truth, const SiteSnapshot& snapshot, const Policy& policy, const Decision& decision,
             Violations& violations);
    /// Return the most starts of a miner, and of a heater, in 24 quiet hours and in two.
    const QuietStarts& most_miner() const { return most_miner_; }
    const QuietStarts& most_heater() const { return most_heater_; }
    /// Returns the longest time in s that a miner which could run did not.
    std::int64_t longest_fair_s() const { return longest_fair_; }

private:
    struct QuietStart {
        std::int64_t at;
        bool full;  ///< the bank was, and a full bank ends long rests
    };
    struct Watched {
        std::optional<std::int64_t> fair_since;
        std::int64_t fair_sum = 0;
        std::deque<QuietStart> starts;  // in the last 24 h: at most 144 by property 12
        bool wanted = false;
    };
    bool fair(const Truth& truth, const SiteSnapshot& snapshot, const Policy& policy, const Decision& decision,
              std::size_t load) const;
    void see_fairness(bool fair, bool runs, std::int64_t now, std::int64_t rest_s, std::size_t load, Violations& violations);
    void see_starts(QuietStart start, std::size_t load, bool miner, Violations& violations);

    std::vector<Watched> watched_;
    std::int64_t last_ = 0, upset_until_ = 0, longest_fair_ = 0;
    QuietStarts most_miner_{}, most_heater_{};
};

}  // namespace volt::simulation
