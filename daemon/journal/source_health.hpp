// SourceHealthTracker: health of each source. Counts implausible voltages, derives the published health, and passes readings and
// health to the store, each once.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/explain/site_view.hpp"
#include "daemon/host/log.hpp"
#include "daemon/journal/source_fault_log.hpp"
#include "daemon/site/mailbox.hpp"
#include "drivers/store/store.hpp"

namespace volt {

class SourceHealthTracker {
public:
    /// Counts implausible answers, which the rules reject. Call once a turn, before view().
    void note_refusals(const Policy& policy, const LatestReadings& latest);
    /// Updates the displayed polled sources and `others`, judged by age and rejections. Overwrites the previous views.
    void view(const LatestReadings& latest, const std::vector<SourceHealth>& others, const Config& config, Duration power_stale,
              Time now, std::vector<SourceView>& views) const;
    /// Passes everything new to the log and the store. Call once a turn, last.
    void record(const LatestReadings& latest, const SiteView& view, Store& store, Log& log);
    /// Returns the log of source faults, which knows what was already logged.
    SourceFaultLog& log() { return log_; }

private:
    struct Refused {
        std::uint64_t count = 0;
        std::string last;  ///< reason, or empty if the newest value was accepted
    };

    void judge(const SourceHealth& health, Duration stale_after, Time now, SourceView& view) const;
    void record_health(const LatestReadings& latest, const SiteView& view, Store& store);

    std::map<std::string, Refused> refused_;               ///< by source; at most the sources of the mailbox
    std::map<std::string, std::uint64_t> recorded_;        ///< readings passed to the store
    std::map<std::string, SourceHealth> recorded_health_;  ///< as last passed to the store
    SourceFaultLog log_;
};

}  // namespace volt
