#include "daemon/agent/proposals/request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "daemon/agent/proposals/never.hpp"
#include "drivers/store/settings/fields.hpp"

namespace volt::agent {

namespace {

constexpr std::string_view id_letters = "0123456789abcdef-", slug_letters = "abcdefghijklmnopqrstuvwxyz0123456789-/";

/// Returns true if the path is this folder followed by a name of these letters.
bool is_below(std::string_view path, std::string_view folder, std::string_view letters) {
    return path.starts_with(folder) && path.size() > folder.size() &&
           path.find_first_not_of(letters, folder.size()) == std::string_view::npos;
}

std::string elsewhere(const WantedChange& wanted) { return "no proposal of this tool goes to " + wanted.path; }

std::string settings_refusal(const WantedChange& wanted) {
    constexpr std::pair<SettingsTable, const char*> places[] = {
        {SettingsTable::preferences, preferences_path}, {SettingsTable::miners, miners_path}, {SettingsTable::zones, zones_path}};
    const auto is = [&](const auto& it) {
        const bool one_row = it.first == SettingsTable::preferences;
        return one_row ? wanted.path == it.second : is_below(wanted.path, std::string(it.second) + "/", id_letters);
    };
    const auto* const place = std::find_if(std::begin(places), std::end(places), is);
    if (place == std::end(places)) return elsewhere(wanted);
    if (wanted.body.empty()) return "fields is empty; name at least one field with its value";
    for (const auto& [field, value] : wanted.body.items())
        if (std::string never = never_field(sql_name(place->first), field); !never.empty()) return never;
    return {};
}

std::string override_refusal(const WantedChange& wanted) {
    if (!is_below(wanted.path, override_folder, slug_letters)) return elsewhere(wanted);
    const Json given = wanted.body.value("override", Json()), minutes = wanted.body.value("minutes", Json());
    const bool automatic = given == "auto";
    if (!automatic && given != "on" && given != "off") return "override must be auto, on or off";
    if (!automatic && !wanted.body.contains("minutes"))
        return fmt::format("minutes is missing: 1 to {}; an override by a tool must end", most_override_minutes);
    if (!automatic && (!minutes.is_number_integer() || minutes < 1 || minutes > most_override_minutes))
        return fmt::format("minutes must be 1 to {}", most_override_minutes);
    return wanted.body.size() == (automatic ? 1U : 2U) ? "" : "an override takes only override and minutes";
}

std::string mode_refusal(const WantedChange& wanted) {
    if (wanted.path != mode_path) return elsewhere(wanted);
    return wanted.body.size() == 1 && wanted.body.value("mode", Json()).is_string() ? "" : "a mode takes only its name";
}

std::string undo_refusal(const WantedChange& wanted) {
    if (wanted.path != undo_path) return elsewhere(wanted);
    const Json change = wanted.body.value("undo", Json());
    return wanted.body.size() == 1 && change.is_number_integer() && change > 0 ? "" : "give the number of one change to undo";
}

struct RequestKind {
    std::string_view tool, method;
    std::string (*refusal)(const WantedChange& wanted);
};
constexpr RequestKind request_kinds[] = {{"change_settings", "PUT", settings_refusal},
                                         {"override_load", "POST", override_refusal},
                                         {"set_mode", "POST", mode_refusal},
                                         {"undo_change", "POST", undo_refusal}};

}  // namespace

std::string request_refusal(const std::string& tool, const WantedChange& wanted) {
    const auto is = [&](const RequestKind& it) { return it.tool == tool; };
    const auto* const kind = std::find_if(std::begin(request_kinds), std::end(request_kinds), is);
    if (kind == std::end(request_kinds)) return "there is no tool '" + tool + "' that proposes";
    if (kind->method != wanted.method) return tool + " never sends " + wanted.method;
    return wanted.body.is_object() ? kind->refusal(wanted) : tool + " sends an object";
}

}  // namespace volt::agent
