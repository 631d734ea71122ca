#include "daemon/agent/documents/documents_json.hpp"

#include <algorithm>

#include "drivers/iso_time.hpp"

namespace volt::agent {

namespace {

constexpr std::int64_t ms_of_second = 1000;
constexpr std::string_view mark_begin = "\xee\x80\x80", mark_end = "\xee\x80\x81";  // U+E000, U+E001

void add_place(Json& json, const Passage& it) {
    if (it.page > 0) json["page"] = it.page;
    else json["line_from"] = it.line_from, json["line_to"] = it.line_to;
}

void replace_all(std::string& text, std::string_view what, const std::string& by) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

}  // namespace

std::string utc_text(std::int64_t ms) { return iso_time(ms / ms_of_second) + "Z"; }

std::string marked_snippet(const std::string& snippet, const std::string& begin, const std::string& end) {
    std::string text = snippet;
    replace_all(text, mark_begin, begin);
    replace_all(text, mark_end, end);
    return text;
}

Json hit_json(const KnowledgeHit& hit) {
    Json json{{"uri", hit_uri(hit)}, {"place", hit_place(hit)}, {"title", hit.title}, {"heading", hit.passage.heading}};
    add_place(json, hit.passage);
    json["snippet"] = marked_snippet(hit.snippet, "", "");
    json["rank"] = hit.rank;
    if (hit.stale_since) json["stale_since"] = utc_text(*hit.stale_since);
    return json;
}

Json text_json(const DocumentText& text) {
    const KnowledgeDocument& document = text.document;
    Json parts = Json::array();
    for (const Passage& it : text.parts) {
        Json part{{"heading", it.heading}};
        add_place(part, it);
        part["text"] = it.body;
        parts.push_back(std::move(part));
    }
    Json json{{"uri", document_uri(document.source, document.path)},
              {"title", document.title},
              {"parts", std::move(parts)},
              {"more", text.more}};
    if (document.stale_since) json["stale_since"] = utc_text(*document.stale_since);
    return json;
}

std::string plain_text(const DocumentText& text) {
    std::string all;
    for (const Passage& it : text.parts) {
        const std::string where =
            it.page > 0 ? "page " + std::to_string(it.page) : std::to_string(it.line_from) + "-" + std::to_string(it.line_to);
        all += "[" + where + "] " + it.heading + "\n" + it.body + "\n\n";
    }
    return all;
}

Json document_json(const KnowledgeDocument& it) {
    Json json{{"id", it.id},
              {"uri", document_uri(it.source, it.path)},
              {"source", it.source},
              {"path", it.path},
              {"type", it.type},
              {"title", it.title},
              {"bytes", std::max<std::int64_t>(it.bytes, 0)},
              {"passages", it.passages}};
    if (it.pages > 0) json["pages"] = it.pages;
    if (it.extracted_at > 0) json["extracted_at"] = utc_text(it.extracted_at);
    if (it.stale_since) json["stale_since"] = utc_text(*it.stale_since);
    if (!it.error.empty()) json["error"] = it.error;
    return json;
}

Json sync_json(const SyncRow& it) {
    Json json{{"id", it.id},
              {"source", it.source},
              {"started_at", utc_text(it.started_at)},
              {"ended_at", utc_text(it.ended_at)},
              {"trigger", it.trigger}};
    const std::pair<const char*, std::int64_t> counts[] = {
        {"added", it.added},   {"changed", it.changed},        {"moved", it.moved}, {"removed", it.removed},
        {"failed", it.failed}, {"skipped", it.skipped},        {"empty", it.empty}, {"unchanged", it.unchanged},
        {"bytes", it.bytes},   {"duration_ms", it.duration_ms}};
    for (const auto& [key, value] : counts) json[key] = value;
    if (!it.error.empty()) json["error"] = it.error;
    for (const SyncItem& item : it.items)
        json["items"].push_back({{"path", item.path}, {"action", item.action}, {"reason", item.reason}, {"remedy", item.remedy}});
    return json;
}

Json report_json(const SyncReport& report) {
    Json json{{"sources", Json::array()}};
    for (const SyncRow& it : report.rows) json["sources"].push_back(sync_json(it));
    if (!report.note.empty()) json["note"] = report.note;
    if (!report.error.empty()) json["error"] = report.error;
    return json;
}

Json trouble_json(const DocumentTrouble& it) { return {{"place", it.place}, {"what", it.what}, {"remedy", it.remedy}}; }

}  // namespace volt::agent
