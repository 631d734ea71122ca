// Tests of a sync for each state of a file, with real files and a real reader.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/daemon/agent/documents/documents_site.hpp"

using namespace volt;
using namespace volt::agent;
using volt::agent::testing::DocumentsSite;
using volt::agent::testing::Lines;
using volt::agent::testing::WithoutRights;

namespace source_sync_test {

TEST_CASE("syncs added, touched, changed, moved and removed files") {
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

TEST_CASE("keeps the last text of an unreadable file") {
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

TEST_CASE("rejects empty, unknown, large and unprintable files") {
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
    CHECK(reasons["letter.docx"] == "skipped: unsupported file type (.docx); libreoffice --convert-to pdf letter.docx");
    CHECK(reasons["program"] == "skipped: not text; if it is a PDF or HTML, name it .pdf or .html");
    CHECK(reasons["big.txt"] == "skipped: larger than 1 MB; raise documents_limits.file_mb in agent.yaml, or split the file");
    CHECK(reasons["new\\x0aline.md"] == "skipped: the file name contains invisible or invalid characters; rename the file");
    at.write("LETTER.DOCX", "PK");
    const SyncRow again = at.sync();  // problems are listed each time
    CHECK(again.skipped == 6);
    CHECK(again.empty == 2);
    CHECK(std::any_of(again.items.begin(), again.items.end(),
                      [](const SyncItem& it) { return it.remedy == "libreoffice --convert-to pdf LETTER.DOCX"; }));
}

TEST_CASE("removes nothing for a missing or empty folder") {
    DocumentsSite at;
    at.write("a.md", "# A\n\nalpha\n");
    CHECK(at.sync().added == 1);
    std::filesystem::rename(at.folder, at.folder + ".off");
    CHECK(at.sync().error == "the folder " + at.folder + " is missing; its documents are kept; mount its drive, or make it");
    std::filesystem::create_directory(at.folder);
    CHECK(at.sync().error ==
          "the folder is empty (drive not mounted?); its documents are kept. If you removed them on purpose, put any file there "
          "and sync again");
    CHECK(at.found("alpha").size() == 1);
    volt::testing::write_file(at.folder + "/other.txt", "other");
    CHECK(at.sync().removed == 1);
    CHECK(at.found("alpha").empty());
}

TEST_CASE("enforces limits without dropping stored files") {
    DocumentsSite at;
    at.settings.limits.files = 3;
    for (const char* path : {"b.md", "c.md", "d.md"}) at.write(path, std::string("# H\n\ntext of ") + path + "\n");
    CHECK(Documents(at.settings, at.store, VOLT_AGENT, at.manual).sync({}).rows.size() == 2);
    at.write("a.md", "# H\n\nlate\n");
    SyncRow row = at.sync();
    CHECK(DocumentsSite::items_of(row) == Lines{"skipped : 1 file skipped: the limit is 3"});
    CHECK(row.items[0].remedy == "raise documents_limits.files in agent.yaml");
    CHECK(row.unchanged == 3);
    at.settings.limits.files = 100;
    at.settings.limits.passages = 4;
    CHECK(DocumentsSite::items_of(at.sync()) == Lines{"skipped a.md: more than 4 passages in all"});
    at.settings.limits.passages = 5;
    CHECK(at.sync().added == 1);
}

TEST_CASE("gives a removed file's room to one new file") {
    DocumentsSite at;
    at.settings.limits.files = 3;
    for (const char* path : {"a.md", "b.md", "c.md"}) at.write(path, std::string("text of ") + path);
    CHECK(Documents(at.settings, at.store, VOLT_AGENT, at.manual).sync({}).rows.size() == 2);
    CHECK(at.stored() == 3);
    at.remove("b.md");
    for (int i = 0; i < 5; ++i) at.write("n" + std::to_string(i) + ".md", "new text " + std::to_string(i));
    SyncRow row = at.sync();
    CHECK(DocumentsSite::items_of(row) == Lines{"removed b.md", "added n0.md", "skipped : 4 files skipped: the limit is 3"});
    CHECK(row.skipped == 4);
    CHECK(at.stored() == 3);
    // Same size as a new one: the content decides.
    std::filesystem::rename(at.folder + "/n0.md", at.folder + "/z.md");
    row = at.sync();
    CHECK(DocumentsSite::items_of(row) == Lines{"moved z.md: was n0.md", "skipped : 4 files skipped: the limit is 3"});
    CHECK(at.stored() == 3);
}

TEST_CASE("shows replaced bytes until the file is UTF-8") {
    DocumentsSite at;
    at.write("latin.txt", "gr\xfc\xdf dich");
    const SyncRow row = at.sync();
    CHECK(DocumentsSite::items_of(row) == Lines{"added latin.txt: 2 bytes were not valid UTF-8"});
    CHECK(row.items[0].remedy == "convert it: iconv -f latin1 -t utf-8 in.txt > out.txt");
    CHECK(at.sync().unchanged == 1);
    CHECK(at.troubles() ==
          Lines{"site/latin.txt: 2 bytes were not valid UTF-8; convert it: iconv -f latin1 -t utf-8 in.txt > out.txt"});
    std::filesystem::rename(at.folder + "/latin.txt", at.folder + "/l.txt");
    CHECK(at.sync().moved == 1);
    CHECK(at.troubles().size() == 1);
    at.write("l.txt", "gr\xc3\xbc\xc3\x9f dich");
    CHECK(DocumentsSite::items_of(at.sync()) == Lines{"changed l.txt"});
    CHECK(at.troubles().empty());
}

TEST_CASE("names a remedy for each permission problem") {
    DocumentsSite at;
    at.write("a.md", "alpha");
    at.write("sub/b.md", "beta");
    at.write("new one.md", "gamma");
    const auto set_rights = [&](const std::string& path, mode_t rights) { ::chmod((at.folder + path).c_str(), rights); };
    const auto as_other = [&](auto act) {
        const WithoutRights now(at);
        return act();
    };
    at.documents().sync({});
    set_rights("/new one.md", 0);
    at.touch("new one.md");
    set_rights("/sub", 0);
    SyncRow row = as_other([&] { return at.sync(); });
    CHECK(DocumentsSite::items_of(row) ==
          Lines{"failed sub: no permission to read the folder", "failed new one.md: permission denied"});
    CHECK(row.error == "");
    const std::string file = "'" + at.folder + "/new one.md'", sub = at.folder + "/sub";
    CHECK(at.troubles() ==
          Lines{"site/sub: failed: no permission to read the folder; run: sudo chgrp voltd " + sub + " && sudo chmod g+rx " + sub,
                "site/new one.md: failed: permission denied; its earlier text is kept; run: sudo chgrp voltd " + file +
                    " && sudo chmod g+r " + file});
    CHECK(at.stored() == 3);
    set_rights("", 0);
    CHECK(as_other([&] { return at.sync().error; }) ==
          "no permission to read the folder; its documents are kept; run: sudo chgrp voltd " + at.folder +
              " && sudo chmod g+rx " + at.folder);
    set_rights("", 0755);
    set_rights("/sub", 0755);
    set_rights("/new one.md", 0644);
    CHECK(DocumentsSite::items_of(at.sync()) == Lines{"changed new one.md"});
    CHECK(at.troubles().empty());
}

TEST_CASE("lists without writing in a dry run") {
    DocumentsSite at;
    at.write("a.md", "alpha");
    CHECK(DocumentsSite::items_of(at.sync("hand", true)) == Lines{"added a.md"});
    CHECK_FALSE(std::filesystem::exists(at.database));
    CHECK(at.sync().added == 1);
    at.write("a.md", "beta");
    at.write("b.md", "new");
    CHECK(DocumentsSite::items_of(at.sync("hand", true)) == Lines{"changed a.md", "added b.md"});
    at.settings.limits.files = 1;
    CHECK(DocumentsSite::items_of(at.sync("hand", true)) == Lines{"changed a.md", "skipped : 1 file skipped: the limit is 1"});
    at.settings.limits.files = 2;
    CHECK(at.found("beta").empty());
    at.remove("a.md");
    CHECK(DocumentsSite::items_of(at.sync("hand", true)) == Lines{"removed a.md", "added b.md"});
    CHECK(at.found("alpha").size() == 1);
}

}  // namespace source_sync_test
