// Certain facts about a site, from its raw inputs and commands alone, without asking the rules. They are conservative, so that a
// property that fails proves a fault of the rules.
#pragma once

#include <map>
#include <string>

#include "tests/proof/world.hpp"

namespace volt::proof {

/// One voltage source by its raw samples. It is sure if two samples in range are within 0.5 V of each other, moving, without a
/// gap.
struct SourceFacts {
    std::optional<Volts> last;
    Time last_at{}, moved_at{};
    std::optional<Time> in_range_at;  ///< newest sample in range
    std::optional<Volts> low;         ///< the lower of the last two; only while sure
    std::optional<Volts> high;        ///< the higher of the two; only while sure
    std::optional<Time> sure_since;
};

/// One room sensor.
struct RoomFacts {
    std::optional<Celsius> last;  ///< newest value in range
    std::optional<Celsius> sure;  ///< the last of two consecutive values within 2 K
    std::optional<Time> in_range_at;
    std::optional<Time> lost_since;  ///< certainly unusable
};

/// One load by its reports and its orders.
struct LoadFacts {
    bool wanted = false, was_wanted = false;
    bool started = false;  ///< started in this tick by the rules, not by adoption
    bool stopped = false;
    bool forced = false;                         ///< an `on` override is active
    bool report_on = false, report_off = false;  ///< newest live report
    std::optional<Time> report_at;               ///< time of that report
    std::optional<Time> off_from;                ///< earliest start of the rest
    std::optional<bool> ordered_on;              ///< last command, without renewals
    std::optional<Time> ordered_at;              ///< time of the newest command, without renewals
    std::vector<Time> starts;                    ///< starts of the last hour
    std::vector<Time> flips;                     ///< changes ordered in the last hour
    std::optional<Time> handled_at;              ///< last override, external switching or reboot
    std::optional<Time> on_from;                 ///< first report of ON in this run
    int bad_runs = 0;                            ///< minimum number of short runs that ended badly since the last longer one
    bool ever_bad = false;
    bool by_voltage = false;  ///< the last run ended by voltage
};

class Facts {
public:
    void see(const Turn& turn);

    std::vector<SourceFacts> sources;
    std::vector<RoomFacts> rooms;
    std::optional<Time> blind_since;  ///< no usable voltage according to the rules, since the daemon started
    std::optional<Time> switched_at;  ///< last order or reported change of any load
    std::optional<Time> reported_at;  ///< last reported change of any load
    std::optional<Time> last_start;
    std::string last_starter;

    LoadFacts& of(const Policy& policy, std::size_t load) { return loads_[key(policy, load)]; }
    static std::string key(const Policy& policy, std::size_t load);
    static Index output_of(const Policy& policy, std::size_t load);
    static Watts nominal_of(const Policy& policy, std::size_t load);
    /// Returns true if source 0 certainly serves: it has been sure for longer than voltd takes to return to it.
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
