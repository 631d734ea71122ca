// Changes from one tick to the next: for events, one log line each, and database rows.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/explain/site_view.hpp"
#include "drivers/store/rows.hpp"

namespace volt {

/// `to` of the `daemon` change that ends a start; and `reason` for a load that runs by itself while voltd is in shadow.
inline constexpr const char *started_word = "started", *reported_word = "reported";

struct Change {
    Utc at{};
    std::string what;     ///< miner, zone, charge, stage, mode, source, output, override, settings, daemon, alarm
    std::string subject;  ///< slug, `<zone>/fan`, `<zone>/heat`, id, name, `<code>[/<subject>]`, or empty
    std::string from, to;
    std::string reason;
    std::string text;
    std::string who{};                ///< who requested it, if known
    std::string level = "info";       ///< debug | info | warning | error | critical
    std::string order;                ///< load of a DecisionRow (slug, `<zone>/fan`, `<zone>/heat`, `charge`), or empty if none
    std::optional<std::size_t> load;  ///< index of that load, if it has gates
    bool shadow = false;              ///< decided but not sent
    bool shedding = false;            ///< for protection: always reported at once
};

struct Fact;

/// Compares each tick with the last report. The first value of anything but an alarm is not reported.
///
/// The same change (what, subject, from, to) is reported at most once a minute. If it still holds after that minute, it is
/// reported then. Shedding (shutdown, critical, emergency, trip, blind) is always reported at once.
///
/// After a start, and after the broker was offline, outputs and loads get time to come back. Then one line lists what is online,
/// and each missing one gets its own line.
class Changes {
public:
    std::vector<Change> compare(const SiteView& view);
    /// Returns true if a change is delayed or outputs and loads have time to come back. Compare again then, even if nothing has
    /// changed.
    bool waits() const { return waits_ || settling_; }

private:
    struct Reported {
        std::string value;
        std::string text;
        bool seen = true;                ///< seen in this tick
        std::optional<Time> away{};      ///< since when a load or output has not answered
        std::map<std::string, Time> at;  ///< time of each report by the new value; entries of the last minute only
    };
    bool report(Change& change, Reported& reported, Time now) const;
    bool settles(const SiteView& view, const std::vector<Fact>& facts);
    void clear_alarms(const SiteView& view, std::vector<Change>& changes);
    void report_moves(const SiteView& view, std::vector<Change>& changes);

    std::optional<Time> settling_;  ///< since when; empty means that outputs and loads are reported one by one
    bool begun_ = false, ready_once_ = false;
    bool waits_ = false;
    std::map<std::string, Time> moved_;         ///< by output and kind of move, entries of the last minute only
    std::map<std::string, Reported> reported_;  ///< by kind and subject; bounded by the things on the site
};

/// Returns the row for the store. Only a changed order makes a decision row (`order` is not empty).
std::optional<DecisionRow> decision_row(const SiteView& view, const Change& change);
EventRow event_row(const Change& change);

}  // namespace volt
