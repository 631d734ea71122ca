// JSON of the state topics: one object per topic, keys with their unit, null if unknown.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/explain/changes.hpp"
#include "daemon/explain/site_view.hpp"

namespace volt {

/// Retained object. `suffix` is the topic below `voltd/<site>/`.
struct Topic {
    std::string suffix;
    std::string json;
};

/// Returns `battery`, `site`, `power`, `budget` (with `bank_wh` only), `miner/<slug>`, `zone/<slug>`, `output/<id>`, `charge`,
/// `source/<name>`, `alarms`, in this order.
std::vector<Topic> state_topics(const SiteView& view);
/// Returns the active alarms by suffix (`alarm/<code>[/<subject>]`). An empty retained message clears an ended one.
std::map<std::string, std::string> alarm_topics(const SiteView& view);
/// Returns the owner's display preferences for voltctl: `temperature_unit` and `display_mode`.
std::string shown_json(const Shown& shown);
/// Returns the object of the topic `event`, or an empty text for alarms, which have their own topics.
std::string event_json(const Change& change);

/// Updates only `battery` and `power`, which readers watch and which are cheap to make.
void renew_readings(const SiteView& view, std::vector<Topic>& topics);
/// Returns only the object of the topic `power`.
std::string power_json(const SiteView& view);

/// Returns the explanation of each load (`<miner>`, `<zone>/heat`, `<zone>/fan`, `charge`): the objects of `/api/explain`.
std::map<std::string, std::string> explanations(const SiteView& view);
/// Returns the inputs of a decision (value, source, age, quality) and the gates of a load, for the store.
std::string inputs_json(const SiteView& view);
std::string gates_json(const SiteView& view, std::size_t load);

/// Returns UTC as `2025-06-21T19:00:00Z`.
std::string iso_utc(Utc utc);
/// Returns the site's local time as `2025-06-21T12:00:00`.
std::string iso_local(const LocalTime& local);

}  // namespace volt
