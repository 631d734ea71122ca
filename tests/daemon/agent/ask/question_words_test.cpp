#include "daemon/agent/ask/question_words.hpp"

#include <doctest/doctest.h>

using namespace volt::agent;

namespace question_words_test {

namespace {

using Texts = std::vector<std::string>;

/// The span of a question, as `from to last`, and the words that are left.
std::string span_of(const std::string& text, std::string& left) {
    Texts words = plain_words(text);
    const AskedSpan span = take_span(words, "2025-03-01");
    left.clear();
    for (const std::string& word : words) left += (left.empty() ? "" : " ") + word;
    return span.named ? span.from + " " + span.to + " " + span.last : "";
}

}  // namespace

TEST_CASE("words in lower case, apostrophes opened") {
    CHECK(plain_words("Why isn't the Dump-Load ON?") == Texts{"why", "is", "not", "the", "dump", "load", "on"});
    CHECK(plain_words("What\u2019s up, it won't; can't: we're") ==
          Texts{"what", "is", "up", "it", "will", "not", "can", "not", "we"});
    CHECK(plain_words("").empty());
    CHECK(plain_words(" ?!'s \n").empty());
    CHECK(plain_words(std::string(100'000, 'a')).size() == 1);
    std::string many;
    for (int i = 0; i < 1000; ++i) many += "a ";
    CHECK(plain_words(many).size() == 60);
}

TEST_CASE("stems: forms of one word are the same") {
    for (const auto& row : std::initializer_list<std::pair<const char*, const char*>>{{"miners", "miner"},
                                                                                      {"running", "run"},
                                                                                      {"stopped", "stop"},
                                                                                      {"batteries", "battery"},
                                                                                      {"changed", "chang"},
                                                                                      {"change", "chang"},
                                                                                      {"charging", "charg"},
                                                                                      {"status", "status"},
                                                                                      {"less", "less"},
                                                                                      {"bus", "bus"},
                                                                                      {"is", "is"},
                                                                                      {"", ""},
                                                                                      {"ing", "ing"},
                                                                                      {"string", "string"},
                                                                                      {"{load}", "{load}"}})
        CHECK_MESSAGE(stem_of(row.first) == row.second, row.first);
    const SameWords same{{"pv", "solar"}, {"panel", "solar"}};
    CHECK(compared_words(plain_words("how much PV do the panels make?"), same) ==
          std::set<std::string>{"how", "much", "solar", "mak"});
}

TEST_CASE("what kind of question it is") {
    const auto kind = [](const char* text) { return kind_of_question(plain_words(text)); };
    CHECK(kind("Why is it off?") == "why");
    CHECK(kind("how come it is off?") == "why");
    CHECK(kind("what time did it stop?") == "when");
    CHECK(kind("Who changed it?") == "who");
    CHECK(kind("How many times did it start?") == "how often");
    CHECK(kind("how many are on?") == "how many");
    CHECK(kind("is it on?") == "what");
    CHECK(asks_about_past(plain_words("did it run?")));
    CHECK(!asks_about_past(plain_words("does it run?")));
    for (const char* text : {"turn off the miner", "please switch it on", "can you stop the fan?", "I want to set the voltage",
                             "hey voltd, start it"})
        CHECK_MESSAGE(asks_to_act(plain_words(text)), text);
    for (const char* text : {"is it on?", "what would start it?", "did it stop?", "show the history", ""})
        CHECK_MESSAGE(!asks_to_act(plain_words(text)), text);
    for (const char* text : {"what's a lease?", "What does blind mean?", "how do I add a miner?", "how to calibrate"})
        CHECK_MESSAGE(asks_the_manual(plain_words(text)), text);
    CHECK(!asks_the_manual(plain_words("what is the mode?")));
}

TEST_CASE("spans of time by name, across the end of a month") {
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
    CHECK(span_of("since 6", left) == "2025-03-01T06:00  ");
    CHECK(span_of("since 6:30 pm please", left) == "2025-03-01T18:30  ");
    CHECK(left == "{span} please");
    for (const char* text :
         {"the last change", "since when", "since 31", "last", "this", "since", "on monday", "2 hours ago", "past 99999 days"})
        CHECK_MESSAGE(span_of(text, left) == "", text);
}

}  // namespace question_words_test
