// SiteView: one tick for display. The loop fills it after decide(); topics, changes and the API read it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/explain/explain.hpp"
#include "drivers/source.hpp"

namespace volt {

/// Command and confirmation of one output. Reports and meters are in the snapshot.
struct OutputView {
    std::optional<bool> commanded;      ///< empty if unknown
    std::int32_t level = 0;             ///< commanded level of a level output
    std::optional<Duration> confirmed;  ///< from the first order to its confirmation, or empty if not confirmed yet
    Time since{};                       ///< start of the current order, or of the report if nothing was ordered
};

/// State of one source: a unit of a device, a sensor (`sensor.<id>`), or `mqtt`.
struct SourceView {
    std::string name;
    SourceState state = SourceState::stale;
    std::optional<Duration> age;  ///< age of the newest answer, or empty if there was none
    std::uint64_t failures = 0;
    std::string last_error;  ///< empty if none
    std::optional<Duration> rtt;
};

/// Alarm from outside the rules: broker, sources, configuration, database.
struct SiteAlarm {
    AlarmCode code{};
    std::string subject;  ///< empty if none
    Time since{};
    std::string text;
    std::string severity = "warning";  ///< warning | critical
    std::string remedy{};              ///< empty for the remedy of the code
};

/// Means that carry out the charge order.
struct ChargeFacts {
    ChargeMeans carried_out = ChargeMeans::report;
    std::vector<std::pair<std::string, ChargeMeans>> means;  ///< by device
    std::string proven;                ///< when the current means were proven, ISO 8601 UTC, or empty if never
    std::string proof_state = "none";  ///< state of the newest proof: none | running | proven | failed
    std::string proof_text;            ///< progress or result of the proof
};

/// Facts of the process and its configuration.
struct SiteFacts {
    std::string site;
    std::string version;
    Utc started{};
    std::string clock = "system";  ///< system | simulated
    ChargeFacts charge;
    std::int64_t settings_change = 0;  ///< number of the newest settings change since the start, or 0 for none
    std::string settings_text{};       ///< text of that change
    std::int64_t clock_rate = 1;       ///< wall seconds per second of a simulated clock
};

/// View of one tick, valid as long as the context it refers to. `outputs` is aligned with Policy::outputs.
struct SiteView {
    ExplainContext scene;
    std::vector<OutputView> outputs;
    std::vector<SourceView> sources;
    std::vector<SiteAlarm> alarms;
    SiteFacts facts;
    std::vector<std::optional<std::int64_t>> energies_wh{};  ///< energy of the miners by their meters; empty if nothing was
                                                             ///< measured

    const Policy& policy() const { return scene.policy; }
    const SiteSnapshot& snapshot() const { return scene.snapshot; }
    const Decision& decision() const { return scene.decision; }
    /// Returns the wall time of a monotonic moment, using the wall time of this tick.
    Utc utc_of(Time moment) const { return scene.snapshot.utc - (scene.snapshot.now - moment) * facts.clock_rate; }
};

}  // namespace volt
