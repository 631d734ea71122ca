#include "drivers/store/agent/conversations.hpp"

#include "drivers/crypto.hpp"
#include "tests/drivers/store/agent/agent_files.hpp"

using namespace volt;

namespace conversations_test {

namespace {

constexpr std::int64_t day = 86'400'000, now = 20'000 * day + 5000;

std::string begun(AgentStore& store, const std::string& title, std::int64_t at = now) {
    const auto made = begin_conversation(store, {.agent_role = "ask", .client = "pi", .title = title, .created_ms = at});
    REQUIRE_MESSAGE(made.ok(), (made ? "" : made.failure().text));
    return made.value();
}

AgentMessage said(const std::string& role, const std::string& content, std::int64_t at = now) {
    return {.created_ms = at, .role = role, .content = content};
}

std::vector<std::string> titles(AgentStore& store, const std::string& words = "") {
    const auto list = list_conversations(store, 10, words);
    REQUIRE(list);
    std::vector<std::string> found;
    for (const AgentConversation& it : list.value()) found.push_back(it.title);
    return found;
}

}  // namespace

TEST_CASE("reads a conversation with its messages as kept") {
    test::AgentFile at;
    CHECK(list_conversations(at.store, 10).value().empty());
    CHECK(!last_conversation(at.store, "ask").value());
    const std::string id = begun(at.store, "What is my current battery level? And a long rest that does not fit the title");
    AgentMessage answer = said("assistant", "54.5 V", now + 20);
    answer.tool_calls = R"([{"name":"get_status"}])";
    answer.tool_results = R"([{"battery":{}}])";
    answer.duration_ms = 1234;
    answer.tokens_in = 9;
    answer.tokens_out = 3;
    REQUIRE(add_message(at.store, id, said("user", "What is my current battery level?")));
    REQUIRE(add_message(at.store, id, answer));
    const auto found = find_conversation(at.store, id.substr(0, 8)).value();
    REQUIRE(found);
    CHECK(found->id == id);
    CHECK(found->message_count == 2);
    CHECK(found->updated_ms == now + 20);
    CHECK(found->title == "What is my current battery level? And a long rest that does ");
    CHECK(last_conversation(at.store, "ask").value()->id == id);
    CHECK(!last_conversation(at.store, "mcp").value());
    const auto messages = messages_of(at.store, id, 0, 10).value();
    REQUIRE(messages.size() == 2);
    CHECK(messages[1].tool_calls == answer.tool_calls);
    CHECK(messages[1].tool_results == answer.tool_results);
    CHECK(messages[1].duration_ms == 1234);
    CHECK(messages[1].tokens_in == 9);
    CHECK(messages[1].tokens_out == 3);
    CHECK(messages_of(at.store, id, messages[0].id, 10).value().size() == 1);
    CHECK(set_summary(at.store, id, "battery was full", messages[0].id) == "");
    CHECK(find_conversation(at.store, id).value()->summary == "battery was full");
    CHECK(find_conversation(at.store, id).value()->summarized_to == messages[0].id);
}

TEST_CASE("reports missing conversations and failures to keep") {
    test::AgentFile at;
    begun(at.store, "x");
    CHECK(!find_conversation(at.store, "").value());
    CHECK(!find_conversation(at.store, "%").value());
    CHECK(!find_conversation(at.store, "00000000").value());
    CHECK(!add_message(at.store, "00000000-0000-4000-8000-000000000000", said("user", "x")));
    CHECK(!begin_conversation(at.store, {.agent_role = "root", .client = "x", .title = "x"}));
    AgentMessage broken = said("user", "x");
    broken.tool_results = "{not json";
    CHECK(!add_message(at.store, begun(at.store, "y"), broken));
}

TEST_CASE("cuts long results at a character, with size and hash") {
    test::AgentFile at;
    const std::string id = begun(at.store, "x");
    AgentMessage long_one = said("tool", std::string(most_kept_content_bytes - 1, 'x') + "ö");
    const std::string result = "\"" + std::string(most_kept_result_bytes - 2, 'x') + "ööö\"";
    long_one.tool_results = result;
    REQUIRE(add_message(at.store, id, long_one));
    const AgentMessage kept = messages_of(at.store, id, 0, 1).value().front();
    CHECK(kept.content == std::string(most_kept_content_bytes - 1, 'x'));
    REQUIRE(kept.tool_results);
    CHECK(kept.tool_results->find("\"sha256\":\"" + sha256_hex(result) + "\"") != std::string::npos);
    CHECK(kept.tool_results->find("\"bytes\":" + std::to_string(result.size())) != std::string::npos);
    CHECK(kept.tool_results->size() < most_kept_result_bytes + 200);
    CHECK(kept.tool_results->starts_with("{\"cut\":true"));
}

TEST_CASE("a search finds titles and messages with all words") {
    test::AgentFile at;
    const std::string first = begun(at.store, "Why is the dump load off?", now);
    REQUIRE(add_message(at.store, first, said("assistant", "the bank has 100% charge, and start_voltage is 54")));
    begun(at.store, "Battery level", now + 1);
    CHECK(titles(at.store) == std::vector<std::string>{"Battery level", "Why is the dump load off?"});
    CHECK(titles(at.store, "dump OFF") == std::vector<std::string>{"Why is the dump load off?"});
    CHECK(titles(at.store, "charge bank") == std::vector<std::string>{"Why is the dump load off?"});
    CHECK(titles(at.store, "dump bank").empty());
    CHECK(titles(at.store, "100%") == std::vector<std::string>{"Why is the dump load off?"});
    CHECK(titles(at.store, "start_voltage") == std::vector<std::string>{"Why is the dump load off?"});
    CHECK(titles(at.store, "1%c").empty());
    CHECK(titles(at.store, "'; DROP TABLE messages; --").empty());
}

TEST_CASE("calls share one conversation per client and day") {
    test::AgentFile at;
    AgentStore other(at.path);
    const auto keep = [&](AgentStore& store, const std::string& client, std::int64_t when) {
        AgentMessage call = said("tool", "get_status", when);
        call.duration_ms = 12;
        return keep_call(store, client, call,
                         {.created_ms = when, .event_type = "tool_call", .message = "get_status", .agent_role = "mcp"});
    };
    CHECK(keep(at.store, "claude", now) == "");
    CHECK(keep(other, "claude", now + 10) == "");
    CHECK(keep(at.store, "codex", now) == "");
    CHECK(keep(at.store, "claude", now + day) == "");
    CHECK(keep(at.store, std::string(200, 'x'), now) == "");
    CHECK(at.number("SELECT count(*) FROM conversations") == 4);
    CHECK(at.number("SELECT max(message_count) FROM conversations") == 2);
    const std::string id = conversation_of_day(at.store, "claude", now).value();
    CHECK(find_conversation(at.store, id).value()->message_count == 2);
    CHECK(list_agent_log(at.store, 10, id).value().size() == 2);
    CHECK(list_agent_log(at.store, 10, id).value().front().client == "claude");
    CHECK(list_agent_log(at.store, 10).value().size() == 5);
    CHECK(remove_conversations(at.store, id).value() == 1);
    CHECK(remove_conversations(at.store, id).value() == 0);
    CHECK(messages_of(at.store, id, 0, 10).value().empty());
    CHECK(list_agent_log(at.store, 10).value().size() == 5);
    CHECK(remove_conversations(at.store, "").value() == 3);
}

TEST_CASE("cuts text by characters") {
    CHECK(first_characters("äöü", 2) == "äö");
    CHECK(first_characters("abc", 60) == "abc");
    CHECK(first_characters("", 3).empty());
}

}  // namespace conversations_test
