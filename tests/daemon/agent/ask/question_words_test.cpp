#include "daemon/agent/ask/question_words.hpp"

#include <doctest/doctest.h>

using namespace volt::agent;

namespace question_words_test {

namespace {

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("converts to lower case and expands apostrophes") {
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

TEST_CASE("maps forms of one word to one stem") {
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
}

TEST_CASE("expands contractions without an apostrophe") {
    CHECK(plain_words("whats up") == Texts{"what", "is", "up"});
    CHECK(plain_words("isnt it on") == Texts{"is", "not", "it", "on"});
    CHECK(plain_words("who's there, why'd it stop") == Texts{"who", "is", "there", "why", "did", "it", "stop"});
    CHECK(plain_words("50% in my time zone") == Texts{"50", "percent", "in", "my", "timezone"});
}

TEST_CASE("drops fillers and unifies idioms and synonyms") {
    using Compared = std::set<std::string>;
    CHECK(compared_words(plain_words("how much do the panels make?")) == Compared{"solar", "produc"});
    CHECK(compared_words(plain_words("who fiddled with the thresholds")) == Compared{"someon", "chang", "threshold"});
    CHECK(compared_words(plain_words("why did it cut out?")) == compared_words(plain_words("why did it stop?")));
    CHECK(compared_words(plain_words("when does it kick in?")) == compared_words(plain_words("when does it start?")));
    CHECK(compared_words(plain_words("what's the state of charge")) == Compared{"level"});
    CHECK(compared_words(plain_words("is it switched on?")) == Compared{"on"});
    CHECK(compared_words(plain_words("what was switched on?")) == Compared{"start"});
    CHECK(compared_words(plain_words("is it mining?")) == Compared{"run"});
    CHECK(compared_words(plain_words("the of to")).empty());
}

TEST_CASE("recognizes the kind of a question") {
    const auto kind = [](const char* text) { return kind_of_question(plain_words(text)); };
    CHECK(kind("Why is it off?") == "why");
    CHECK(kind("how come it is off?") == "why");
    CHECK(kind("what time did it stop?") == "when");
    CHECK(kind("Who changed it?") == "who");
    CHECK(kind("How many times did it start?") == "how often");
    CHECK(kind("how many are on?") == "what");
    CHECK(kind("what's up with the miner") == "why");
    CHECK(kind("is there a reason it is off") == "why");
    CHECK(kind("since when is it off") == "how long");
    CHECK(kind("is it on?") == "what");
    CHECK(asks_about_past(plain_words("did it run?")));
    CHECK(!asks_about_past(plain_words("does it run?")));
    for (const char* text : {"turn off the miner", "please switch it on", "can you stop the fan?", "I want to set the voltage",
                             "hey voltd, start it", "fire up the dump load", "i want the heater on", "get the miners going",
                             "don't start it today", "the heater needs to come on", "no heat tonight", "go live"})
        CHECK_MESSAGE(asks_to_act(plain_words(text)), text);
    for (const char* text :
         {"is it on?", "what would start it?", "did it stop?", "show the history", "", "power draw now", "charge level",
          "what needs to be done?", "will we run out?", "i want to see the battery", "no sun, why?"})
        CHECK_MESSAGE(!asks_to_act(plain_words(text)), text);
    for (const char* text : {"what's a lease?", "What does blind mean?", "how do I add a miner?", "how to calibrate",
                             "what is shadow mode", "should i buy panels", "is it normal that it is loud", "can i turn it off",
                             "what is the difference between low and critical"})
        CHECK_MESSAGE(asks_the_manual(plain_words(text)), text);
    for (const char* text : {"what is the mode?", "what would shadow mode have done?", "what can I plot?"})
        CHECK_MESSAGE(!asks_the_manual(plain_words(text)), text);
    CHECK(asks_about_future(plain_words("when will it start?")));
    CHECK(!asks_about_future(plain_words("when does it start?")));
    CHECK(asks_what_has_been(plain_words("what have you been doing?")));
    CHECK(!asks_what_has_been(plain_words("what do we have?")));
}

}  // namespace question_words_test
