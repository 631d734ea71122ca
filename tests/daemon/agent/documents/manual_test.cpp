// Tests of the built-in manual: completeness, and search results.
#include "daemon/agent/documents/manual.hpp"

#include <doctest/doctest.h>
#include <algorithm>

#include <fstream>
#include <sstream>

#include "daemon/agent/documents/documents.hpp"
#include "rules/names.hpp"
#include "tests/daemon/api/api_fixture.hpp"

using namespace volt;
using namespace volt::agent;

namespace manual_test {

namespace {

/// Returns lines `from` to `to` of a page, as sed prints them.
std::string lines_of_page(const std::string& page, std::int64_t from, std::int64_t to) {
    std::istringstream text(built_in_manual().at(page));
    std::string line, all;
    for (std::int64_t number = 1; std::getline(text, line); ++number)
        if (number >= from && number <= to) all += line + "\n";
    return all;
}

}  // namespace

TEST_CASE("has a section for each alarm and reason") {
    const auto& pages = built_in_manual();
    REQUIRE(pages.contains("alarms.md"));
    for (const AlarmFacts& alarm : alarm_facts)
        CHECK_MESSAGE(pages.at("alarms.md").find(std::string("\n## ") + alarm.name + "\n\n") != std::string::npos, alarm.name);
    for (const ReasonFacts& reason : reason_facts)
        CHECK_MESSAGE(pages.at("reasons.md").find(std::string("\n## ") + reason.name + "\n\n") != std::string::npos, reason.name);
}

TEST_CASE("finds each glossary term in its own section") {
    const auto& pages = built_in_manual();
    REQUIRE(pages.contains("glossary.md"));
    Documents manual({}, "/nowhere");
    for (const char* term : {"lease, lease timer", "night budget", "shadow mode"}) {
        CHECK_MESSAGE(pages.at("glossary.md").find(std::string("\n## ") + term + "\n\n") != std::string::npos, term);
        const auto found = manual.search(term, {}, 5);
        REQUIRE(found);
        const auto& hits = found.value().hits;
        CHECK_MESSAGE(std::any_of(hits.begin(), hits.end(), [](const auto& it) { return it.path == "glossary.md"; }), term);
    }
}

TEST_CASE("has questions for each limit") {
    const std::string page = built_in_manual().at("limits.md");
    int sections = 0;
    for (std::size_t at = page.find("\n## "), end = 0; at != std::string::npos; at = end, ++sections) {
        end = page.find("\n## ", at + 1);
        const std::string section = page.substr(at, end - at);
        CHECK_MESSAGE(section.find("\nAnswers: ") != std::string::npos, section.substr(0, section.find('\n', 1)));
    }
    CHECK(sections >= 18);
}

TEST_CASE("locates a hit at its text") {
    Documents manual({}, "/nowhere");
    for (const char* query :
         {"charge below freezing", "what is a lease?", "stop_voltage", "the broker access list", "voltctl override"}) {
        const auto found = manual.search(query, {}, 5);
        REQUIRE(found);
        CHECK_MESSAGE(!found.value().hits.empty(), query);
        for (const KnowledgeHit& hit : found.value().hits)
            CHECK_MESSAGE(without_questions(lines_of_page(hit.path, hit.passage.line_from, hit.passage.line_to))
                              .starts_with(hit.passage.body),
                          hit_place(hit));
    }
}

TEST_CASE("finds a command by its question") {
    Documents manual({}, "/nowhere");
    const auto found = manual.search("why is my miner off", {}, 3);
    REQUIRE(found);
    REQUIRE(!found.value().hits.empty());
    const auto& hits = found.value().hits;
    CHECK(std::any_of(hits.begin(), hits.end(),
                      [](const auto& it) { return it.passage.heading.find("voltctl explain") != std::string::npos; }));
}

TEST_CASE("handles a missing folder and other files beside pages") {
    CHECK(manual_pages_in("/nowhere").empty());
    CHECK(manual_pages_in("").empty());
    const fixture::TempDir directory;
    std::ofstream(directory.path + "/a.md") << "# A\none\ntwo";
    std::ofstream(directory.path + "/b.txt") << "no page";
    CHECK(manual_pages_in(directory.path) == std::map<std::string, std::string>{{"a.md", "# A\none\ntwo"}});
}

}  // namespace manual_test
