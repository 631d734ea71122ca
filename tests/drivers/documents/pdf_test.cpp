#include "drivers/documents/pdf.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

#include "tests/fakes/pdf.hpp"
#include "tests/fakes/process.hpp"

using namespace volt::documents;

namespace pdf_test {

namespace {

PdfText read_pdf(const std::string& bytes, int most_pages = 100) {
    const volt::testing::TempDir directory;
    volt::testing::write_file(directory / "a.pdf", bytes);
    const int file = ::open((directory / "a.pdf").c_str(), O_RDONLY | O_CLOEXEC);
    PdfText text = run_pdftotext(file, most_pages);
    ::close(file);
    return text;
}

}  // namespace

TEST_CASE("a form feed ends a page; what stands on most pages at the edge is dropped; broken words are joined") {
    using Pages = std::vector<std::string>;
    CHECK(pages_of_pdf_text("one\n\ftwo\n\f") == Pages{"one", "two"});
    CHECK(pages_of_pdf_text("one\n\f\fthree") == Pages{"one", "", "three"});
    CHECK(pages_of_pdf_text("").empty());
    CHECK(pages_of_pdf_text("Manual\na\nPage 1\n\fManual\nb\nPage 2\n\fManual\nc\nPage 10\n\fother\nd\n\n\f") ==
          Pages{"a", "b", "c", "other\nd"});
    CHECK(pages_of_pdf_text("Manual\na\n\fManual\nb\n\f") == Pages{"Manual\na", "Manual\nb"});
    CHECK(pages_of_pdf_text("the low-\nvoltage cut\nSol-\nArk 5-\n6\n\n\n\nnext   one\n\f") ==
          Pages{"the lowvoltage cut\nSol-\nArk 5-\n6\n\nnext one"});
}

TEST_CASE("pdftotext: pages, a limit on them, no text, no PDF") {
    const PdfText read = read_pdf(volt::testing::pdf_of({"first page", "second page"}));
    REQUIRE(read.outcome == PdfOutcome::read);
    CHECK(pages_of_pdf_text(read.text) == std::vector<std::string>{"first page", "second page"});
    CHECK(read_pdf(volt::testing::pdf_of({"a", "b", "c"}), 3).outcome == PdfOutcome::read);
    CHECK(read_pdf(volt::testing::pdf_of({"a", "b", "c", "d"}), 3).outcome == PdfOutcome::too_many_pages);
    const PdfText none = read_pdf(volt::testing::pdf_of({"", ""}));
    CHECK(none.outcome == PdfOutcome::read);
    CHECK(pages_of_pdf_text(none.text) == std::vector<std::string>{"", ""});
    for (const std::string& bad : {std::string("no PDF"), std::string(), volt::testing::pdf_of({"x"}).substr(0, 60)}) {
        const PdfText failed = read_pdf(bad);
        CHECK(failed.outcome == PdfOutcome::failed);
        CHECK(failed.reason != "");
    }
}

TEST_CASE("without the program that is said") {
    const std::string path = ::getenv("PATH");
    ::setenv("PATH", "/nowhere", 1);
    CHECK(read_pdf("x").outcome == PdfOutcome::no_program);
    ::setenv("PATH", path.c_str(), 1);
}

}  // namespace pdf_test
