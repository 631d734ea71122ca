#include "daemon/agent/ask/asked_reason.hpp"

#include <doctest/doctest.h>

#include "daemon/agent/ask/question_words.hpp"

using namespace volt::agent;

namespace asked_reason_test {

TEST_CASE("extracts a reason under voltd's name") {
    const auto taken = [](const char* text, const char* left) {
        std::vector<std::string> words = plain_words(text);
        const std::string reason = take_reason(words);
        CHECK_MESSAGE(words == plain_words(left), text);
        return reason;
    };
    CHECK(taken("what was stopped because of low voltage", "what was stopped") == "voltage");
    CHECK(taken("which loads went off because the battery was low today", "which loads went off today") == "voltage");
    CHECK(taken("what stopped due to the night budget?", "what stopped") == "budget");
    CHECK(taken("what was switched off by the schedule", "what was switched off") == "schedule");
    CHECK(taken("decisions with reason weather", "decisions with") == "weather");
    CHECK(taken("stopped because of a lack of sun", "stopped") == "sun");
}

TEST_CASE("leaves words that name no reason") {
    for (const char* text : {"stopped because the battery was cold", "miners by priority", "when does it start by voltage",
                             "because of the cat", "what was switched off because", "by", "the voltage was low", ""}) {
        std::vector<std::string> words = plain_words(text);
        CHECK_MESSAGE(take_reason(words) == "", text);
        CHECK_MESSAGE(words == plain_words(text), text);
    }
}

}  // namespace asked_reason_test
