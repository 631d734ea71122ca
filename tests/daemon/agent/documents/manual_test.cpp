// The built-in manual: a page that is complete, and what is found in it.
#include "daemon/agent/documents/manual.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "rules/names.hpp"
#include "tests/daemon/api/api_fixture.hpp"

using namespace volt;
using namespace volt::agent;

namespace manual_test {

TEST_CASE("each alarm and each reason has its section") {
    const auto& pages = built_in_manual().pages();
    REQUIRE(pages.contains("alarms.md"));
    for (std::size_t i = 0; i <= static_cast<std::size_t>(AlarmCode::backup_failed); ++i) {
        const std::string name = name_of(static_cast<AlarmCode>(i));
        CHECK_MESSAGE(pages.at("alarms.md").find("\n## " + name + "\n\n") != std::string::npos, name);
    }
    for (const ReasonFacts& reason : reason_facts)
        CHECK_MESSAGE(pages.at("reasons.md").find(std::string("\n## ") + reason.name + "\n\n") != std::string::npos, reason.name);
}

TEST_CASE("the place of a hit is the place of its text") {
    Manual& manual = built_in_manual();
    for (const char* query :
         {"charge below freezing", "what is a lease?", "stop_voltage", "the broker access list", "voltctl override"}) {
        const auto found = manual.search(query, 5);
        REQUIRE(found);
        CHECK_MESSAGE(!found.value().empty(), query);
        for (const PassageHit& hit : found.value()) {
            const Passage& it = hit.passage;
            const auto lines = manual.lines_of(it.page, it.line_from, it.line_to - it.line_from + 1);
            REQUIRE(lines);
            CHECK(lines->starts_with(it.body));
        }
    }
}

TEST_CASE("a folder that is not there, pages beside other files, lines beyond the end") {
    CHECK(Manual("/nowhere").pages().empty());
    Manual none("/nowhere");
    CHECK(none.search("anything", 5).value().empty());
    const fixture::TempDir directory;
    std::ofstream(directory.path + "/a.md") << "# A\none\ntwo";
    std::ofstream(directory.path + "/b.txt") << "no page";
    const Manual manual(directory.path);
    CHECK(manual.pages().size() == 1);
    CHECK(manual.lines_of("a.md", 2, 1) == "one\n");
    CHECK(manual.lines_of("a.md", 3, 100) == "two");
    CHECK(manual.lines_of("a.md", 30, 1) == "");
    CHECK(manual.lines_of("b.txt", 1, 1) == std::nullopt);
}

}  // namespace manual_test
