// Tests of document queries, with and without a knowledge.db.
#include "daemon/agent/documents/documents.hpp"

#include <doctest/doctest.h>

#include "daemon/agent/documents/documents_json.hpp"
#include "daemon/agent/documents/manual.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "tests/daemon/agent/documents/documents_site.hpp"

using namespace volt;
using namespace volt::agent;
using volt::agent::testing::DocumentsSite;
using volt::agent::testing::Lines;

namespace documents_test {

TEST_CASE("finds the manual before any sync") {
    DocumentsSite at;
    at.write("a.md", "voltage of alpha");
    CHECK(at.found("voltage known") == Lines{"manual/alarms.md:5-5"});
    CHECK(file_exists(at.database));
    Documents none(at.settings, at.directory / "nowhere", VOLT_AGENT, at.manual);
    const auto found = none.search("voltage", {}, 5);
    REQUIRE(found);
    CHECK(found.value().hits.size() == 1);
    CHECK(found.value().note.starts_with("only the manual is searched: "));
    CHECK(none.read("manual/alarms.md", 0, 0).ok());
    CHECK(none.list().value().size() == 1);
}

TEST_CASE("finds manual passages by questions without showing them") {
    DocumentsSite at;
    volt::testing::write_file(at.manual + "/alarms.md",
                              "# Alarms\n\n## low\n\nAnswers: why does it roar? is it thirsty?\n\nThe bank.\n");
    at.write("a.md", "Answers: does it whistle?");
    at.sync();
    Documents open = at.documents();
    const KnowledgeHit hit = open.search("roar", {}, 5).value().hits.at(0);
    CHECK(hit_place(hit) == "manual/alarms.md:5-7");
    CHECK(hit.passage.body == "The bank.");
    CHECK(hit.snippet == "The bank.");
    CHECK(open.read("manual/alarms.md:5", 0, 0).value().parts.at(0).body == "The bank.");
    CHECK(open.search("whistle", {}, 5).value().hits.at(0).passage.body == "Answers: does it whistle?");
    CHECK(without_questions("# x\n\nAnswers: a?\n\ntext\nAnswers: b?\n\nend") == "# x\n\ntext\n\nend");
    CHECK(without_questions("# x\n\nAnswers: a?\nb?\nc?\n\ntext\nAnswers: d?\ne?") == "# x\n\ntext\n");
}

TEST_CASE("rereads a manual of another version at the first search") {
    DocumentsSite at;
    CHECK(at.found("voltage known") == Lines{"manual/alarms.md:5-5"});
    volt::testing::write_file(at.manual + "/alarms.md", "# Alarms\n\nOther words are here now, and more of them.\n");
    CHECK(at.found("other words") == Lines{"manual/alarms.md:3-3"});
    Documents open = at.documents();
    CHECK(open.search("words", {}, 5).value().hits.size() == 1);
    at.write("a.md", "more words");
    CHECK(KnowledgeStore::set_aside(at.database) == "");
    at.documents().sync({});
    CHECK(open.search("words", {}, 5).value().hits.size() == 2);
}

TEST_CASE("reads a bounded part from a line, page or fragment") {
    DocumentsSite at;
    std::string text = "# Notes\n\n";
    for (int i = 0; i < 400; ++i) text += "## Part " + std::to_string(i) + "\n\nline of part " + std::to_string(i) + "\n\n";
    at.write("notes.md", text);
    at.write("x.pdf", volt::testing::pdf_of({"first", "second", "third"}));
    at.write("y.html", "<h1>A</h1><p id=p1>one</p><h1>B</h1><p id=p2>two</p>");
    at.sync();
    Documents open = at.documents();
    const auto bodies = [&](const std::string& uri, std::int64_t from = 0, std::int64_t lines = 0) {
        Lines all;
        const auto read = open.read(uri, from, lines);
        if (!read) return Lines{read.failure().text};
        for (const Passage& it : read.value().parts) all.push_back(it.body);
        return all;
    };
    CHECK(bodies("volt://doc/site/x.pdf#page=2") == Lines{"second", "third"});
    CHECK(bodies("volt://doc/site/x.pdf", 3) == Lines{"third"});
    CHECK(bodies("site/y.html#p2") == Lines{"two"});
    CHECK(bodies("site/notes.md:5") == Lines{"line of part 0"});
    CHECK(bodies("site/notes.md", 5, 2) == Lines{"line of part 0", "line of part 1"});
    CHECK(bodies("site/notes.md").size() == static_cast<std::size_t>(usual_read_lines));
    CHECK(open.read("site/notes.md", 1, 10'000).value().more);  // the answer has its own size limit
    CHECK(open.read("site/notes.md", 1590, 10'000).value().more == false);
    CHECK(open.read("site/notes.md", 1, 10).value().more);
    CHECK(bodies("site/note.md").front().starts_with("there is no document 'site/note.md'; choose from: "));
    CHECK(bodies("volt://doc/site/../../etc/passwd").front().starts_with("there is no document"));
    CHECK(text_json(open.read("volt://doc/site/x.pdf#page=2", 0, 0).value())["parts"][0]["page"] == 2);
}

TEST_CASE("hides a folder that was made private or removed") {
    DocumentsSite at;
    at.write("a.md", "alpha");
    at.sync();
    at.settings.sources[0].kept_private = true;
    Documents hidden = at.documents();
    CHECK(hidden.search("alpha", {"", false}, 5).value().hits.empty());
    CHECK(hidden.search("alpha", {"", true}, 5).value().hits.size() == 1);
    CHECK_FALSE(hidden.read("site/a.md", 0, 0, false).ok());
    at.settings.sources = {{"other", at.folder, false, false}};
    Documents without = at.documents();
    CHECK(without.search("alpha", {"", true}, 5).value().hits.empty());
    CHECK_FALSE(without.read("site/a.md", 0, 0).ok());
}

TEST_CASE("shows a private folder only to people") {
    DocumentsSite at;
    at.settings.sources[0].kept_private = true;
    at.write("a.md", "secret alpha");
    at.sync();
    Documents open = at.documents();
    CHECK(open.search("alpha", {"", true}, 5).value().hits.size() == 1);
    CHECK(open.search("alpha", {"", false}, 5).value().hits.empty());
    CHECK(open.read("site/a.md", 0, 0, true).ok());
    const auto refused = open.read("site/a.md", 0, 0, false);
    CHECK_FALSE(refused.ok());
    CHECK(refused.failure().text.find("doc/site") == std::string::npos);
}

TEST_CASE("extends a search with the owner's synonyms") {
    DocumentsSite at;
    at.write("a.md", "the contactor hums");
    volt::testing::write_file(at.folder + "/synonyms.txt", "relay, contactor\n");
    CHECK(at.sync().added == 1);
    CHECK(at.found("relay") == Lines{"site/a.md:1-1"});
    CHECK(DocumentsSite::items_of(at.sync()).empty());
}

TEST_CASE("names missing, stale and failed files with remedies") {
    DocumentsSite at;
    const auto troubles = [&] { return at.troubles(); };
    CHECK(troubles() == Lines{"site: never synced; voltctl docs sync site"});
    at.write("a.md", "alpha");
    at.write("b.docx", "x");
    at.write("c.pdf", "x");
    at.sync();
    const Lines some = troubles();
    REQUIRE(some.size() == 2);
    CHECK(some[0].starts_with("site/b.docx: skipped: unsupported file type (.docx); libreoffice"));
    CHECK(some[1].starts_with("site/c.pdf: failed: "));
    CHECK(some[1].ends_with("; open it with its own program and save it anew"));
    at.remove("b.docx");
    at.remove("c.pdf");
    at.sync();
    CHECK(troubles().empty());
    std::filesystem::remove_all(at.folder);
    at.sync();
    REQUIRE(troubles().size() == 1);
    CHECK(troubles()[0] == "site: the folder " + at.folder + " is missing; its documents are kept; mount its drive, or make it");
    std::filesystem::create_directory(at.folder);
    at.sync();
    REQUIRE(troubles().size() == 1);
    CHECK(troubles()[0].starts_with("site: the folder is empty (drive not mounted?); its documents are kept. If you removed"));
}

TEST_CASE("reports skipped files of the last sync with remedy") {
    DocumentsSite at;
    at.settings.limits.file_mb = 1;
    at.write("a.md", "alpha");
    at.write("x.pdf", volt::testing::pdf_of({"text"}));
    at.documents().sync({});
    CHECK(at.troubles().empty());
    const std::size_t rows = at.documents().history(50).value().size();
    at.write("b.docx", "x");
    at.write("big.txt", std::string(1'100'000, 'x'));
    std::filesystem::create_symlink("a.md", at.folder + "/link.md");
    at.sync();
    CHECK(at.troubles() ==
          Lines{"site/link.md: skipped: a link; put the file itself there",
                "site/b.docx: skipped: unsupported file type (.docx); libreoffice --convert-to pdf b.docx",
                "site/big.txt: skipped: larger than 1 MB; raise documents_limits.file_mb in agent.yaml, or split "
                "the file"});
    Documents open = at.documents();
    CHECK(open.history(50).value().size() == rows + 1);
    CHECK(open.history_of(open.history(1).value().front().id).value().items.size() == 3);
    at.sync();
    CHECK(open.history(50).value().size() == rows + 1);
    for (const char* path : {"b.docx", "big.txt", "link.md"}) at.remove(path);
    at.write("x.pdf", "no PDF any more");
    at.write("scan.pdf", volt::testing::pdf_of({"", ""}));
    at.sync();
    const Lines stale = at.troubles();
    REQUIRE(stale.size() == 2);
    CHECK(stale[1] == "site/scan.pdf: empty: no text: scanned?; ocrmypdf in.pdf out.pdf makes one");
    CHECK(stale[0].ends_with("; its earlier text is kept; open it with its own program and save it anew"));
    at.remove("x.pdf");
    at.remove("scan.pdf");
    at.sync();
    CHECK(at.troubles().empty());
}

namespace {

void spoil(const DocumentsSite& at, const std::string& sql) {
    auto db = Connection::open(at.database, OpenMode::read_write);
    REQUIRE(db.value().execute(sql).ok());
}

/// Returns the texts of a document, or the reason there are none.
Lines bodies_of(Documents& open, const std::string& uri) {
    Lines all;
    const auto read = open.read(uri, 0, 0);
    if (!read) return {read.failure().text};
    for (const Passage& it : read.value().parts) all.push_back(it.body);
    return all;
}

constexpr const char* damaged = "knowledge.db was damaged and has been rebuilt; sync history starts over";
constexpr const char* other_version = "knowledge.db was of another version and has been rebuilt; sync history starts over";

}  // namespace

TEST_CASE("rebuilds a damaged knowledge.db during a search and says so") {
    DocumentsSite at;
    at.write("a.md", "alpha");
    at.documents().sync({});
    const auto search = [](Documents& open, const char* note) {
        const auto found = open.search("alpha", {}, 5);
        REQUIRE(found);
        CHECK(found.value().hits.size() == 1);
        CHECK(found.value().note == note);
    };
    for (const bool other : {true, false}) {
        if (other) spoil(at, "PRAGMA user_version = 1");
        else volt::testing::write_file(at.database, "no database, but long enough for its header to be looked at by anybody");
        Documents open = at.documents();
        search(open, other ? other_version : damaged);
        search(open, "");
        Documents next = at.documents();
        search(next, "");
    }
}

TEST_CASE("rebuilds after damage that only a query finds") {
    DocumentsSite at;
    at.write("a.md", "alpha");
    at.documents().sync({});
    Documents open = at.documents();
    REQUIRE(open.search("alpha", {}, 5).value().hits.size() == 1);
    spoil(at, "UPDATE kb_fts_data SET block = x'00112233445566778899aabbccddeeff' WHERE id > 10");
    const auto found = open.search("alpha", {}, 5);
    REQUIRE_MESSAGE(found.ok(), found.failure().text);
    CHECK(found.value().hits.size() == 1);
    CHECK(found.value().note == damaged);
    CHECK(open.search("alpha", {}, 5).value().note == "");
}

TEST_CASE("syncs all folders after finding knowledge.db damaged") {
    DocumentsSite at;
    at.write("a.md", "alpha");
    at.documents().sync({});
    spoil(at, "PRAGMA user_version = 1");
    CHECK(at.documents().sync({manual_source, "hand", false, {}}).note != "");
    CHECK(at.found("alpha") == Lines{"site/a.md:1-1"});
}

TEST_CASE("opens a late passage by id and reports missing ones") {
    DocumentsSite at;
    std::string html;
    for (int i = 0; i < 900; ++i) {
        const std::string number = std::to_string(i);
        html += "<h2 id=s" + number + ">Section " + number + "</h2><p>text " + number + "</p>";
    }
    at.write("frag.html", html);
    at.write("a.md", "alpha\n");
    at.write("x.pdf", volt::testing::pdf_of({"one", "two"}));
    at.write("none.pdf", volt::testing::pdf_of({""}));
    at.sync();
    Documents open = at.documents();
    CHECK(bodies_of(open, "site/frag.html#s850").at(0) == "text 850");
    CHECK(bodies_of(open, "volt://doc/site/frag.html#s850").at(0) == "text 850");
    CHECK(bodies_of(open, "site/frag.html:1702").at(0) == "text 850");
    CHECK(bodies_of(open, "site/frag.html#x") == Lines{"'site/frag.html' has no part '#x'"});
    CHECK(bodies_of(open, "site/a.md:9") == Lines{"'site/a.md' has no text from line 9 on"});
    CHECK(bodies_of(open, "site/x.pdf#page=3") == Lines{"'site/x.pdf' has no text from page 3 on"});
    CHECK(open.read("site/a.md", 9, 0).failure().fault == Fault::absent);
    CHECK(bodies_of(open, "site/none.pdf").empty());
}

TEST_CASE("opens a place in a file whose name has a #") {
    DocumentsSite at;
    at.write("a#b.md", "# A\n\nalpha\n");
    at.write("c#.html", "<p>before<h1 id=p>H</h1><p>in it");
    at.sync();
    Documents open = at.documents();
    CHECK(at.found("alpha") == Lines{"site/a#b.md:3-3"});
    CHECK(bodies_of(open, "site/a#b.md:3-3") == Lines{"alpha"});
    CHECK(bodies_of(open, "site/a#b.md") == Lines{"alpha"});
    CHECK(bodies_of(open, "site/c#.html#p") == Lines{"in it"});
    CHECK(bodies_of(open, "volt://doc/site/a%23b.md") == Lines{"alpha"});
}

}  // namespace documents_test
