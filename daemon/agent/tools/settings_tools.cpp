// get_settings, list_setting_changes: settings with their bounds, and who changed them.
#include <algorithm>

#include "daemon/agent/tools/call_origin.hpp"
#include "daemon/agent/tools/settings_tables.hpp"
#include "daemon/agent/tools/tool.hpp"
#include "daemon/ctl/talk/suggest.hpp"

namespace volt::agent {

namespace {

/// Returns true for the location of the site, unless the owner shares it.
bool stays_private(const std::string& field, const CallTime& time) {
    if (field == "latitude" || field == "longitude") return time.origin == nullptr || !time.origin->location;
    return field == "user_id";
}

Json shown_fields(const Json& fields, const CallTime& time) {
    Json shown = Json::object();
    for (const auto& [name, value] : fields.items())
        if (!stays_private(name, time)) shown[name] = value;
    return shown;
}

/// Returns the rows that the word means: all, or one by id, slug or name.
Json rows_for(const Json& body, const std::string& word, const CallTime& time, std::vector<std::string>& known) {
    Json rows = Json::array();
    for (const Json& row : body.is_array() ? body : Json::array({body})) {
        bool meant = word.empty();
        for (const char* key : {"id", "slug", "name", "zone_name"}) meant = meant || row.value(key, Json()) == word;
        if (meant) rows.push_back(shown_fields(row, time));
        known.push_back(row.value("slug", ""));
    }
    return rows;
}

Json facts_of_fields(SettingsTable table, const CallTime& time) {
    Json facts = Json::array();
    for (const SettingsField& field : fields_of(table)) {
        if (field.fixed || stays_private(field.name, time)) continue;
        facts.push_back({{"field", field.name}, {"unit", field.unit}, {"need", need_of(field)}, {"about", field.about}});
    }
    return facts;
}

ToolOutcome get_settings(SiteLink& site, const Json& arguments, const CallTime& time) {
    const TableWord& table = table_named(arguments.at("table").get_ref<const std::string&>());
    const std::string word = arguments.value("row", "");
    const SiteReply reply = site.get(table.path, {}, time), newest = site.get("/api/settings/history", {{"limit", "1"}}, time);
    if (!reply.error.empty()) return {{}, reply.error};
    std::vector<std::string> known;
    Json rows = rows_for(reply.body, table.table == SettingsTable::preferences ? "" : word, time, known);
    if (rows.empty() && !word.empty()) return {{}, "there is no row '" + word + "'" + ctl::choose_from(word, known)};
    const Json change = newest.body.is_array() && !newest.body.empty() ? newest.body.front().value("change", Json()) : Json();
    return {{{"table", table.word},
             {"newest_change", change},
             {"fields", facts_of_fields(table.table, time)},
             {"rows", std::move(rows)}},
            ""};
}

ToolOutcome list_setting_changes(SiteLink& site, const Json& arguments, const CallTime& time) {
    SiteLink::Query query{{"limit", std::to_string(arguments.value("limit", 20))}};
    if (arguments.contains("table")) query["table"] = sql_name(table_named(arguments.at("table")).table);
    if (arguments.contains("row")) query["row"] = arguments.at("row");
    const SiteReply reply = site.get("/api/settings/history", query, time);
    if (!reply.error.empty()) return {{}, reply.error};
    Json rows = Json::array();
    for (Json row : reply.body) {
        row["fields"] = shown_fields(row.value("fields", Json::object()), time);
        row.erase("id");
        rows.push_back(std::move(row));
    }
    return {{{"rows", std::move(rows)}}, ""};
}

}  // namespace

std::vector<Tool> settings_tools() {
    return {
        {.name = "get_settings",
         .title = "Settings",
         .about = "The settings in force: voltages, limits and times of the site (preferences), of each miner, of each zone "
                  "(zones); with unit, bounds and meaning of each field.",
         .group = ToolGroup::settings,
         .inputs = {{.name = "table", .kind = InputKind::word, .required = true, .words = table_words},
                    {.name = "row", .about = "slug or name of a miner or zone; default: all"}},
         .answer = "table:s newest_change:i? fields:[{field:s unit:s need:s about:s}] rows:[o]",
         .list = "rows",
         .narrow = "name a row",
         .run = get_settings},
        {.name = "list_setting_changes",
         .title = "Changes of settings",
         .about = "Who changed which setting, when, from what to what; newest first.",
         .group = ToolGroup::settings,
         .inputs = {{.name = "table", .kind = InputKind::word, .words = table_words},
                    {.name = "row", .about = "slug or name"},
                    {.name = "limit", .kind = InputKind::whole, .least = 1, .most = 200, .fallback = 20}},
         .answer = "rows:[{change:i at:s who:s table:s row:s what:s fields:o}]",
         .list = "rows",
         .narrow = "a smaller limit, or one row",
         .run = list_setting_changes},
    };
}

}  // namespace volt::agent
