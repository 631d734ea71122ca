// get_status, explain: current state of the site, and the reasons.
#include <string_view>

#include "daemon/agent/tools/tool.hpp"
#include "daemon/ctl/talk/api_client.hpp"

namespace volt::agent {

namespace {

/// Returns these members of an object, in this order. Omits missing ones.
Json picked(const Json& object, std::initializer_list<const char*> keys) {
    Json some = Json::object();
    for (const char* key : keys)
        if (const auto found = object.find(key); found != object.end()) some[key] = *found;
    return some;
}

Json alarms_of(const Json& status) {
    Json list = Json::array();
    if (const auto alarms = status.find("alarms"); alarms != status.end() && alarms->contains("list")) list = alarms->at("list");
    for (Json& alarm : list)
        if (const auto whole = status.find("alarm/" + alarm.value("alarm", "")); whole != status.end())
            alarm.update(picked(*whole, {"since", "remedy"}));
    return list;
}

/// Returns the topics below `prefix` as a list. `name` is the member for the rest of the topic.
Json below(const Json& status, std::string_view prefix, const char* name, std::initializer_list<const char*> keys) {
    Json list = Json::array();
    for (const auto& [topic, object] : status.items()) {
        if (!topic.starts_with(prefix)) continue;
        Json item{{name, topic.substr(prefix.size())}};
        item.update(picked(object, keys));
        list.push_back(std::move(item));
    }
    return list;
}

ToolOutcome get_status(SiteLink& site, const Json&, const CallTime& time) {
    const SiteReply status = site.get("/api/status", {}, time), why = site.get("/api/explain", {}, time);
    if (!status.error.empty()) return {{}, status.error};
    if (!why.error.empty()) return {{}, why.error};
    const Json& now = status.body;
    Json answer = picked(now.value("site", Json::object()), {"mode", "commands"});
    answer["battery"] = now.value("battery", Json::object());
    answer["power"] = now.value("power", Json::object());
    answer["alarms"] = alarms_of(now);
    answer["warnings"] = now.value("warnings", Json::array());
    answer["zones"] = below(now, "zone/", "zone", {"temperature_c", "fan_level", "heat", "reason", "text"});
    answer["sources_in_trouble"] = Json::array();
    for (Json& source : below(now, "source/", "source", {"state", "age_s", "last_error"}))
        if (source.value("state", "") != "ok") answer["sources_in_trouble"].push_back(std::move(source));
    answer["loads"] = Json::array();
    for (const Json& load : why.body)
        answer["loads"].push_back(picked(load, {"load", "name", "state", "wanted", "reason", "text", "since", "power_w"}));
    return {std::move(answer), ""};
}

ToolOutcome explain(SiteLink& site, const Json& arguments, const CallTime& time) {
    const std::string word = arguments.value("load", "");
    const SiteReply why = site.get("/api/explain", {}, time);
    if (!why.error.empty()) return {{}, why.error};
    Json list = Json::array();
    if (word.empty()) {
        for (const Json& load : why.body) {
            Json& item = list.emplace_back(load);
            Json blocking = Json::array();
            for (const Json& gate : load.value("gates", Json::array()))
                if (!gate.value("passes", true)) blocking.push_back(gate);
            item["gates"] = std::move(blocking);
        }
        return {{{"loads", std::move(list)}}, ""};
    }
    const SiteLink::Loads meant = site.loads_for(word, time);
    if (!meant.error.empty()) return {{}, meant.error};
    for (const std::string& slug : meant.slugs)
        if (const auto found = why.body.find(slug); found != why.body.end()) list.push_back(*found);
    if (list.empty()) return {{}, "'" + word + "' has no output, so there is nothing to explain"};
    return {{{"loads", std::move(list)}}, ""};
}

}  // namespace

std::vector<Tool> status_tools() {
    return {
        {.name = "get_status",
         .title = "State of the site",
         .about = "The site now: battery, power, mode, each load with its state and the reason for it, zones, alarms with "
                  "remedies, sources in trouble.",
         .group = ToolGroup::status,
         .answer = "mode:s commands:s battery:o power:o alarms:[{alarm:s severity:s text:s since?:s remedy?:s}] warnings:[o] "
                   "zones:[{zone:s temperature_c:n? fan_level:n? text:s}] sources_in_trouble:[{source:s state:s}] "
                   "loads:[{load:s name:s state?:s wanted:s reason:s text:s since?:s? power_w?:n?}]",
         .list = "loads",
         .narrow = "explain with a load",
         .run = get_status},
        {.name = "explain",
         .title = "Why a load is on or off",
         .about = "Why loads are on or off, since when, the conditions of a start with what each has and needs, and what would "
                  "change it. Of one load all conditions; of all loads those that block.",
         .group = ToolGroup::status,
         .inputs = {{.name = "load", .about = "slug or name; default: all"}},
         .answer =
             "loads:[{load:s name:s wanted:s reason:s text:s state?:s since?:s? flip:o? gates?:[{gate:s passes:b text:s}]}]",
         .list = "loads",
         .narrow = "name a load",
         .run = explain},
    };
}

}  // namespace volt::agent
