// SourceHealthTracker: the health of each source. Counts implausible voltages, derives the published health, and passes
// readings and health to the store, each once.
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
    /// Once a turn, before views(): a device that answers nonsense is refused by the rules; here it is counted.
    void note_refusals(const Policy& policy, const LatestReadings& slots);
    /// The polled sources and `others`, as they are shown: judged by age and by what was refused.
    std::vector<SourceView> views(const LatestReadings& slots, const std::vector<SourceHealth>& others, const Config& config,
                                  Duration power_stale, Time now) const;
    /// Once a turn, last: what is new, to the log and the store.
    void record(const LatestReadings& slots, const SiteView& view, Store& store, Log& log);
    /// What the log already has about the sources.
    SourceLog& log() { return log_; }

private:
    struct Refused {
        std::uint64_t count = 0;
        std::string last;  ///< why; empty: the newest value was taken
    };

    SourceView judged(const SourceHealth& health, Duration stale_after, Time now) const;
    void record_health(const LatestReadings& slots, const SiteView& view, Store& store);

    std::map<std::string, Refused> refused_;               ///< by source; as many as the mailbox has
    std::map<std::string, std::uint64_t> recorded_;        ///< readings that the store has
    std::map<std::string, SourceHealth> recorded_health_;  ///< as the store has it
    SourceLog log_;
};

}  // namespace volt
