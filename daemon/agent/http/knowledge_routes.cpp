#include "daemon/agent/http/knowledge_routes.hpp"

#include <algorithm>

#include "daemon/agent/documents/documents_json.hpp"
#include "daemon/agent/http/numbers.hpp"
#include "daemon/api/http/answers.hpp"
#include "drivers/text.hpp"

namespace volt::agent {

namespace {

using api::HttpAnswer;
using api::HttpRequest;

constexpr int accepted = 202, bad_source = 400, missing_document = 404, sync_runs = 409, no_knowledge = 503;
constexpr std::size_t usual_hits = 8, most_hits = 50, usual_syncs = 50, most_syncs = 500;

HttpAnswer failure_answer(const Failure& failure) {
    return api::error_answer(failure.fault == Fault::absent ? missing_document : no_knowledge, failure.text);
}

std::vector<std::string> open_sources(const Documents& documents) {
    std::vector<std::string> ids;
    for (const DocumentSource& it : documents.sources())
        if (!it.kept_private) ids.push_back(it.id);
    return ids;
}

std::optional<HttpAnswer> refuse_source(const Documents& documents, const std::string& source) {
    if (source.empty() || documents.is_shown(source, false)) return std::nullopt;
    return api::field_error(bad_source, "there is no source '" + source + "'", "source",
                            "one of " + comma_list(open_sources(documents)));
}

HttpAnswer search_documents(Documents& documents, const HttpRequest& request) {
    std::size_t limit = 0;
    if (auto wrong = limit_of(request, usual_hits, most_hits, limit)) return *wrong;
    const std::string source = api::value_of(request, "source");
    if (auto wrong = refuse_source(documents, source)) return *wrong;
    const auto found = documents.search(api::value_of(request, "q"), {source, false}, limit);
    if (!found) return failure_answer(found.failure());
    Json answer{{"hits", Json::array()}, {"note", found.value().note}};
    for (const KnowledgeHit& it : found.value().hits) answer["hits"].push_back(hit_json(it));
    return api::ok_answer(answer);
}

HttpAnswer list_documents(Documents& documents, const HttpRequest& request) {
    const std::string source = api::value_of(request, "source");
    if (auto wrong = refuse_source(documents, source)) return *wrong;
    const auto listed = documents.list(source);
    if (!listed) return failure_answer(listed.failure());
    Json all = Json::array();
    for (const KnowledgeDocument& it : listed.value())
        if (documents.is_shown(it.source, false)) all.push_back(document_json(it));
    return api::ok_answer({{"documents", std::move(all)}});
}

HttpAnswer read_document(Documents& documents, const HttpRequest& request) {
    std::int64_t from = 0, lines = 0;
    if (auto wrong = number_of(request, "from", 0, 1'000'000'000, from)) return *wrong;
    if (auto wrong = number_of(request, "lines", usual_read_lines, most_read_lines, lines)) return *wrong;
    const auto listed = documents.list();
    if (!listed) return failure_answer(listed.failure());
    const auto id = whole_number(request.argument);
    const auto& all = listed.value();
    // Check before anything of it is read, because an error would name a private file.
    const auto named = std::find_if(
        all.begin(), all.end(), [&](const KnowledgeDocument& it) { return id == it.id && documents.is_shown(it.source, false); });
    if (named == all.end()) return api::error_answer(missing_document, "there is no document " + request.argument);
    const auto text = documents.read(document_uri(named->source, named->path), from, lines, false);
    return text ? api::ok_answer(text_json(text.value())) : failure_answer(text.failure());
}

HttpAnswer begin_sync(Documents& documents, BackgroundSync& sync, const HttpRequest& request) {
    api::Object body;
    if (auto wrong = api::read_body(request.body, body)) return *wrong;
    if (auto wrong = api::refuse_unknown(body, {"source"})) return *wrong;
    std::string source;
    if (body.contains("source")) {
        if (!body["source"].is_string()) return api::field_error(bad_source, "source is wrong", "source", "the id of one");
        source = body["source"].get<std::string>();
    }
    if (auto wrong = refuse_source(documents, source)) return *wrong;
    const auto begun = sync.request(source);
    if (!begun)
        return api::error_answer(begun.failure().fault == Fault::refused ? sync_runs : no_knowledge, begun.failure().text);
    return api::ok_answer({{"id", begun.value()}}, accepted);
}

HttpAnswer list_syncs(Documents& documents, const BackgroundSync& sync, const HttpRequest& request) {
    std::size_t limit = 0;
    if (auto wrong = limit_of(request, usual_syncs, most_syncs, limit)) return *wrong;
    const bool running = sync.running();
    const auto rows = documents.history(static_cast<std::int64_t>(limit));
    if (!rows) return failure_answer(rows.failure());
    Json all = Json::array();
    for (const SyncRow& it : rows.value())
        if (documents.is_shown(it.source, false)) all.push_back(sync_json(it));
    Json answer{{"running", running}, {"syncs", std::move(all)}};
    if (const std::string error = sync.error(); !error.empty()) answer["error"] = error;
    return api::ok_answer(answer);
}

HttpAnswer one_sync(Documents& documents, const HttpRequest& request) {
    const auto id = whole_number(request.argument);
    const auto row = id ? documents.history_of(*id) : Result<SyncRow>(Failure{Fault::absent, "there is no such sync"});
    if (!row) return failure_answer(row.failure());
    if (!documents.is_shown(row.value().source, false)) return api::error_answer(missing_document, "there is no such sync");
    return api::ok_answer(sync_json(row.value()));
}

}  // namespace

std::vector<api::Route> knowledge_routes(Documents& documents, BackgroundSync& sync) {
    const auto by = [&documents](HttpAnswer (*act)(Documents&, const HttpRequest&)) {
        return [&documents, act](const HttpRequest& request) { return act(documents, request); };
    };
    return {{"GET", "/knowledge/search", by(search_documents), api::Body::none, {"q", "source", "limit"}},
            {"GET", "/knowledge/documents", by(list_documents), api::Body::none, {"source"}},
            {"GET", "/knowledge/documents/{}", by(read_document), api::Body::none, {"from", "lines"}},
            {"POST", "/knowledge/sync", [&](const HttpRequest& it) { return begin_sync(documents, sync, it); }, api::Body::json},
            {"GET",
             "/knowledge/history",
             [&](const HttpRequest& it) { return list_syncs(documents, sync, it); },
             api::Body::none,
             {"limit"}},
            {"GET", "/knowledge/history/{}", by(one_sync)}};
}

}  // namespace volt::agent
