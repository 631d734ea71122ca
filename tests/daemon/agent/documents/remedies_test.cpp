// Tests of the remedy for each reason.
#include "daemon/agent/documents/remedies.hpp"

#include <doctest/doctest.h>

using namespace volt::agent;

namespace remedies_test {

TEST_CASE("has a remedy for each reason") {
    const std::pair<const char*, const char*> advised[] = {
        {"more than 1000 pages", "raise documents_limits.pages in agent.yaml, or split the file"},
        {"Command Line Error: Incorrect password", "remove its password: qpdf --decrypt in.pdf out.pdf --password=PASSWORD"},
        {"more than 256 MB of memory", "split the file"},
        {"more than 30 s of processor time", "split the file"},
        {"more than 120 s", "split the file"},
        {"more than 32 MB of text", "split the file"},
        {"it unpacks into too many bytes", "split the file"},
        {"more than 8 folders deep", "move it up, or raise documents_limits.depth in agent.yaml"},
        {"more than 50000 passages in all", "raise documents_limits.passages in agent.yaml"},
        {"23 files skipped: the limit is 20", "raise documents_limits.files in agent.yaml"},
        {"knowledge.db would take more than 8 MB", "raise documents_limits.megabytes in agent.yaml"},
        {"changed while being read", "the next sync will retry"},
        {"pdftotext is not installed", "run: sudo apt install poppler-utils"},
        {"no permission to pass /home/pi", "run: sudo chmod o+x on that folder, or put the documents into another place"},
        {"1 byte was not valid UTF-8", "convert it: iconv -f latin1 -t utf-8 in.txt > out.txt"},
    };
    for (const auto& [reason, remedy] : advised) {
        CHECK(remedy_for("/d/a.pdf", reason) == remedy);
        CHECK(remedy_for_failed("/d/a.pdf", reason) == remedy);
    }
    for (const char* reason : {"Syntax Error: Couldn't find trailer dictionary", "the reader crashed (signal 11)"}) {
        CHECK(remedy_for("/d/a.pdf", reason) == "");
        CHECK(remedy_for_failed("/d/a.pdf", reason) == "open it with its own program and save it anew");
    }
}

TEST_CASE("quotes the file as one shell word") {
    CHECK(remedy_for("/d/it's.md", "permission denied") ==
          "run: sudo chgrp voltd '/d/it'\\''s.md' && sudo chmod g+r '/d/it'\\''s.md'");
    CHECK(remedy_for("/d/b/Letter 1.ODT", "unsupported file type (.ODT)") == "libreoffice --convert-to pdf 'Letter 1.ODT'");
    CHECK(remedy_for("/d/a.2", "unsupported file type (.2)") == "");
}

}  // namespace remedies_test
