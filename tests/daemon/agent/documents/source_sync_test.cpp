// What a sync makes of each state of a file, by real files and a real reader.
#include <doctest/doctest.h>

#include "tests/daemon/agent/documents/documents_site.hpp"

using namespace volt;
using namespace volt::agent;
using volt::agent::testing::DocumentsSite;
using volt::agent::testing::Lines;

namespace source_sync_test {

TEST_CASE("added, unchanged, touched, changed, moved, removed") {
    DocumentsSite at;
    at.write("a.md", "# Alpha\n\nThe first one.\n");
    at.write("sub/b.txt", "second file here\n");
    at.write("keep.txt", "kept\n");
    SyncRow row = at.sync();
    CHECK(row.error == "");
    CHECK(DocumentsSite::items_of(row) == Lines{"added a.md", "added keep.txt", "added sub/b.txt"});
    CHECK(at.found("first") == Lines{"site/a.md:3-3"});
    row = at.sync();
    CHECK(row.unchanged == 3);
    CHECK(row.items.empty());
    at.touch("a.md");
    CHECK(at.sync().unchanged == 3);
    at.write("a.md", "# Alpha\n\nChanged text.\n");
    CHECK(DocumentsSite::items_of(at.sync()) == Lines{"changed a.md"});
    CHECK(at.found("first").empty());
    CHECK(at.found("changed text") == Lines{"site/a.md:3-3"});
    std::filesystem::rename(at.folder + "/sub/b.txt", at.folder + "/c.txt");
    CHECK(DocumentsSite::items_of(at.sync()) == Lines{"moved c.txt: was sub/b.txt"});
    CHECK(at.found("second file") == Lines{"site/c.txt:1-1"});
    at.remove("a.md");
    CHECK(DocumentsSite::items_of(at.sync()) == Lines{"removed a.md"});
    CHECK(at.found("changed").empty());
}

TEST_CASE("what cannot be read keeps its last text, and is read again by hand or once it is another one") {
    DocumentsSite at;
    at.write("x.pdf", volt::testing::pdf_of({"the low temperature cut", "second page"}));
    CHECK(at.sync().added == 1);
    CHECK(at.found("second page") == Lines{"site/x.pdf#page=2"});
    at.write("x.pdf", "no PDF any more");
    SyncRow row = at.sync();
    CHECK(row.failed == 1);
    REQUIRE(row.items.size() == 1);
    CHECK(row.items[0].reason != "");
    CHECK(at.found("second page") == Lines{"site/x.pdf#page=2 stale"});
    CHECK(at.sync("timer").failed == 1);
    CHECK(at.sync("timer").bytes == 0);
    CHECK(at.sync("hand").bytes > 0);
    at.write("x.pdf", volt::testing::pdf_of({"mended"}));
    CHECK(DocumentsSite::items_of(at.sync("timer")) == Lines{"changed x.pdf"});
    CHECK(at.found("mended") == Lines{"site/x.pdf#page=1"});
    CHECK(at.found("second page").empty());
}

TEST_CASE("empty, of no type, no text, too large, unreadable names") {
    DocumentsSite at;
    at.settings.limits.file_mb = 1;
    at.write("scan.pdf", volt::testing::pdf_of({"", ""}));
    at.write("blank.md", "\n\n");
    at.write("letter.docx", "PK");
    at.write("picture.jpg", "x");
    at.write("program", std::string(100, '\x01'));
    at.write("big.txt", std::string(1'100'000, 'x'));
    at.write("new\nline.md", "x");
    const SyncRow row = at.sync();
    CHECK(row.error == "");
    CHECK(row.empty == 2);
    CHECK(row.skipped == 5);
    std::map<std::string, std::string> reasons;
    for (const SyncItem& it : row.items) reasons[it.path] = it.action + ": " + it.reason + "; " + it.remedy;
    CHECK(reasons["scan.pdf"] == "empty: no text: scanned?; ocrmypdf in.pdf out.pdf makes one");
    CHECK(reasons["letter.docx"] == "skipped: files that end with .docx are not read; libreoffice --convert-to pdf letter.docx");
    CHECK(reasons["program"] == "skipped: not text; ");
    CHECK(reasons["big.txt"] == "skipped: larger than 1 MB; documents_limits.file_mb");
    CHECK(reasons["new\\x0aline.md"].starts_with("skipped: its name"));
    CHECK(at.sync().skipped == 4);  // `program` is known and unchanged
}

TEST_CASE("a folder that is missing or empty removes nothing") {
    DocumentsSite at;
    at.write("a.md", "# A\n\nalpha\n");
    CHECK(at.sync().added == 1);
    std::filesystem::rename(at.folder, at.folder + ".off");
    CHECK(at.sync().error.starts_with("source_missing: "));
    std::filesystem::create_directory(at.folder);
    CHECK(at.sync().error.starts_with("source_missing: "));
    CHECK(at.found("alpha").size() == 1);
    volt::testing::write_file(at.folder + "/other.txt", "other");
    CHECK(at.sync().removed == 1);
    CHECK(at.found("alpha").empty());
}

TEST_CASE("limits: files, passages; what is there keeps its place") {
    DocumentsSite at;
    at.settings.limits.files = 4;  // the manual has one
    for (const char* path : {"b.md", "c.md", "d.md"}) at.write(path, std::string("# H\n\ntext of ") + path + "\n");
    CHECK(Documents(at.settings, at.store, VOLT_AGENT, at.manual).sync({}).rows.size() == 2);
    at.write("a.md", "# H\n\nlate\n");
    SyncRow row = at.sync();
    CHECK(DocumentsSite::items_of(row) == Lines{"skipped 1 files: more than 4 files"});
    CHECK(row.unchanged == 3);
    at.settings.limits.files = 100;
    at.settings.limits.passages = 4;
    CHECK(DocumentsSite::items_of(at.sync()) == Lines{"skipped a.md: more than 4 passages in all"});
    at.settings.limits.passages = 5;
    CHECK(at.sync().added == 1);
}

TEST_CASE("a dry run lists and writes nothing") {
    DocumentsSite at;
    at.write("a.md", "alpha");
    CHECK(DocumentsSite::items_of(at.sync("hand", true)) == Lines{"added a.md"});
    CHECK_FALSE(std::filesystem::exists(at.database));
    CHECK(at.sync().added == 1);
    at.write("a.md", "beta");
    at.write("b.md", "new");
    CHECK(DocumentsSite::items_of(at.sync("hand", true)) == Lines{"changed a.md", "added b.md"});
    CHECK(at.found("beta").empty());
    at.remove("a.md");
    CHECK(DocumentsSite::items_of(at.sync("hand", true)) == Lines{"added b.md", "removed a.md"});
    CHECK(at.found("alpha").size() == 1);
}

}  // namespace source_sync_test
