// change_settings, override_load, set_mode, undo_change, get_proposal: store a proposed change for the owner; none is made.
#include "daemon/agent/proposals/approval.hpp"
#include "daemon/agent/proposals/never.hpp"
#include "daemon/agent/tools/call_origin.hpp"
#include "daemon/agent/tools/settings_tables.hpp"
#include "daemon/agent/tools/tool.hpp"
#include "daemon/ctl/talk/suggest.hpp"
#include "daemon/ctl/views/text.hpp"
#include "drivers/store/agent/agent_limits.hpp"
#include "drivers/text.hpp"

namespace volt::agent {

namespace {

constexpr const char* owner_command = "voltctl proposals";

ToolOutcome failed(std::string error) { return {{}, std::move(error)}; }

/// Tries the change, checks it against the limits of a tool, and stores it for the owner.
ToolOutcome propose(const char* tool, SiteLink& site, const WantedChange& wanted, const Json& arguments, const CallTime& time) {
    if (time.origin == nullptr) return failed("storage is off, so nothing can be proposed");
    const CallOrigin& origin = *time.origin;
    const Trial trial =
        try_proposal([&](const api::HttpRequest& request) { return site.try_out(request, time); }, tool, wanted, std::nullopt);
    if (!trial.error.empty()) return failed(trial.error);
    if (trial.diff.empty()) return failed("nothing would change: it already has this value");
    const AgentMoment now = agent_now();
    const LimitTaken taken = take_limit(*origin.store, propose_limit, origin.client, now.wall_ms);
    if (!taken.over.empty()) return failed(taken.over);
    const auto stored = store_proposal(*origin.store,
                                       {.client = client_name(origin.client),
                                        .transport = origin.transport,
                                        .login = origin.login,
                                        .tool = tool,
                                        .why = arguments.at("why"),
                                        .method = wanted.method,
                                        .path = wanted.path,
                                        .body = json_text(wanted.body),
                                        .diff = json_text(trial.diff),
                                        .would = json_text(trial.would),
                                        .newest_change = trial.newest},
                                       now);
    if (!stored) return failed(stored.failure().text);
    if (!stored.value().refused.empty()) return failed(stored.value().refused);
    return {{{"proposal", stored.value().id},
             {"state", "waiting"},
             {"tell_the_owner", owner_command},
             {"diff", trial.diff},
             {"would", trial.would}},
            ""};
}

/// Returns the path of the row that the word means. No part of the word gets into the path.
std::string row_path(SiteLink& site, const TableWord& table, const std::string& word, const CallTime& time, std::string& error) {
    if (table.table == SettingsTable::preferences) return table.path;
    const SiteReply rows = site.get(table.path, {}, time);
    error = rows.error;
    std::vector<std::string> known;
    for (const Json& row : rows.body) {
        for (const char* key : {"id", "slug", "name", "zone_name"})
            if (error.empty() && row.value(key, Json()) == word) return std::string(table.path) + "/" + ctl::word(row, "id");
        known.push_back(ctl::word(row, "slug"));
    }
    if (error.empty()) error = "there is no row '" + word + "'" + ctl::choose_from(word, known);
    return {};
}

ToolOutcome change_settings(SiteLink& site, const Json& arguments, const CallTime& time) {
    const TableWord& table = table_named(arguments.at("table").get_ref<const std::string&>());
    const Json& fields = arguments.at("fields");
    std::string error;
    const std::string path = row_path(site, table, arguments.value("row", ""), time, error);
    return error.empty() ? propose("change_settings", site, {"PUT", path, fields}, arguments, time) : failed(error);
}

ToolOutcome override_load(SiteLink& site, const Json& arguments, const CallTime& time) {
    const std::string word = arguments.at("load"), wanted = arguments.at("override");
    const SiteLink::Loads meant = site.loads_for(word, time);
    if (!meant.error.empty()) return failed(meant.error);
    if (meant.slugs.size() > 1) return failed("several loads are meant: " + comma_list(meant.slugs) + "; name one of them");
    if (meant.slugs.front() == "charge") return failed("charging has no override");
    Json body{{"override", wanted}};
    if (wanted != "auto" && arguments.contains("minutes")) body["minutes"] = arguments.at("minutes");
    return propose("override_load", site, {"POST", override_folder + meant.slugs.front(), body}, arguments, time);
}

ToolOutcome set_mode(SiteLink& site, const Json& arguments, const CallTime& time) {
    return propose("set_mode", site, {"POST", mode_path, {{"mode", arguments.at("mode")}}}, arguments, time);
}

ToolOutcome undo_change(SiteLink& site, const Json& arguments, const CallTime& time) {
    return propose("undo_change", site, {"POST", undo_path, {{"undo", arguments.at("change")}}}, arguments, time);
}

ToolOutcome get_proposal(SiteLink&, const Json& arguments, const CallTime& time) {
    if (time.origin == nullptr) return failed("storage is off, so there are no proposals");
    const std::string id = arguments.at("proposal");
    const auto found = find_proposal(*time.origin->store, id, agent_now());
    if (!found) return failed(found.failure().text);
    if (!found.value()) return failed("there is no proposal '" + id + "'");
    return {proposal_json(*found.value()), ""};
}

const ToolInput why_input{.name = "why", .about = "for the owner", .required = true, .most = 300};
constexpr const char* proposed_answer = "proposal:s state:s tell_the_owner:s diff:[o] would:[o]";

Tool proposing(const char* name, const char* title, const char* about, std::vector<ToolInput> inputs,
               ToolOutcome (*run)(SiteLink&, const Json&, const CallTime&)) {
    inputs.push_back(why_input);
    return {.name = name,
            .title = title,
            .about = about,
            .group = ToolGroup::proposals,
            .inputs = std::move(inputs),
            .answer = proposed_answer,
            .list = "would",
            .narrow = "fewer fields",
            .run = run,
            .mark = ToolMark::changes};
}

}  // namespace

std::vector<Tool> proposal_tools() {
    return {
        proposing("change_settings", "Propose a change of settings",
                  "Tries a change of one row and writes it down; the owner decides on it at a terminal. Limits that protect the "
                  "battery cannot be proposed.",
                  {{.name = "table", .kind = InputKind::word, .required = true, .words = table_words},
                   {.name = "row", .about = "slug or name; not of preferences"},
                   {.name = "fields", .kind = InputKind::object, .about = "{field: value}", .required = true}},
                  change_settings),
        proposing("override_load", "Propose an override",
                  "Writes down to switch a load by hand for some minutes; the owner decides.",
                  {{.name = "load", .about = "slug or name", .required = true},
                   {.name = "override", .kind = InputKind::word, .required = true, .words = {"auto", "on", "off"}},
                   {.name = "minutes", .kind = InputKind::whole, .least = 1, .most = most_override_minutes}},
                  override_load),
        proposing("set_mode", "Propose a mode", "Writes down another mode of the site; the owner decides.",
                  {{.name = "mode",
                    .kind = InputKind::word,
                    .required = true,
                    .words = {"aggressive", "balanced", "conservative", "off"}}},
                  set_mode),
        proposing("undo_change", "Propose to undo a change",
                  "Writes down to put the fields of a change (list_setting_changes) back; the owner decides.",
                  {{.name = "change", .kind = InputKind::whole, .required = true, .least = 1, .most = 1'000'000'000}},
                  undo_change),
        {.name = "get_proposal",
         .title = "What became of a proposal",
         .about = "Whether it waits, who decided, and the number of the change.",
         .group = ToolGroup::proposals,
         .inputs = {{.name = "proposal", .required = true}},
         .answer =
             "proposal:s state:s since:s client:s tool:s why:s diff:[o] would:[o] decided_by:s? decided_at:s? change:i? error?:s",
         .list = "would",
         .narrow = "nothing less",
         .run = get_proposal},
    };
}

}  // namespace volt::agent
