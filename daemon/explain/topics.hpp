// The JSON of the state topics: one object per topic, keys with their unit, null if unknown.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/explain/changes.hpp"
#include "daemon/explain/site_view.hpp"

namespace volt {

/// One retained object; `suffix` is the topic below `voltd/<site>/`.
struct Topic {
    std::string suffix;
    std::string json;
};

/// `battery`, `site`, `power`, `budget` (with `bank_wh` only), `miner/<slug>`, `zone/<slug>`, `output/<id>`, `charge`,
/// `source/<name>`, `alarms`, in this order.
std::vector<Topic> state_topics(const SiteView& view);
/// Active alarms by suffix (`alarm/<code>[/<subject>]`). An ended one is cleared by an empty retained message.
std::map<std::string, std::string> alarm_topics(const SiteView& view);
/// How the owner wants values shown, for voltctl: `temperature_unit` and `display_mode`.
std::string shown_json(const Shown& shown);
/// The object of topic `event`. Alarms have topics of their own: an empty text for them.
std::string event_json(const Change& change);

/// `battery` and `power`, as they are now: what a reader watches, and cheap to make.
void renew_readings(const SiteView& view, std::vector<Topic>& topics);
/// Only the object of topic `power`.
std::string power_json(const SiteView& view);

/// Why each load is on or off, by load (`<miner>`, `<zone>/heat`, `<zone>/fan`, `charge`): the objects of
/// `/api/explain`.
std::map<std::string, std::string> explanations(const SiteView& view);
/// What counted for a decision (value, source, age, quality), and the gates of a load, for the store.
std::string inputs_json(const SiteView& view);
std::string gates_json(const SiteView& view, std::size_t load);

/// `2025-06-21T19:00:00Z`.
std::string iso_utc(Utc utc);
/// `2025-06-21T12:00:00`, the site's local time.
std::string iso_local(const LocalTime& local);

}  // namespace volt
