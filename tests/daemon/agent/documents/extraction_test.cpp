// Tests of files through a reader in a separate process: its output, and the end of bad files.
#include "daemon/agent/documents/extraction.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include "tests/fakes/pdf.hpp"
#include "tests/fakes/process.hpp"

using namespace volt;
using namespace volt::agent;

namespace extraction_test {

namespace {

struct Read {
    ExtractEnd end;
    std::vector<std::string> bodies;
};

Read read_as(DocumentType type, const std::string& bytes, const std::string& program = VOLT_AGENT,
             std::size_t stop_after = 1'000'000) {
    const volt::testing::TempDir directory;
    volt::testing::write_file(directory / "file", bytes);
    const int fd = ::open((directory / "file").c_str(), O_RDONLY | O_CLOEXEC);
    Read read;
    documents::ReaderHost readers({program, "extract"});
    read.end = extract_file({fd, type, "name", 10, program.empty() ? nullptr : &readers}, [&](const Passage& it) {
        read.bodies.push_back(it.heading + "|" + it.body);
        return read.bodies.size() < stop_after;
    });
    ::close(fd);
    return read;
}

using Bodies = std::vector<std::string>;

}  // namespace

TEST_CASE("extracts each type with and without a process") {
    const Read markdown = read_as(DocumentType::markdown, "# A\n\nb\xc3\xb6\n");
    CHECK(markdown.end.outcome == ExtractOutcome::read);
    CHECK(markdown.end.title == "A");
    CHECK(markdown.bodies == Bodies{"A|b\xc3\xb6"});
    CHECK(read_as(DocumentType::markdown, "# A\n\nb\xc3\xb6\n", "").bodies == markdown.bodies);
    CHECK(read_as(DocumentType::text, "plain").bodies == Bodies{"|plain"});
    CHECK(read_as(DocumentType::html, "<title>T</title><p>p").bodies == Bodies{"T|p"});
    const Read pdf = read_as(DocumentType::pdf, volt::testing::pdf_of({"one", "two"}));
    CHECK(pdf.end.pages == 2);
    CHECK(pdf.bodies == Bodies{"name|one", "name|two"});
}

TEST_CASE("ends with a reason for bad files") {
    CHECK(read_as(DocumentType::text, std::string(5000, '\x02')).end.outcome == ExtractOutcome::not_text);
    CHECK(read_as(DocumentType::html, "").end.outcome == ExtractOutcome::empty);
    CHECK(read_as(DocumentType::pdf, "garbage").end.reason != "");
    CHECK(read_as(DocumentType::pdf, volt::testing::pdf_of(std::vector<std::string>(11, "page"))).end.reason ==
          "more than 10 pages");
    CHECK(read_as(DocumentType::text, "x", "/nowhere").end.reason == "the reader cannot be started");
    CHECK(read_as(DocumentType::text, "x", "/bin/true").end.reason == "the reader crashed");
    CHECK(read_as(DocumentType::text, "x", "/bin/echo").end.outcome == ExtractOutcome::failed);
}

TEST_CASE("stops the reader when the sink wants no more") {
    std::string long_text;
    for (int i = 0; i < 5000; ++i) long_text += "# H" + std::to_string(i) + "\n\ntext\n\n";
    CHECK(read_as(DocumentType::markdown, long_text, VOLT_AGENT, 3).bodies.size() == 3);
    CHECK(read_as(DocumentType::markdown, long_text).bodies.size() == 5000);
}

}  // namespace extraction_test
