// What shadow mode recorded over a range, as the report takes it, read from the database.
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
    bool has_pv = true, has_load = true;                       ///< the site has a source of it
    CountedRange range;                                        ///< asked for
    std::vector<DecisionRow> decisions;                        ///< by time, also of the week before
    bool cut = false;                                          ///< there were more decisions than were read
    std::vector<std::int64_t> starts_s;                        ///< of voltd
    std::map<std::string, std::vector<ReportedState>> really;  ///< by load: what its output reported
    std::vector<CountedRange> untrusted;                       ///< the clock was not trusted
    whatif::SiteRecord record;                                 ///< of the end of the range, at most 72 h
    whatif::ReplayResult replay;                               ///< of that; `loads` is empty where nothing could be replayed
    std::vector<Miner> miners;                                 ///< enabled ones
    std::vector<Zone> zones;                                   ///< likewise
};

/// `config`: the wiring of now. Changes nothing; a day takes a second or two.
Edit<ShadowFacts> read_shadow_facts(Connection& db, const Config& config, CountedRange range);

}  // namespace volt::ctl::shadow
