#include "daemon/agent/ask/asked_span.hpp"

#include <doctest/doctest.h>

#include "daemon/agent/ask/question_words.hpp"

using namespace volt::agent;

namespace asked_span_test {

namespace {

/// Returns the time span of a question, as `from to last`, and the remaining words.
std::string span_of(const std::string& text, std::string& left) {
    std::vector<std::string> words = plain_words(text);
    const AskedSpan span = take_span(words, "2025-03-01");
    left.clear();
    for (const std::string& word : words) left += (left.empty() ? "" : " ") + word;
    return span.named ? span.from + " " + span.to + " " + span.last : "";
}

}  // namespace

TEST_CASE("reads named time spans across the end of a month") {
    std::string left;
    CHECK(span_of("what happened today?", left) == "2025-03-01T00:00  ");
    CHECK(left == "what happened {span}");
    CHECK(span_of("yesterday", left) == "2025-02-28T00:00 2025-03-01T00:00 ");
    CHECK(span_of("how was last night", left) == "2025-02-28T18:00 2025-03-01T08:00 ");
    CHECK(span_of("overnight", left) == "2025-02-28T18:00 2025-03-01T08:00 ");
    CHECK(span_of("this morning", left) == "2025-03-01T05:00 2025-03-01T12:00 ");
    CHECK(span_of("in the last 3 days", left) == "  3d");
    CHECK(left == "in the {span}");
    CHECK(span_of("past week", left) == "  1w");
    CHECK(span_of("last hour", left) == "  1h");
    CHECK(span_of("over the weekend", left) == "2025-03-01T00:00  ");  // Saturday
    CHECK(span_of("all afternoon", left) == "2025-03-01T12:00 2025-03-01T18:00 ");
    CHECK(span_of("since 6", left) == "2025-03-01T06:00  ");
    CHECK(span_of("since 6:30 pm please", left) == "2025-03-01T18:30  ");
    CHECK(left == "{span} please");
    for (const char* text : {"the last change", "since when", "since 31", "last", "this", "since", "on monday", "2 hours ago",
                             "past 99999 days", "past zero days", "in 2 hours", "all miners", "while it was on", "for the miner"})
        CHECK_MESSAGE(span_of(text, left) == "", text);
}

TEST_CASE("reads time spans in number words, units and vague words") {
    std::string left;
    CHECK(span_of("over the past two days", left) == "  2d");
    CHECK(left == "over the {span}");
    CHECK(span_of("the last three hours", left) == "  3h");
    CHECK(span_of("previous twelve hours", left) == "  12h");
    CHECK(span_of("last two weeks", left) == "  2w");
    CHECK(span_of("past month", left) == "  30d");
    CHECK(span_of("last 48h", left) == "  48h");
    CHECK(span_of("last 30min", left) == "  30m");
    CHECK(span_of("last half hour", left) == "  30m");
    CHECK(span_of("the last couple of days", left) == "  2d");
    CHECK(span_of("past few hours", left) == "  3h");
    CHECK(span_of("for three days", left) == "  3d");
    CHECK(span_of("over 6 hours", left) == "  6h");
    CHECK(left == "{span}");
}

TEST_CASE("reads time spans since a time, and parts of days") {
    std::string left;  // 2025-03-01 is a Saturday
    CHECK(span_of("since six this morning", left) == "2025-03-01T06:00  ");
    CHECK(left == "{span}");
    CHECK(span_of("since six this evening", left) == "2025-03-01T18:00  ");
    CHECK(span_of("since 6am", left) == "2025-03-01T06:00  ");
    CHECK(span_of("since 7 o'clock", left) == "2025-03-01T07:00  ");
    CHECK(span_of("since 8 pm yesterday", left) == "2025-02-28T20:00  ");
    CHECK(span_of("since midnight", left) == "2025-03-01T00:00  ");
    CHECK(span_of("since noon", left) == "2025-03-01T12:00  ");
    CHECK(span_of("since yesterday", left) == "2025-02-28T00:00  ");
    CHECK(span_of("since yesterday at 8 pm", left) == "2025-02-28T20:00  ");
    CHECK(span_of("since yesterday evening", left) == "2025-02-28T17:00  ");
    CHECK(span_of("since this morning", left) == "2025-03-01T05:00  ");
    CHECK(span_of("since last night", left) == "2025-02-28T18:00  ");
    CHECK(span_of("since monday", left) == "2025-02-24T00:00  ");
    CHECK(span_of("since saturday", left) == "2025-02-22T00:00  ");
    CHECK(span_of("since three hours", left) == "  3h");
    CHECK(span_of("yesterday evening", left) == "2025-02-28T17:00 2025-02-28T23:59 ");
    CHECK(span_of("last evening", left) == "2025-02-28T17:00 2025-02-28T23:59 ");
    CHECK(span_of("while i was asleep", left) == "2025-02-28T18:00 2025-03-01T08:00 ");
    CHECK(span_of("all day", left) == "2025-03-01T00:00  ");
    // The night is the last one only if the question is about the past.
    CHECK(span_of("did it run during the night", left) == "2025-02-28T18:00 2025-03-01T08:00 ");
    CHECK(span_of("is there enough for the night", left) == "");
}

TEST_CASE("reads the weekend as the last one that began") {
    for (const auto& [today, span] : {std::pair{"2025-03-02", "2025-03-01T00:00  "},
                                      {"2025-03-03", "2025-03-01T00:00 2025-03-03T00:00 "},
                                      {"2025-03-07", "2025-03-01T00:00 2025-03-03T00:00 "}}) {
        std::vector<std::string> words{"last", "weekend"};
        const AskedSpan found = take_span(words, today);
        CHECK(found.from + " " + found.to + " " + found.last == span);
    }
}

}  // namespace asked_span_test
