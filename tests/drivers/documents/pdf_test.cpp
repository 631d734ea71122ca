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

TEST_CASE("splits pages, drops headers and footers, and joins broken words") {
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

TEST_CASE("compares only page numbers without digits, and empties no page") {
    using Pages = std::vector<std::string>;
    CHECK(pages_of_pdf_text("Fault code 1\na\n\fFault code 2\nb\n\fFault code 3\nc\n\f") ==
          Pages{"Fault code 1\na", "Fault code 2\nb", "Fault code 3\nc"});
    CHECK(pages_of_pdf_text("line 1\n\fline 2\n\fline 3\n\f") == Pages{"line 1", "line 2", "line 3"});
    CHECK(pages_of_pdf_text("Page 1\n\fPage 2\n\fPage 3\n\f") == Pages{"Page 1", "Page 2", "Page 3"});
    CHECK(pages_of_pdf_text("same\n\fsame\n\fsame\n\f") == Pages{"same", "same", "same"});
    CHECK(pages_of_pdf_text("a\n- 9 -\n\fb\n- 10 -\n\fc\n- 11 -\n\f") == Pages{"a", "b", "c"});
    CHECK(pages_of_pdf_text("a\nPage 9 of 11\n\fb\nPage 10 of 11\n\fc\nPage 11 of 11\n\f") == Pages{"a", "b", "c"});
    CHECK(pages_of_pdf_text("a\n9/11\n\fb\n10/11\n\fc\n11/11\n\f") == Pages{"a", "b", "c"});
    CHECK(pages_of_pdf_text("Page\na\n\fof\nb\n\fPage\nc\n\fof\nd\n\f").at(0) == "Page\na");
}

TEST_CASE("pdftotext: handles pages, a page limit, no text and no PDF") {
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

TEST_CASE("reports a missing program") {
    const std::string path = ::getenv("PATH");
    ::setenv("PATH", "/nowhere", 1);
    CHECK(read_pdf("x").outcome == PdfOutcome::no_program);
    ::setenv("PATH", path.c_str(), 1);
}

}  // namespace pdf_test
