// Checks from outside that protection neither comes too early nor too late, and that only a start switches a load on.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "rules/decision.hpp"
#include "tests/rules/hold_bounds.hpp"
#include "tests/simulation/site.hpp"
#include "tests/simulation/violation.hpp"

namespace volt::simulation {

class Protection {
public:
    explicit Protection(const Policy& policy) : watched_(load_count(policy)) {}

    /// One tick of the daemon.
    void see(const Truth& truth, const SiteSnapshot& snapshot, const Policy& policy, const Decision& decision,
             Violations& violations);

private:
    struct Watched {
        bool wanted = false;
        std::optional<Time> started_at;  ///< its first ON of this run
        bool confirmed = false;          ///< it reported on since then
        std::optional<Time> said_on_at;  ///< last ON when it went away, from which its end is computed
        test::HoldBounds low;
        std::optional<Time> wanted_since;
    };
    struct Tick {
        const Truth& truth;
        const SiteSnapshot& snapshot;
        const Policy& policy;
        const Decision& decision;
        Violations& violations;
        Duration elapsed;
        std::int64_t at() const { return truth.now_s; }
    };
    void forget_daemon();
    void check_orders(const Tick& t, std::size_t load);
    void check_end(const Tick& t, std::size_t load);
    void check_stop(const Tick& t, std::size_t load);
    void check_charge_alarm(const Tick& t);
    void check_cold(const Tick& t) const;

    std::vector<Watched> watched_;
    test::HoldBounds charging_;
    std::optional<Time> last_;
};

}  // namespace volt::simulation
