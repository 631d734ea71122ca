#include "daemon/agent/documents/extract.hpp"

#include <doctest/doctest.h>

using namespace volt;
using namespace volt::agent;

namespace extract_test {

namespace {

ExtractEnd extracted(DocumentType type, std::string_view bytes, std::vector<std::string>& bodies) {
    return extract_text(type, bytes, "name", [&](const Passage& it) {
        bodies.push_back(it.heading + "|" + it.body);
        return true;
    });
}

using Bodies = std::vector<std::string>;

}  // namespace

TEST_CASE("determines the type by the extension") {
    CHECK(type_of_file("a/B.MD") == DocumentType::markdown);
    CHECK(type_of_file("README") == DocumentType::text);
    CHECK(type_of_file("a.b/notes") == DocumentType::text);
    CHECK(type_of_file("x.htm") == DocumentType::html);
    CHECK(type_of_file("x.pdf") == DocumentType::pdf);
    CHECK_FALSE(type_of_file("x.docx"));
    CHECK(document_type(name_of(DocumentType::html)) == DocumentType::html);
    CHECK_FALSE(document_type("exe"));
}

TEST_CASE("extracts passages of each type and rejects other content") {
    Bodies bodies;
    CHECK(extracted(DocumentType::markdown, "# A\nb", bodies).title == "A");
    CHECK(extracted(DocumentType::text, "plain", bodies).outcome == ExtractOutcome::read);
    CHECK(extracted(DocumentType::html, "<p>p", bodies).title == "name");
    CHECK(bodies == Bodies{"A|b", "|plain", "name|p"});
    CHECK(extracted(DocumentType::text, std::string(50, '\x01'), bodies).outcome == ExtractOutcome::not_text);
    CHECK(extracted(DocumentType::markdown, " \n", bodies).outcome == ExtractOutcome::empty);
    CHECK(extracted(DocumentType::text, "a\xff", bodies).replaced == 1);
}

TEST_CASE("writes readable records for titles of any length") {
    const std::string heading(140'000, 'h'), line(5'000'000, 'l');
    for (const std::string& text :
         {"# " + heading + "\ntext\n", line + "\n---\ntext\n", "---\ntitle: " + heading + "\n---\ntext\n",
          "a\n" + std::string(200'000, '\n') + "b\n", "<title>" + heading + "</title><p id=" + heading + ">text",
          "<h1 id=" + heading + ">" + heading + "</h1><p>text"}) {
        std::string records;
        const ExtractEnd end =
            extract_text(text[0] == '<' ? DocumentType::html : DocumentType::markdown, text, "name", [&](const Passage& it) {
                records += record_of(it);
                CHECK(record_of(it).size() < 10'000);
                return true;
            });
        CHECK(end.title.size() <= 200);
        RecordReader reader([](const Passage&) { return true; });
        CHECK(reader.take(records + record_of(end)));
        CHECK(reader.end());
    }
}

TEST_CASE("rejects a page that is not text") {
    Bodies bodies;
    std::string binary = "<p>";
    for (int i = 0; i < 5000; ++i) binary += static_cast<char>(i * 7);
    CHECK(extracted(DocumentType::html, binary, bodies).outcome == ExtractOutcome::not_text);
    CHECK(extracted(DocumentType::html, std::string(5000, '\0'), bodies).outcome == ExtractOutcome::not_text);
    CHECK(extracted(DocumentType::html, "<meta charset=iso-8859-1>" + binary, bodies).outcome == ExtractOutcome::not_text);
    CHECK(bodies.empty());
}

TEST_CASE("fails with a reason on too many blocks") {
    std::string many;
    for (int i = 0; i < 200'001; ++i) many += "<p>x";
    Bodies bodies;
    const ExtractEnd end = extracted(DocumentType::html, many, bodies);
    CHECK(end.outcome == ExtractOutcome::failed);
    CHECK(end.reason == "more than 200000 blocks of text");
    CHECK(bodies.empty());
}

TEST_CASE("reads records back in pieces of any size") {
    const Passage passage{"h > i", "one\ntwo", 3, 4, 5, "f"};
    const std::string text = record_of(passage) + record_of(ExtractEnd{ExtractOutcome::failed, "t", 6, 7, "why"});
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, text.size()}) {
        std::vector<Passage> found;
        RecordReader reader([&](const Passage& it) {
            found.push_back(it);
            return true;
        });
        for (std::size_t at = 0; at < text.size(); at += step) CHECK(reader.take(std::string_view(text).substr(at, step)));
        REQUIRE(found.size() == 1);
        CHECK(found[0].heading == "h > i");
        CHECK(found[0].body == "one\ntwo");
        CHECK(found[0].line_to == 4);
        CHECK(found[0].page == 5);
        CHECK(found[0].fragment == "f");
        REQUIRE(reader.end());
        CHECK(reader.end()->outcome == ExtractOutcome::failed);
        CHECK(reader.end()->title == "t");
        CHECK(reader.end()->pages == 6);
        CHECK(reader.end()->reason == "why");
    }
}

TEST_CASE("rejects or cleans a compromised reader's output") {
    const auto takes = [](const std::string& text) {
        RecordReader reader([](const Passage&) { return true; });
        return reader.take(text);
    };
    CHECK(
        takes("P\x1fh\x1f"
              "b\x1f"
              "1\x1f"
              "2\x1f"
              "0\x1f\x1e"));
    CHECK_FALSE(
        takes("P\x1fh\x1f"
              "b\x1f-1\x1f"
              "2\x1f"
              "0\x1f\x1e"));
    CHECK_FALSE(takes("P\x1fh\x1e"));
    CHECK_FALSE(takes("X\x1e"));
    CHECK_FALSE(
        takes("E\x1fnonsense\x1f\x1f"
              "0\x1f"
              "0\x1f\x1e"));
    CHECK_FALSE(takes(std::string(100'000, 'x')));
    const std::string end = record_of(ExtractEnd{ExtractOutcome::read, "", 0, 0, ""});
    CHECK_FALSE(takes(end + end));
    std::string body;
    RecordReader cleaned([&](const Passage& it) {
        body = it.body;
        return true;
    });
    CHECK(
        cleaned.take("P\x1fh\x1f"
                     "a\x1b[2J\xff\x1f"
                     "1\x1f"
                     "2\x1f"
                     "0\x1f\x1e"));
    CHECK(body == "a [2J\xef\xbf\xbd");
    RecordReader stopped([](const Passage&) { return false; });
    CHECK_FALSE(stopped.take(record_of(Passage{})));
    CHECK(stopped.stopped());
}

}  // namespace extract_test
