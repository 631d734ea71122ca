#include "daemon/agent/ask/history_window.hpp"

#include <doctest/doctest.h>

using namespace volt::agent;

namespace history_window_test {

namespace {

std::vector<PastMessage> talk(std::size_t count, std::size_t bytes = 10) {
    std::vector<PastMessage> messages;
    for (std::size_t i = 0; i < count; ++i)
        messages.push_back(
            {static_cast<std::int64_t>(i + 1), i % 2 == 0 ? "user" : "assistant", std::to_string(i) + std::string(bytes, 'x')});
    return messages;
}

}  // namespace

TEST_CASE("includes twelve messages, or six and a summary") {
    CHECK(older_messages({}) == 0);
    CHECK(older_messages(talk(most_window_messages)) == 0);
    CHECK(older_messages(talk(most_window_messages + 1)) == most_window_messages + 1 - window_after_summary);
    CHECK(older_messages(talk(100)) == 94);
}

TEST_CASE("counts long messages with their included part") {
    CHECK(older_messages(talk(2, 1'000'000)) == 0);
    CHECK(older_messages(talk(4, 1'000'000)) == 1);
    CHECK(older_messages(talk(6, 5000)) == 2);
}

TEST_CASE("summarizes first questions and last answers without a model") {
    const auto older = talk(4, 3);
    CHECK(plain_summary("", older) == "Asked first: 0xxx\nAnswered last: 3xxx");
    CHECK(plain_summary("Asked first: why\nAnswered last: so", older) == "Asked first: why\nAnswered last: 3xxx");
    CHECK(plain_summary("The owner asked about the miner.", older) == "The owner asked about the miner.\nAnswered last: 3xxx");
    CHECK(plain_summary("", {}) == "");
    CHECK(plain_summary("", talk(4, 100'000)).size() <= most_summary_bytes);
}

}  // namespace history_window_test
