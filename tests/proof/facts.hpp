// What is certain about a site from its raw inputs and the commands alone, without asking the rules: conservative,
// so that whatever a property holds against the rules is certain.
#pragma once

#include <map>
#include <string>

#include "tests/proof/world.hpp"

namespace volt::proof {

/// One voltage source by its raw samples. Sure: two in range within 0.5 V of each other, moving, without a gap.
struct SourceFacts {
    std::optional<Volts> last;
    Time last_at{}, moved_at{};
    std::optional<Time> in_range_at;  ///< newest sample in range
    std::optional<Volts> high;        ///< the higher of the two; only while sure
    std::optional<Time> sure_since;
};

/// One room sensor.
struct RoomFacts {
    std::optional<Celsius> last;  ///< newest in range
    std::optional<Celsius> sure;  ///< two in a row within 2 K: the last one is certain
    std::optional<Time> in_range_at;
    std::optional<Time> lost_since;  ///< surely unusable
};

/// One load by its reports and the orders it got.
struct LoadFacts {
    bool wanted = false, was_wanted = false;
    bool started = false;  ///< in this tick, by the rules and not by adoption
    bool stopped = false;
    bool forced = false;                         ///< an `on` override is active
    bool report_on = false, report_off = false;  ///< newest live report
    std::optional<Time> report_at;               ///< of it
    std::optional<Time> off_from;                ///< the rest begins here at the earliest
    std::optional<bool> ordered_on;              ///< last command, without renewals
    std::optional<Time> ordered_at;              ///< of the newest command, without renewals
    std::vector<Time> starts;                    ///< of the last hour
    std::vector<Time> flips;                     ///< changes ordered in the last hour
    std::optional<Time> handled_at;              ///< last override, external switching or reboot
    std::optional<Time> on_from;                 ///< first report of ON in this run
    int bad_runs = 0;                            ///< at least so many short runs ended badly since the last longer one
    bool ever_bad = false;
    bool by_voltage = false;  ///< the last run ended so
};

class Facts {
public:
    void see(const Turn& turn);

    std::vector<SourceFacts> sources;
    std::vector<RoomFacts> rooms;
    std::optional<Time> blind_since;  ///< no usable voltage according to the rules, since the daemon started
    std::optional<Time> switched_at;  ///< last order or report of a change at any load
    std::optional<Time> reported_at;  ///< last report of a change at any load
    std::optional<Time> last_start;
    std::string last_starter;

    LoadFacts& of(const Policy& policy, std::size_t load) { return loads_[key(policy, load)]; }
    static std::string key(const Policy& policy, std::size_t load);
    static Index output_of(const Policy& policy, std::size_t load);
    static Watts nominal_of(const Policy& policy, std::size_t load);
    /// Source 0 surely serves: sure for longer than the way back to it takes.
    bool first_serves(Time at) const {
        return !sources.empty() && sources.front().sure_since && at - *sources.front().sure_since > 35s;
    }

private:
    void see_sources(const Turn& turn);
    void see_rooms(const Turn& turn);
    void see_load(const Turn& turn, std::size_t load);
    void see_reports(const Turn& turn, Index output, LoadFacts& facts);
    std::map<std::string, LoadFacts> loads_;
};

}  // namespace volt::proof
