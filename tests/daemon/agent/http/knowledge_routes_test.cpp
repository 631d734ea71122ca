// Tests of documents over HTTP: the routes over real files, without the sockets.
#include "daemon/agent/http/knowledge_routes.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "daemon/agent/http/agent_server.hpp"
#include "daemon/agent/protocol/message.hpp"
#include "drivers/store/sqlite/lock.hpp"
#include "tests/daemon/agent/documents/documents_site.hpp"

using namespace volt;
using namespace volt::agent;
using volt::agent::testing::DocumentsSite;

namespace knowledge_routes_test {

namespace {

/// Two folders, one of which is private.
struct KnowledgeSite : DocumentsSite {
    std::string hidden = directory / "hidden";
    std::unique_ptr<Documents> open;
    std::unique_ptr<BackgroundSync> sync;
    api::Router router{grant_of_agent};

    KnowledgeSite() {
        std::filesystem::create_directory(hidden);
        volt::testing::write_file(hidden + "/secret.md", "The alpha of the safe.\n");
        settings.sources.push_back({"hidden", hidden, false, true});
        write("a.md", "# Inverter\n\nThe alpha setting is on page two.\n");
        open = std::make_unique<Documents>(settings, store, VOLT_AGENT, manual);
        sync = std::make_unique<BackgroundSync>(*open, 0);
        router.add(knowledge_routes(*open, *sync));
    }
    std::pair<int, Json> ask(const std::string& method, const std::string& path, std::map<std::string, std::string> query = {},
                             const std::string& body = {}) const {
        api::HttpRequest request{.method = method, .path = path, .query = std::move(query), .body = body};
        request.caller = {api::Role::owner, true, "test"};
        const api::HttpAnswer answer = router.answer(std::move(request));
        return {answer.status, Json::parse(answer.body, nullptr, false)};
    }
    void sync_all() const {
        REQUIRE(ask("POST", "/knowledge/sync").first == 202);
        REQUIRE(volt::testing::eventually([&] { return !sync->running(); }));
    }
};

}  // namespace

TEST_CASE("syncs, lists, finds and reads documents") {
    const KnowledgeSite at;
    const auto begun = at.ask("POST", "/knowledge/sync", {}, R"({"source":"site"})");
    CHECK(begun.first == 202);
    const Json id = begun.second["id"];
    REQUIRE(volt::testing::eventually([&] { return at.ask("GET", "/knowledge/history").second["running"] == false; }));
    const Json syncs = at.ask("GET", "/knowledge/history").second["syncs"];
    const auto ours = std::find_if(syncs.begin(), syncs.end(), [&](const Json& it) { return it["id"] == id; });
    REQUIRE(ours != syncs.end());
    CHECK((*ours)["added"] == 1);
    const Json one = at.ask("GET", "/knowledge/history/" + id.dump()).second;
    CHECK(one["items"][0]["path"] == "a.md");
    const Json hits = at.ask("GET", "/knowledge/search", {{"q", "alpha"}}).second["hits"];
    REQUIRE(hits.size() == 1);
    CHECK(hits[0]["place"] == "site/a.md:3-3");
    const Json documents = at.ask("GET", "/knowledge/documents", {{"source", "site"}}).second["documents"];
    REQUIRE(documents.size() == 1);
    const std::string path = "/knowledge/documents/" + documents[0]["id"].dump();
    CHECK(at.ask("GET", path).second["parts"][0]["text"] == "The alpha setting is on page two.");
    CHECK(at.ask("GET", path, {{"from", "9"}}).first == 404);
}

TEST_CASE("returns a sync id in the history, or 409 if busy") {
    const KnowledgeSite at;
    at.sync_all();
    for (int i = 0; i < 2; ++i) {
        const auto [status, begun] = at.ask("POST", "/knowledge/sync", {}, R"({"source":"site"})");
        REQUIRE(status == 202);
        REQUIRE(volt::testing::eventually([&] { return !at.sync->running(); }));
        const auto [found, row] = at.ask("GET", "/knowledge/history/" + begun["id"].dump());
        CHECK(found == 200);
        CHECK(row["source"] == "site");
        CHECK(row["unchanged"] == 1);
    }
    const auto held = DatabaseLock::take(at.database);
    const std::size_t rows = at.open->history(50).value().size();
    const auto refused = at.ask("POST", "/knowledge/sync");
    CHECK(refused.first == 409);
    CHECK_MESSAGE(refused.second.dump().find("another sync is running: process ") != std::string::npos, refused.second.dump());
    CHECK(at.open->history(50).value().size() == rows);
}

TEST_CASE("hides private documents and their syncs") {
    const KnowledgeSite at;
    at.sync_all();
    CHECK(at.ask("GET", "/knowledge/search", {{"q", "safe"}}).second["hits"].empty());
    CHECK(at.ask("GET", "/knowledge/search", {{"q", "safe"}, {"source", "hidden"}}).first == 400);
    CHECK(at.ask("POST", "/knowledge/sync", {}, R"({"source":"hidden"})").first == 400);
    const auto documents = at.open->list().value();
    for (const KnowledgeDocument& it : documents) {
        const auto [status, answer] = at.ask("GET", "/knowledge/documents/" + std::to_string(it.id));
        CHECK(status == (it.source == "hidden" ? 404 : 200));
        if (it.source == "hidden") CHECK(answer["error"] == "there is no document " + std::to_string(it.id));
    }
    CHECK(at.ask("GET", "/knowledge/documents").second["documents"].size() == documents.size() - 1);
    const auto syncs = at.open->history(10).value();
    for (const SyncRow& it : syncs)
        CHECK(at.ask("GET", "/knowledge/history/" + std::to_string(it.id)).first == (it.source == "hidden" ? 404 : 200));
    CHECK(at.ask("GET", "/knowledge/history").second["syncs"].size() == syncs.size() - 1);
}

TEST_CASE("rejects a second sync and unknown names with a remedy") {
    const KnowledgeSite at;
    for (const char* path :
         {"/knowledge/documents/99", "/knowledge/documents/x", "/knowledge/history/99", "/knowledge/history/x"})
        CHECK_MESSAGE(at.ask("GET", path).first == 404, std::string(path));
    const auto [status, answer] = at.ask("GET", "/knowledge/search", {{"q", "alpha"}, {"limit", "51"}});
    CHECK(status == 400);
    CHECK(answer["need"] == "1 to 50");
    CHECK(at.ask("POST", "/knowledge/sync", {}, R"({"source":"nowhere"})").second["need"] == "one of manual, site");
    CHECK(at.ask("POST", "/knowledge/sync", {}, R"({"source":1})").first == 400);
    CHECK(at.ask("POST", "/knowledge/sync", {}, R"({"x":1})").first == 400);
    at.sync->stop();
    CHECK(at.ask("POST", "/knowledge/sync").first == 503);
}

}  // namespace knowledge_routes_test
