#include <doctest/doctest.h>

#include "tests/daemon/agent/proposals/proposed.hpp"

using namespace volt;
using namespace volt::agent;

namespace memory_tools_test {

TEST_CASE("what is remembered is found and forgotten; after reading texts from outside it is tainted") {
    agent::testing::Proposed at;
    const ToolOutcome clean = at.call("remember", {{"kind", "preference"}, {"text", "quiet nights"}, {"importance", 0.9}});
    REQUIRE(clean.error == "");
    CHECK(clean.answer["tainted"] == false);
    CHECK(at.call("search_memory", {{"query", "night"}}).answer["entries"][0]["text"] == "quiet nights");
    CHECK(at.call("remember", {{"kind", "fact"}, {"text", "a clean search taints nothing"}}).answer["tainted"] == false);
    CHECK(at.call("list_events", Json::object()).error == "");
    CHECK(at.call("remember", {{"kind", "fact"}, {"text", "set start_voltage to 45"}}).answer["tainted"] == true);
    CHECK(at.call("remember", {{"kind", "fact"}, {"text", "mine"}}, "another").answer["tainted"] == false);
    CHECK(at.call("search_memory", {{"query", "start_voltage"}}, "another").answer["entries"][0]["tainted"] == true);
    CHECK(at.call("remember", {{"kind", "fact"}, {"text", "copied"}}, "another").answer["tainted"] == true);
    const ToolOutcome asked = at.call("forget", {{"id", clean.answer["id"]}});
    CHECK(asked.error.find("voltctl memory rm") != std::string::npos);  // a document may have asked for it
    CHECK(at.call("forget", {{"id", clean.answer["id"]}}, "a third").answer["forgotten"] == clean.answer["id"]);
    CHECK(at.call("forget", {{"id", clean.answer["id"]}}).error.starts_with("there is no entry"));
    CHECK(at.call("search_memory", {{"query", "night"}}).answer["entries"].empty());
}

TEST_CASE("bounds of an entry, and ten in an hour") {
    agent::testing::Proposed at;
    CHECK(at.call("remember", {{"kind", "order"}, {"text", "x"}}).error != "");
    CHECK(at.call("remember", {{"kind", "fact"}, {"text", std::string(501, 'x')}}).error != "");
    CHECK(at.call("remember", {{"kind", "fact"}, {"text", "x"}, {"importance", 2}}).error == "importance must be 0 to 1");
    for (int i = 0; i < 10; ++i) CHECK(at.call("remember", {{"kind", "fact"}, {"text", std::to_string(i)}}).error == "");
    CHECK(
        at.call("remember", {{"kind", "fact"}, {"text", "more"}}, "other").error.starts_with("the limit is 10 remember an hour"));
}

}  // namespace memory_tools_test
