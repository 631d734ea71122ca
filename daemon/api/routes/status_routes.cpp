#include "daemon/api/routes/status_routes.hpp"

#include <nlohmann/json.hpp>

#include "daemon/api/http/answers.hpp"
#include "rules/names.hpp"

namespace volt::api {

namespace {

using nlohmann::ordered_json;
using Page = std::shared_ptr<const StatusSnapshot>;

PartHealth loop_part(const Page& page, Time now) {
    if (!page) return {"loop", "down", "no completed turn yet"};
    if (is_late(*page, now)) return {"loop", "down", "no turn for " + std::to_string((now - page->posted).count()) + " ms"};
    return {"loop", "ok", ""};
}

HttpAnswer health(const Page& page, Time now) {
    std::vector<PartHealth> parts{loop_part(page, now)};
    if (page) parts.insert(parts.end(), page->parts.begin(), page->parts.end());
    ordered_json object{{"ok", true}, {"parts", ordered_json::object()}};
    for (const PartHealth& part : parts) {
        object["parts"][part.name] = {{"state", part.state}};
        if (!part.text.empty()) object["parts"][part.name]["text"] = part.text;
        if (part.state == "down") object["ok"] = false;
    }
    return {object["ok"] ? 200 : 503, json_text(object)};
}

/// Joins keys with values that are already JSON, without parsing them again.
std::string joined(const std::vector<std::pair<std::string, std::string>>& members) {
    std::string object = "{";
    for (const auto& [key, value] : members) {
        if (object.size() > 1) object += ',';
        object += json_text(ordered_json(key)) + ':' + value;
    }
    return object + '}';
}

std::string list_of(const std::vector<std::string>& values) {
    std::string list = "[";
    for (const std::string& value : values) list += (list.size() > 1 ? "," : "") + value;
    return list + ']';
}

/// Turns a finding into a sentence.
std::string begun(std::string text) {
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

std::string warnings_of(const StatusSnapshot& page) {
    ordered_json list = ordered_json::array();
    for (const NightDoubt& doubt : page.warnings) {
        const bool of_key = doubt.what.starts_with("it ");  // the check of the file puts the key before it
        list.push_back({{"text", of_key ? doubt.key + doubt.what.substr(2) : begun(doubt.what)}, {"remedy", begun(doubt.right)}});
    }
    return json_text(list);
}

HttpAnswer status(const StatusSnapshot& page) {
    auto members = page.objects;
    members.insert(members.begin(), {"name", json_text(ordered_json(page.site))});
    members.insert(members.begin(), {"local", json_text(ordered_json(iso_local(page.local)))});
    members.insert(members.begin(), {"at", json_text(ordered_json(iso_utc(page.at)))});
    members.emplace_back(
        "charge_guard",
        json_text(ordered_json{{"below_c", page.guard_below_c ? ordered_json(*page.guard_below_c) : ordered_json(nullptr)}}));
    members.emplace_back("warnings", warnings_of(page));
    members.emplace_back("events", list_of(page.events));
    return {200, joined(members)};
}

/// Returns the wiring of each output with its known facts.
HttpAnswer outputs(const StatusSnapshot& page) {
    ordered_json list = ordered_json::array();
    for (const OutputRow& row : page.outputs) {
        ordered_json object{{"id", row.id}, {"kind", name_of(row.kind)}, {"dialect", name_of(row.dialect)}};
        object["load"] = row.load.empty() ? ordered_json() : ordered_json(row.load);
        object["topic"] = row.topic;
        object["meter"] = row.meter;
        for (const auto& [topic, json] : page.objects)
            if (topic == "output/" + row.id) object.update(ordered_json::parse(json, nullptr, false));
        object["proven"] = ordered_json();
        if (row.proven)
            object["proven"] = {{"at", iso_utc(row.proven->at)},
                                {"lease_s", row.proven->lease.count() / 1000},
                                {"measured_s", static_cast<double>(row.proven->measured.count()) / 1000}};
        if (page.lease_proof.output == row.id)
            object["proof"] = {{"state", page.lease_proof.state}, {"text", page.lease_proof.text}};
        list.push_back(std::move(object));
    }
    return {200, json_text(list)};
}

HttpAnswer unknown_load(const Explanations& page, const std::string& load) {
    ordered_json object{{"error", "unknown load: " + load}, {"known", ordered_json::array()}};
    for (const auto& [name, json] : page.loads) object["known"].push_back(name);
    return {404, json_text(object)};
}

HttpAnswer explain(const Explanations& page, const std::string& load) {
    if (load.empty()) return {200, joined({page.loads.begin(), page.loads.end()})};
    const auto found = page.loads.find(load);
    return found == page.loads.end() ? unknown_load(page, load) : HttpAnswer{200, found->second};
}

}  // namespace

std::vector<Route> status_routes(const Boards& boards, std::function<Time()> now) {
    const auto fresh = [now](const auto& board, auto show) {
        return [&board, now, show](const HttpRequest& request) {
            const auto page = board.page();
            if (!page) return error_answer(503, no_turn_text);
            if (is_late(*page, now())) return error_answer(503, late_loop_text);
            return show(*page, request);
        };
    };
    const auto show_status = [](const StatusSnapshot& page, const HttpRequest&) { return status(page); };
    const auto show_outputs = [](const StatusSnapshot& page, const HttpRequest&) { return outputs(page); };
    const auto show_why = [](const Explanations& page, const HttpRequest& request) { return explain(page, request.argument); };
    return {{"GET", "/health", [&boards, now](const HttpRequest&) { return health(boards.status.page(), now()); }},
            {"GET", "/api/status", fresh(boards.status, show_status)},
            {"GET", "/api/outputs", fresh(boards.status, show_outputs)},
            {"GET", "/api/explain", fresh(boards.explanations, show_why)},
            {"GET", "/api/explain/{}", fresh(boards.explanations, show_why)}};
}

}  // namespace volt::api
