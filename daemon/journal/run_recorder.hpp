// RunRecorder: records each command until its result is known, and each run of a load with its energy.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/explain/site_view.hpp"
#include "daemon/journal/energy_counters.hpp"
#include "drivers/store/store.hpp"

namespace volt {

class RunRecorder {
public:
    /// Processes one tick and passes finished rows to `store`.
    void record(const SiteView& view, Store& store);
    /// Returns the time from the first order to its confirmation, by output, or nothing while unconfirmed.
    std::optional<Duration> latency(std::size_t output) const;
    /// Returns the energy of all miners, including those that run without an order of voltd.
    EnergyCounters& energies() { return energies_; }
    const EnergyCounters& energies() const { return energies_; }

private:
    struct Open {
        std::optional<Time> ordered_at;  ///< time of the tracked order
        CommandRow row;
        bool open = false;
        std::optional<Duration> latency;
    };
    struct Run {
        std::string load;  ///< slug
        bool on = false;
        Utc started{};
        std::string start_reason;
        std::int64_t energy_ms_w = 0;  ///< watts times milliseconds
    };

    /// Aligns runs after an edit. A run follows its load, and ends now if its load was removed.
    void align_runs(const SiteView& view, Store& store);
    void record_output(const SiteView& view, std::size_t output, Store& store);
    void record_load(const SiteView& view, std::size_t load, Duration step, Store& store);

    std::vector<Open> outputs_;  ///< aligned with the policy
    std::vector<Run> runs_;
    EnergyCounters energies_;
    std::uint64_t revision_ = 0;
    std::optional<Time> last_;
};

}  // namespace volt
