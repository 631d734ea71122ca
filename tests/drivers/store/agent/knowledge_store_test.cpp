#include "drivers/store/agent/knowledge_store.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "drivers/store/sqlite/files.hpp"
#include "tests/drivers/store/temp_dir.hpp"

using namespace volt;

namespace knowledge_store_test {

namespace {

/// A store in memory with one source, and documents added by the test.
struct Shelf {
    KnowledgeStore store = std::move(KnowledgeStore::open(":memory:", true).value());
    explicit Shelf(const std::vector<std::string>& sources = {"site"}) {
        for (const std::string& it : sources) REQUIRE(store.put_source({it, "/" + it, it == "private", 1, false}).ok());
    }
    std::int64_t put(const std::string& path, const std::vector<Passage>& passages, const std::string& source = "site") {
        KnowledgeDocument document{.source = source, .path = path, .type = "text", .title = path};
        document.passages = static_cast<std::int64_t>(passages.size());
        REQUIRE(store.put_document(document).ok());
        for (const Passage& it : passages) REQUIRE(store.add_passage(it).ok());
        REQUIRE(store.put_passages(document.id).ok());
        return document.id;
    }
    std::vector<std::string> found(const std::string& query, const KnowledgeScope& scope = {}, std::size_t limit = 10) {
        const auto hits = store.search(query_of(query), scope, limit);
        REQUIRE(hits);
        std::vector<std::string> headings;
        for (const KnowledgeHit& it : hits.value()) headings.push_back(it.passage.heading);
        return headings;
    }
};

using Found = std::vector<std::string>;

}  // namespace

TEST_CASE("ranks passages by matching words, headings higher") {
    Shelf shelf;
    shelf.put("a.md", {{"Charging", "the battery charges in the cold", 3, 4},
                       {"Relays", "a relay switches when the battery is charged", 6, 9}});
    shelf.put("b.md", {{"Cold", "freezing 54.5 volts", 1, 1}, {"Other", "nothing of this", 3, 3}});
    CHECK(shelf.found("charging battery cold") == Found{"Charging", "Relays", "Cold"});
    CHECK(shelf.found("charging battery cold", {}, 1) == Found{"Charging"});
    CHECK(shelf.found("cold battery") == Found{"Charging", "Cold", "Relays"});
    CHECK(shelf.found("why is the relay on?") == Found{"Relays"});
    CHECK(shelf.found("my nephew kicked that poor relay yesterday evening") == Found{"Relays"});
    CHECK(shelf.found("\"battery is charged\"") == Found{"Relays"});
    CHECK(shelf.found("54.5") == Found{"Cold"});
    CHECK(shelf.found("plug") == Found{"Relays"});
    CHECK(shelf.found("nothing of the kind") == Found{"Other"});
    const KnowledgeHit hit = shelf.store.search(query_of("relay"), {}, 1).value().front();
    CHECK(hit.path == "a.md");
    CHECK(hit.passage.line_from == 6);
    CHECK(hit.passage.line_to == 9);
    CHECK(hit.snippet == "a \xee\x80\x80relay\xee\x80\x81 switches when the battery is charged");
}

TEST_CASE("limits a document to three passages before others") {
    Shelf shelf;
    std::vector<Passage> many;
    for (int i = 1; i <= 5; ++i) many.push_back({"a" + std::to_string(i), "lease", i, i});
    shelf.put("a.md", many);
    shelf.put("c.md", {{"c1", "lease", 1, 1}});
    shelf.put("b.md", {{"b1", "lease", 1, 1}});
    CHECK(shelf.found("lease") == Found{"a1", "a2", "a3", "b1", "c1", "a4", "a5"});
}

TEST_CASE("searches one source, with or without private ones") {
    Shelf shelf({"site", "private"});
    shelf.put("a.md", {{"open", "lease", 1, 1}});
    shelf.put("a.md", {{"closed", "lease", 1, 1}}, "private");
    CHECK(shelf.found("lease").size() == 2);
    CHECK(shelf.found("lease", {"private", true}) == Found{"closed"});
    CHECK(shelf.found("lease", {"", false}) == Found{"open"});
    CHECK(shelf.found("lease", {"private", false}).empty());
}

TEST_CASE("no query is an error") {
    Shelf shelf;
    shelf.put("a.md", {{"A", "one two", 1, 1}});
    for (const std::string& query :
         {std::string(), std::string("\""), std::string("\"\"\"\""), std::string("AND OR NOT NEAR("),
          std::string("body:* ^one -two"), std::string("'; DROP TABLE kb_chunks; --"), std::string("(((("),
          std::string("\xf0\x9f\x94\x8b"), std::string("\xff\xfe"), std::string("\0one", 4), std::string(1'000'000, 'x'),
          std::string(5000, '"'), std::string("\xf0\x9f\x94\x8b one")})
        CHECK(shelf.store.search(query_of(query), {}, 5).ok());
    CHECK(shelf.found("one AND") == Found{"A"});
    CHECK(shelf.found("\xf0\x9f\x94\x8b two") == Found{"A"});
}

TEST_CASE("changed and removed text leaves the index") {
    Shelf shelf({"site", "other"});
    const std::int64_t first = shelf.put("a.md", {{"A", "alpha", 1, 1}, {"B", "beta", 2, 2}});
    shelf.put("b.md", {{"C", "gamma", 1, 1}}, "other");
    CHECK(shelf.store.check(true) == "");
    REQUIRE(shelf.store.add_passage({"D", "delta", 1, 1}).ok());
    REQUIRE(shelf.store.put_passages(first).ok());
    CHECK(shelf.found("alpha").empty());
    CHECK(shelf.found("delta") == Found{"D"});
    CHECK(shelf.store.check(true) == "");
    REQUIRE(shelf.store.remove_document(first).ok());
    CHECK(shelf.found("delta").empty());
    CHECK(shelf.store.check(true) == "");
    REQUIRE(shelf.store.remove_source("other").ok());
    CHECK(shelf.found("gamma").empty());
    CHECK(shelf.store.documents().empty());
    CHECK(shelf.store.check(true) == "");
}

TEST_CASE("returns documents and passages as stored") {
    Shelf shelf;
    KnowledgeDocument put{.source = "site",
                          .path = "x.pdf",
                          .type = "pdf",
                          .title = "X",
                          .bytes = 5,
                          .mtime_ns = 6,
                          .sha256 = "7",
                          .pages = 8,
                          .passages = 2,
                          .extracted_at = 9};
    REQUIRE(shelf.store.put_document(put).ok());
    REQUIRE(shelf.store.add_passage({"h", "b", 0, 0, 3, ""}).ok());
    REQUIRE(shelf.store.add_passage({"h", "c", 0, 0, 4, "f"}).ok());
    REQUIRE(shelf.store.put_passages(put.id).ok());
    put.stale_since = 10, put.error = "failed: x", put.path = "y.pdf";
    REQUIRE(shelf.store.put_document(put).ok());
    const auto all = shelf.store.documents("site");
    REQUIRE(all.size() == 1);
    CHECK(all[0].id == put.id);
    CHECK(all[0].path == "y.pdf");
    CHECK(all[0].pages == 8);
    CHECK(all[0].stale_since == 10);
    CHECK(all[0].error == "failed: x");
    CHECK(shelf.store.documents("none").empty());
    CHECK(shelf.store.passage_count() == 2);
    const auto rest = shelf.store.passages(put.id, 4, 10);
    REQUIRE(rest.size() == 1);
    CHECK(rest[0].body == "c");
    CHECK(rest[0].fragment == "f");
    CHECK(shelf.store.passages(put.id, 1, 1).size() == 1);
}

TEST_CASE("history: newest first, and the oldest are removed") {
    Shelf shelf;
    SyncRow row{.source = "site", .started_at = 1, .ended_at = 2, .trigger = "hand", .added = 3, .error = "e"};
    row.items = {{"a", "added", "", ""}, {"b", "failed", "why", "what"}};
    REQUIRE(shelf.store.add_sync(row).ok());
    CHECK(row.id == 1);
    SyncRow next{.source = "manual", .started_at = 5, .ended_at = 6, .trigger = "timer"};
    REQUIRE(shelf.store.add_sync(next).ok());
    const auto rows = shelf.store.history("", 10);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].source == "manual");
    CHECK(rows[1].added == 3);
    CHECK(rows[1].items.empty());
    CHECK(shelf.store.history("site", 10).size() == 1);
    REQUIRE(shelf.store.sync(1));
    CHECK(shelf.store.sync(1)->items.size() == 2);
    CHECK(shelf.store.sync(1)->items[1].remedy == "what");
    CHECK_FALSE(shelf.store.sync(9));
    SyncRow late{.source = "site", .started_at = 0, .ended_at = (most_sync_days + 1) * 86'400'000, .trigger = "hand"};
    REQUIRE(shelf.store.add_sync(late).ok());
    CHECK(shelf.store.history("", 10).size() == 1);
    for (int i = 0; i < most_kept_syncs + 5; ++i) {
        late.id = 0;  // id of the row before
        REQUIRE(shelf.store.add_sync(late).ok());
    }
    CHECK(shelf.store.history("", 10'000).size() == static_cast<std::size_t>(most_kept_syncs));
}

TEST_CASE("refuses a broken or foreign file and moves it aside") {
    const test::TempDir directory;
    const std::string path = directory.file("knowledge.db");
    CHECK(KnowledgeStore::open(path, false).failure().fault == Fault::absent);
    CHECK_FALSE(file_exists(path));
    { REQUIRE(KnowledgeStore::open(path, true).ok()); }
    CHECK(KnowledgeStore::open(path, false).ok());
    const auto spoil = [&](const char* sql) {
        auto db = Connection::open(path, OpenMode::read_write);
        REQUIRE(db.value().execute(sql).ok());
    };
    spoil("PRAGMA user_version = 3");
    CHECK(KnowledgeStore::open(path, true).failure().fault == Fault::wrong_device);
    CHECK(KnowledgeStore::set_aside(path) == "");
    CHECK(file_exists(path + ".broken"));
    { REQUIRE(KnowledgeStore::open(path, true).ok()); }
    std::ofstream(path) << "this is no database, it only has the name of one, and it is long enough to be read as a header";
    CHECK(KnowledgeStore::open(path, true).failure().fault == Fault::wrong_device);
    CHECK(KnowledgeStore::set_aside(path) == "");
    {
        auto made = KnowledgeStore::open(path, true);
        REQUIRE(made.value().put_source({"site", "/", false, 1, false}).ok());
        KnowledgeDocument document{.source = "site", .path = "a"};
        REQUIRE(made.value().put_document(document).ok());
        REQUIRE(made.value().add_passage({"h", "alpha", 1, 1}).ok());
        REQUIRE(made.value().put_passages(document.id).ok());
    }
    // bypasses the triggers
    spoil("DROP TRIGGER kb_chunks_update; UPDATE kb_chunks SET body = 'beta'");
    CHECK(KnowledgeStore::open(path, false).value().check(false) != "");
}

TEST_CASE("limits its size") {
    const test::TempDir directory;
    auto made = KnowledgeStore::open(directory.file("knowledge.db"), true);
    made.value().limit_size(300'000);
    REQUIRE(made.value().put_source({"site", "/", false, 1, false}).ok());
    KnowledgeDocument document{.source = "site", .path = "a"};
    REQUIRE(made.value().put_document(document).ok());
    for (int i = 0; i < 1000; ++i)
        REQUIRE(made.value().add_passage({"h", std::string(1000, 'x') + std::to_string(i), 1, 1}).ok());
    CHECK(made.value().put_passages(document.id).full());
}

TEST_CASE("a file's passages wait in memory, not on disk") {
    const test::TempDir directory;
    auto made = KnowledgeStore::open(directory.file("knowledge.db"), true);
    REQUIRE(made.value().put_source({"site", "/", false, 1, false}).ok());
    const auto files = [] {
        std::size_t deleted = 0;
        for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
            std::error_code wrong;
            deleted += std::filesystem::read_symlink(entry.path(), wrong).string().find("etilqs") != std::string::npos ? 1 : 0;
        }
        return deleted;
    };
    for (int i = 0; i < 10'000; ++i)
        REQUIRE(made.value().add_passage({"h", std::string(1000, 'x') + std::to_string(i), 1, 1}).ok());
    CHECK(files() == 0);
}

}  // namespace knowledge_store_test
