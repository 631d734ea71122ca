// SiteView: one tick for display. Filled by the loop after decide(); read by topics, changes and the API.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/explain/explain.hpp"
#include "drivers/source.hpp"

namespace volt {

/// What one output was commanded and whether it confirmed; reports and meters are in the snapshot.
struct OutputView {
    std::optional<bool> commanded;      ///< empty: unknown
    std::int32_t level = 0;             ///< commanded, of a level output
    std::optional<Duration> confirmed;  ///< from the first order to its confirmation; empty: not confirmed yet
    Time since{};                       ///< of the present order, or of the report if nothing was ordered
};

/// The state of one source: a unit of a device, a sensor (`sensor.<id>`), or `mqtt`.
struct SourceView {
    std::string name;
    SourceState state = SourceState::stale;
    std::optional<Duration> age;  ///< of the newest answer; empty: none yet
    std::uint64_t failures = 0;
    std::string last_error;  ///< empty: none
    std::optional<Duration> rtt;
};

/// An alarm that does not come from the rules: broker, sources, configuration, database.
struct SiteAlarm {
    AlarmCode code{};
    std::string subject;  ///< empty: none
    Time since{};
    std::string text;
    std::string severity = "warning";  ///< warning | critical
    std::string remedy{};              ///< empty: that of the code
};

/// How the charge order is carried out.
struct ChargeFacts {
    ChargeMeans carried_out = ChargeMeans::report;
    std::vector<std::pair<std::string, ChargeMeans>> means;  ///< by device
    std::string proven;                                      ///< ISO 8601 UTC, when the present means were proven; empty: never
    std::string proof_state = "none";                        ///< of the newest proof: none | running | proven | failed
    std::string proof_text;                                  ///< its progress or result
};

/// Facts of the process and its configuration.
struct SiteFacts {
    std::string site;
    std::string version;
    Utc started{};
    std::string clock = "system";  ///< system | simulated
    ChargeFacts charge;
    std::int64_t settings_change = 0;  ///< number of the newest settings change since the start; 0: none
    std::string settings_text{};       ///< that change
    std::int64_t clock_rate = 1;       ///< wall seconds a second, of a simulated clock
};

/// Valid for one tick, like the context it refers to. `outputs` is aligned with Policy::outputs.
struct SiteView {
    ExplainContext scene;
    std::vector<OutputView> outputs;
    std::vector<SourceView> sources;
    std::vector<SiteAlarm> alarms;
    SiteFacts facts;
    std::vector<std::optional<std::int64_t>> energies_wh{};  ///< of the miners, by their meters; empty where nothing was measured

    const Policy& policy() const { return scene.policy; }
    const SiteSnapshot& snapshot() const { return scene.snapshot; }
    const Decision& decision() const { return scene.decision; }
    /// The wall time of a monotonic moment, using the wall time of this tick.
    Utc utc_of(Time moment) const { return scene.snapshot.utc - (scene.snapshot.now - moment) * facts.clock_rate; }
};

}  // namespace volt
