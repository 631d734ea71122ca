#include "drivers/store/agent/agent_memory.hpp"

#include <fstream>

#include "tests/drivers/store/agent/agent_files.hpp"

using namespace volt;

namespace agent_memory_test {

namespace {

MemoryEntry entry(const std::string& content, bool tainted = false, double importance = 0.5) {
    return {.agent_role = "mcp", .memory_type = "fact", .content = content, .importance = importance, .tainted = tainted};
}

std::vector<std::string> found(AgentStore& store, const std::string& query, bool clean_only = false,
                               const std::string& kind = "") {
    const auto entries = search_memory(store, query, kind, 10, clean_only, 99);
    REQUIRE_MESSAGE(entries.ok(), (entries ? "" : entries.failure().text));
    std::vector<std::string> texts;
    for (const MemoryEntry& it : entries.value()) texts.push_back(it.content);
    return texts;
}

}  // namespace

TEST_CASE("finds entries by words, counts and forgets them") {
    test::AgentFile at;
    CHECK(found(at.store, "heat").empty());
    const auto heat = remember(at.store, entry("The heat room stays above 30 degrees"), 1);
    REQUIRE(heat);
    MemoryEntry wish = entry("The owner prefers quiet nights");
    wish.memory_type = "preference";
    REQUIRE(remember(at.store, wish, 2));
    CHECK(found(at.store, "is the room heated?") == std::vector<std::string>{"The heat room stays above 30 degrees"});
    CHECK(found(at.store, "owner room").size() == 2);
    CHECK(found(at.store, "owner room", false, "preference") == std::vector<std::string>{wish.content});
    CHECK(found(at.store, "\" OR 1 NEAR(").empty());
    CHECK(found(at.store, "").empty());
    const auto listed = list_memory(at.store, "fact", 10).value();
    REQUIRE(listed.size() == 1);
    CHECK(listed.front().access_count == 2);
    CHECK(forget(at.store, heat.value()).value());
    CHECK(!forget(at.store, heat.value()).value());
    CHECK(found(at.store, "room").empty());
    const auto again = remember(at.store, entry("another"), 3);
    CHECK(again.value() > heat.value() + 1);
    std::ifstream in(at.path, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    CHECK(bytes.find("degre") == std::string::npos);
}

TEST_CASE("tainted text neither changes nor removes a clean entry") {
    test::AgentFile at;
    MemoryEntry wish = entry("Quiet nights", false, 1.0);
    wish.memory_type = "preference";
    const auto id = remember(at.store, wish, 1).value();
    CHECK(remember(at.store, entry("Quiet nights", true, 0.0), 2).value() == id);
    const auto kept = list_memory(at.store, "preference", 10).value();
    REQUIRE(kept.size() == 1);
    CHECK(kept.front().importance == 1.0);
    CHECK_FALSE(kept.front().tainted);
    CHECK_FALSE(forget(at.store, id, true).value());
    const auto doubtful = remember(at.store, entry("from a document", true), 3).value();
    CHECK(forget(at.store, doubtful, true).value());
    CHECK(forget(at.store, id).value());
}

TEST_CASE("an equal text updates its entry and keeps it clean") {
    test::AgentFile at;
    const auto first = remember(at.store, entry("the S19 trips", true, 0.2), 1).value();
    CHECK(found(at.store, "S19", true).empty());
    CHECK(found(at.store, "S19").size() == 1);
    CHECK(remember(at.store, entry("the S19 trips", false, 0.9), 2).value() == first);
    CHECK(found(at.store, "S19", true).size() == 1);
    CHECK(remember(at.store, entry("the S19 trips", true, 0.9), 3).value() == first);
    const auto all = list_memory(at.store, "", 10).value();
    REQUIRE(all.size() == 1);
    CHECK(!all.front().tainted);
    CHECK(all.front().importance == 0.9);
    CHECK(all.front().created_ms == 1);
    CHECK(all.front().updated_ms == 3);
}

TEST_CASE("a prompt's list is full of clean entries despite tainted ones") {
    test::AgentFile at;
    for (int i = 0; i < 20; ++i) REQUIRE(remember(at.store, entry("document " + std::to_string(i), true, 1), 2));
    REQUIRE(remember(at.store, entry("quiet nights", false, 0.1), 1));
    const auto clean = list_memory(at.store, "fact", 20, true).value();
    REQUIRE(clean.size() == 1);
    CHECK(clean.front().content == "quiet nights");
    CHECK(list_memory(at.store, "", 30, true).value().size() == 1);
    CHECK(list_memory(at.store, "preference", 30, true).value().empty());
    CHECK(list_memory(at.store, "fact", 30).value().size() == 21);
}

TEST_CASE("removes tainted and unimportant entries beyond 500") {
    test::AgentFile at;
    REQUIRE(remember(at.store, entry("important", false, 1), 1));
    REQUIRE(remember(at.store, entry("from a document", true, 1), 1));
    REQUIRE(remember(at.store, entry("needed"), 1));
    for (int i = 3; i < most_memories; ++i) REQUIRE(remember(at.store, entry("entry number " + std::to_string(i)), 2 + i));
    CHECK(found(at.store, "needed").size() == 1);
    CHECK(at.number("SELECT count(*) FROM memory") == most_memories);
    REQUIRE(remember(at.store, entry("needed"), 1000));
    CHECK(at.number("SELECT count(*) FROM memory") == most_memories);
    CHECK(found(at.store, "document").size() == 1);
    REQUIRE(remember(at.store, entry("one more"), 1001));
    CHECK(at.number("SELECT count(*) FROM memory") == most_memories);
    CHECK(found(at.store, "document").empty());
    REQUIRE(remember(at.store, entry("and one more"), 1002));
    CHECK(at.number("SELECT count(*) FROM memory WHERE content = 'entry number 3'") == 0);
    CHECK(at.number("SELECT count(*) FROM memory WHERE content IN ('needed', 'important')") == 2);
}

TEST_CASE("the table refuses invalid memories") {
    test::AgentFile at;
    for (MemoryEntry bad : {entry(""), entry(std::string(501, 'x')), entry("x", false, 1.5)}) CHECK(!remember(at.store, bad, 1));
    MemoryEntry kind = entry("x");
    kind.memory_type = "order";
    CHECK(!remember(at.store, kind, 1));
    CHECK(remember(at.store, entry([] {
                       std::string text;
                       for (int i = 0; i < 500; ++i) text += "ö";
                       return text;
                   }()),
                   1));
}

}  // namespace agent_memory_test
