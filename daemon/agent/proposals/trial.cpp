#include "daemon/agent/proposals/trial.hpp"

#include <algorithm>
#include <string_view>

#include "daemon/agent/proposals/never.hpp"
#include "daemon/ctl/views/text.hpp"
#include "drivers/text.hpp"

namespace volt::agent {

namespace {

/// Returns the answer as JSON. Stores an error in the trial.
Json read(const ctl::ApiReply& reply, Trial& trial) {
    const Json body = Json::parse(reply.body, nullptr, false);
    if (trial.error.empty() && !reply.reached) trial.error = "cannot reach voltd: " + reply.error;
    else if (trial.error.empty() && !reply.ok()) trial.error = reply.error;
    else if (trial.error.empty() && !body.is_structured()) trial.error = "the answer is not voltd's";
    trial.moved = trial.moved || reply.status == row_moved;
    return body;
}

Json get(const Send& send, const std::string& path, const std::map<std::string, std::string>& query, Trial& trial) {
    return read(send({.method = "GET", .path = path, .query = query}), trial);
}

Json one_field(const char* table, const std::string& row, const char* field, const Json& before, const Json& after) {
    return Json::array({Json{
        {"table", table}, {"row", row}, {"what", "changed"}, {"fields", {{field, {{"before", before}, {"after", after}}}}}}});
}

/// Describes changes for which voltd answers no fields: the mode, an override.
Json diff_of(const Send& send, const WantedChange& wanted, const Json& answer, Trial& trial) {
    if (wanted.path == mode_path) {
        const Json status = get(send, "/api/status", {}, trial);
        const std::string before = ctl::word(ctl::part(status, "site"), "mode"), after = ctl::word(wanted.body, "mode");
        return before == after ? Json::array() : one_field("mode", "site", "mode", before, after);
    }
    if (!wanted.path.starts_with(override_folder)) return answer.value("changes", Json::array());
    const std::string load = wanted.path.substr(std::string_view(override_folder).size());
    const Json now = get(send, "/api/explain/" + load, {}, trial);
    const auto minutes = ctl::number(wanted.body, "minutes");
    std::string after = ctl::word(wanted.body, "override");
    if (minutes) after += " for " + std::to_string(static_cast<int>(*minutes)) + " min";
    return one_field("override", load, "override", ctl::word(now, "override"), after);
}

/// Returns outputs with their orders, sorted.
std::vector<std::string> orders_of(const Json& would) {
    std::vector<std::string> orders;
    for (const Json& it : would) orders.push_back(ctl::word(it, "output") + " " + it.value("order", Json()).dump());
    std::sort(orders.begin(), orders.end());
    return orders;
}

}  // namespace

Trial try_change(const Send& send, const WantedChange& wanted, std::optional<std::int64_t> seen) {
    Trial trial;
    const Json history = get(send, "/api/settings/history", {{"limit", "1"}}, trial);
    if (history.is_array() && !history.empty()) trial.newest = history.front().value("change", std::int64_t{0});
    trial.full_v = ctl::number(get(send, "/api/preferences", {}, trial), "voltage_at_100_percent").value_or(0);
    if (!trial.error.empty()) return trial;
    api::HttpRequest request{
        .method = wanted.method, .path = wanted.path, .query = {{"dry_run", "1"}}, .body = json_text(wanted.body)};
    const bool of_settings = wanted.path != mode_path && !wanted.path.starts_with(override_folder);
    if (of_settings) request.query["changes"] = "1";
    if (of_settings && seen) request.if_match = std::to_string(*seen);
    const Json answer = read(send(request), trial);
    if (!trial.error.empty()) return trial;
    if (!answer.contains("would")) trial.error = "voltd is too busy to try this; try again";
    trial.would = answer.value("would", Json::array());
    trial.diff = diff_of(send, wanted, answer, trial);
    return trial;
}

Trial try_proposal(const Send& send, const std::string& tool, const WantedChange& wanted, std::optional<std::int64_t> seen) {
    Trial trial;
    trial.error = request_refusal(tool, wanted);
    if (!trial.error.empty()) return trial;
    trial = try_change(send, wanted, seen);
    if (trial.error.empty()) trial.error = never_changes(trial.diff, trial.full_v);
    return trial;
}

bool same_effect(const Json& diff, const Json& would, const Trial& trial) {
    return diff == trial.diff && orders_of(would) == orders_of(trial.would);
}

std::vector<std::string> effect_lines(const Json& diff, const Json& would) {
    std::vector<std::string> lines;
    for (const Json& row : diff) {
        const Json& fields = ctl::part(row, "fields");
        for (const auto& [field, values] : fields.items())
            lines.push_back(ctl::word(row, "row") + "  " + field + "  " + json_text(values.value("before", Json())) + " -> " +
                            json_text(values.value("after", Json())));
    }
    for (const Json& it : would)
        lines.push_back("switches " + ctl::word(it, "output") + " " + ctl::word(it, "order") + ": " + ctl::word(it, "text"));
    if (would.empty()) lines.emplace_back("switches nothing right now");
    return lines;
}

}  // namespace volt::agent
