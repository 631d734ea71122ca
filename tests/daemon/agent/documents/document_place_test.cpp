#include <doctest/doctest.h>

#include "daemon/agent/documents/documents.hpp"

using namespace volt;
using namespace volt::agent;

namespace document_place_test {

namespace {

std::string taken(const std::string& uri) {
    const DocumentPlace it = place_of(uri);
    return it.source + "|" + it.path + "|" + it.fragment + "|" + std::to_string(it.from) + "|" + std::to_string(it.lines);
}

}  // namespace

TEST_CASE("parses a URI and its place") {
    CHECK(document_uri("manual", "alarms.md") == "volt://manual/alarms.md");
    CHECK(document_uri("site", "a b/\xc3\xb6#1.pdf") == "volt://doc/site/a%20b/%C3%B6%231.pdf");
    CHECK(taken("volt://doc/site/a%20b/%C3%B6%231.pdf") == "site|a b/\xc3\xb6#1.pdf||0|0");
    CHECK(taken("volt://doc/site/x.pdf#page=42") == "site|x.pdf||42|0");
    CHECK(taken("volt://doc/site/x.html#a%20b") == "site|x.html|a b|0|0");
    CHECK(taken("volt://manual/alarms.md") == "manual|alarms.md||0|0");
    CHECK(taken("manual/outputs.md:57-63") == "manual|outputs.md||57|7");
    CHECK(taken("site/sub/x.md:5") == "site|sub/x.md||5|1");
    CHECK(taken("alarms.md") == "manual|alarms.md||0|0");
    CHECK(taken("site/x.pdf#page=3") == "site|x.pdf||3|0");
    CHECK(taken("site/a:b.md") == "site|a:b.md||0|0");
    CHECK(taken("site/a.md:9-3") == "site|a.md:9-3||0|0");
    for (const char* odd :
         {"", "/", "#", "volt://doc/", "volt://manual/", "volt://doc/%", "x#page=", "x#page=99999999999999999999", "..:/-1"})
        taken(odd);
}

TEST_CASE("formats a hit's URI and its readable place") {
    KnowledgeHit hit{.source = "site", .path = "x.pdf", .type = "pdf", .passage = {"h", "b", 1, 2, 42, ""}};
    CHECK(hit_uri(hit) == "volt://doc/site/x.pdf#page=42");
    CHECK(hit_place(hit) == "site/x.pdf#page=42");
    hit = {.source = "manual", .path = "o.md", .type = "markdown", .passage = {"h", "b", 57, 63}};
    CHECK(hit_uri(hit) == "volt://manual/o.md");
    CHECK(hit_place(hit) == "manual/o.md:57-63");
    hit = {.source = "site", .path = "x.html", .type = "html", .passage = {"h", "b", 5, 6, 0, "setup"}};
    CHECK(hit_uri(hit) == "volt://doc/site/x.html#setup");
    CHECK(hit_place(hit) == "site/x.html#setup");
}

}  // namespace document_place_test
