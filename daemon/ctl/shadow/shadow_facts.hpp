// Records of shadow mode over a range, read from the database for the report.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/report/runs.hpp"
#include "daemon/whatif/replay_site.hpp"
#include "drivers/store/settings/edit.hpp"

namespace volt::ctl::shadow {

struct ShadowFacts {
    bool has_pv = true, has_load = true;                       ///< the site has a source for it
    CountedRange range;                                        ///< requested range
    std::vector<DecisionRow> decisions;                        ///< by time, including the week before
    bool cut = false;                                          ///< more decisions exist than were read
    std::vector<std::int64_t> starts_s;                        ///< starts of voltd
    std::map<std::string, std::vector<ReportedState>> really;  ///< by load: reports of its output
    std::vector<CountedRange> untrusted;                       ///< times when the clock was not trusted
    whatif::SiteRecord record;                                 ///< record of the end of the range, at most 72 h
    whatif::ReplayResult replay;                               ///< replay of that; `loads` is empty if nothing could be replayed
    std::vector<Miner> miners;                                 ///< enabled ones
    std::vector<Zone> zones;                                   ///< enabled ones
};

/// Reads the facts. `config`: current wiring. Changes nothing. A day takes a second or two.
Edit<ShadowFacts> read_shadow_facts(Connection& db, const Config& config, CountedRange range);

}  // namespace volt::ctl::shadow
