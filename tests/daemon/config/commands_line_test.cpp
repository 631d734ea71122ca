// Tests of the one word in voltd.yaml that go-live changes, from text to text.
#include "daemon/config/commands_line.hpp"

#include <doctest/doctest.h>

#include <random>

#include "daemon/config/config.hpp"
#include "daemon/config/config_changes.hpp"
#include "daemon/config/good_copy.hpp"

using namespace volt;

namespace commands_line_test {

namespace {

const std::string head = "site: shed\nmqtt: { url: \"mqtt://127.0.0.1:1883\" }\nsol_ark: { host: 127.0.0.1 }\n";

struct Case {
    const char* name;
    std::string before, after;
};

/// Checks that `before` becomes `after`, with the one change that a reload reports.
void goes_live(const Case& one) {
    CAPTURE(one.name);
    const CommandsEdit edit = to_live(head + one.before, "v.yaml");
    CHECK(!edit.problem);
    CHECK(edit.text == head + one.after);
    const std::vector<std::string> changes = changed_keys(head + one.before, edit.text);
    REQUIRE(changes.size() == 1);
    CHECK(changes.front().starts_with("control.commands: "));
    const CommandsEdit back = to_shadow(edit.text, "v.yaml");
    CHECK(!back.problem);
    CHECK(back.text == head + one.before);
}

void is_refused(const char* name, const std::string& text, int line, const std::string& words) {
    CAPTURE(name);
    const CommandsEdit edit = to_live(text, "v.yaml");
    REQUIRE(edit.problem);
    CHECK(edit.text == text);
    CHECK(edit.problem->place.line == line);
    const bool said = text_of(*edit.problem).find(words) != std::string::npos;
    CHECK_MESSAGE(said, text_of(*edit.problem));
}

}  // namespace

TEST_CASE("changes one word wherever it is on its line") {
    goes_live({"a line of its own", "control:\n  tick_s: 1\n  commands: shadow   # until I trust it\n  frozen_s: 900\n",
               "control:\n  tick_s: 1\n  commands: live   # until I trust it\n  frozen_s: 900\n"});
    goes_live({"in braces", "control: { tick_s: 1, commands: shadow, frozen_s: 900 }\n",
               "control: { tick_s: 1, commands: live, frozen_s: 900 }\n"});
    goes_live({"in quotes", "control:\n  commands: \"shadow\"\n", "control:\n  commands: \"live\"\n"});
    goes_live({"a quoted key", "control: {'commands': 'shadow'}\n", "control: {'commands': 'live'}\n"});
    goes_live({"DOS lines", "control:\r\n  commands: shadow\r\nlog_level: info\r\n",
               "control:\r\n  commands: live\r\nlog_level: info\r\n"});
    goes_live({"no newline at the end", "control:\n  commands: shadow", "control:\n  commands: live"});
    goes_live({"the word elsewhere too", "# commands: shadow\ncontrol:\n  # commands: shadow\n  commands: shadow\n",
               "# commands: shadow\ncontrol:\n  # commands: shadow\n  commands: live\n"});
}

TEST_CASE("refuses an ambiguous line and names it") {
    is_refused("an alias", head + "log_level: &l info\ncontrol:\n  commands: *l\n", 4, "an anchor (&)");
    is_refused("a tab as indent", head + "control:\n\tcommands: shadow\n", 5, "tab");
    is_refused("a tab on the line", head + "control:\n  commands:\tshadow\n", 5, "tab");
    is_refused("control twice", head + "control: { commands: shadow }\nlog_level: info\ncontrol: { commands: shadow }\n", 6,
               "duplicate key");
    is_refused("commands twice", head + "control:\n  commands: shadow\n  commands: shadow\n", 6, "duplicate key");
    is_refused("braces over several lines", head + "control: { tick_s: 1,\n  commands: shadow }\n", 5, "several lines");
    is_refused("braces that end later", head + "control: { commands: shadow\n  }\n", 4, "several lines");
    is_refused("another word", head + "control: { commands: dry }\n", 4, "expected live or shadow");
    is_refused("a second document", head + "control: { commands: shadow }\n---\nsite: b\n", 5, "second document");
    is_refused("no YAML", head + "control: [\n", 5, "not valid YAML");
    is_refused("no keys", "shadow\n", 1, "no keys");
}

TEST_CASE("leaves a file unchanged that is already live") {
    for (const std::string& control :
         {std::string(), std::string("control: { tick_s: 1 }\n"), std::string("control:\n  commands: live\n")}) {
        const CommandsEdit edit = to_live(head + control, "v.yaml");
        CHECK(!edit.problem);
        CHECK(edit.text == head + control);
        CHECK(edit.line == 0);
    }
    const std::string shadow = head + "control: { commands: shadow }\n";
    CHECK(to_shadow(shadow, "v.yaml").text == shadow);
}

TEST_CASE("returns to shadow line by line in an invalid file") {
    const auto back = [](const std::string& text) {
        const CommandsEdit edit = to_shadow(text, "v.yaml");
        CHECK(!edit.problem);
        CHECK(bare_words(edit.text).shadow);
        CHECK(edit.line > 0);
        return edit.text;
    };
    CHECK(back("site: [\ncontrol:\n\tcommands: live\r\nx: y\n") == "site: [\ncontrol:\n\tcommands: shadow\r\nx: y\n");
    CHECK(back("unknown: 1\ncontrol: { tick_s: 1,\n  commands: live, # or not\n  clock: auto }\n") ==
          "unknown: 1\ncontrol: { tick_s: 1,\n  commands: shadow, # or not\n  clock: auto }\n");
    CHECK(back("control: { commands: live }\ncontrol: { commands: live }\n") ==
          "control: { commands: shadow }\ncontrol: { commands: shadow }\n");
    CHECK(back("control: { commands: live, commands: live }\n") == "control: { commands: shadow, commands: shadow }\n");
    CHECK(back("control:\n  commands:\n    live\ntypo: 1\n") == "control:\n  commands: shadow\n    \ntypo: 1\n");
    CHECK(back("control:\n  commands:   # not yet\n    'shadow'\ntypo: 1\n") ==
          "control:\n  commands: shadow   # not yet\n    \ntypo: 1\n");
    CHECK(back("control:\n  commands:\n    live\nbroken: [\n") ==
          "control:\n  commands:\n    live\nbroken: [\ncontrol: { commands: shadow }\n");
    CHECK(back("control:\n  ? commands\n  : live\ntypo: 1\n").ends_with("typo: 1\ncontrol: { commands: shadow }\n"));
    CHECK(back("broken: [\r\n") == "broken: [\r\ncontrol: { commands: shadow }\r\n");
}

TEST_CASE("adds the shadow line to a file without one") {
    const auto added = [](const std::string& control) {
        const CommandsEdit edit = to_shadow(head + control, "v.yaml");
        REQUIRE(!edit.problem);
        const ParsedConfig parsed = parse_config(edit.text, "v.yaml");
        REQUIRE_MESSAGE(parsed.config, (parsed.problems.empty() ? "" : text_of(parsed.problems.front())));
        CHECK(!parsed.config->control.live);
        return edit.text.substr(head.size());
    };
    CHECK(added("") == "control: { commands: shadow }\n");
    CHECK(added("log_level: info") == "log_level: info\ncontrol: { commands: shadow }\n");
    CHECK(added("control:\n    tick_s: 1\n") == "control:\n    commands: shadow\n    tick_s: 1\n");
    CHECK(added("control: { tick_s: 1 }\n") == "control: { commands: shadow, tick_s: 1 }\n");
    CHECK(added("control: {}\n") == "control: { commands: shadow }\n");
    CHECK(added("control:\n") == "control:\n  commands: shadow\n");
    CHECK(added("control:") == "control:\n  commands: shadow\n");
    CHECK(added("control:\n  commands:\n    live\n") == "control:\n  commands: shadow\n    \n");
    const CommandsEdit unsafe = to_shadow(head + "log_level: info\n...\n", "v.yaml");
    CHECK(unsafe.problem);
    CHECK(unsafe.text == head + "log_level: info\n...\n");
}

TEST_CASE("keeps all other bytes around the word") {
    std::mt19937 random(7);
    const auto pick = [&](const std::vector<std::string>& from) { return from[random() % from.size()]; };
    const std::vector<std::string> lines{"# commands: live\n",
                                         "\n",
                                         "  \n",
                                         "log_level: info   # über\r\n",
                                         "clear_retained: false\n",
                                         "# commands: shadow\r\n",
                                         "#\tcontrol: { commands: live }\n"};
    const std::vector<std::string> inner{"  # commands: live\n", "  tick_s: 1\n", "  clock: auto\r\n", "\n"};
    for (int round = 0; round < 500; ++round) {
        std::string before = head, after;
        for (std::size_t i = random() % 4; i > 0; --i) before += pick(lines);
        before += "control:" + pick({"", "   ", " # commands: live"}) + pick({"\n", "\r\n"});
        if (random() % 2 == 0) before += pick(inner);
        const std::string quote = pick({"", "'", "\""});
        before += pick({"  commands: ", "  commands:   ", "  \"commands\": ", "  commands : "}) + quote;
        after = quote + pick({"", " ", "  # then: live"}) + pick({"\n", "\r\n"});
        if (random() % 2 == 0) after += pick({"  frozen_s: 900\n", "  # commands: live\r\n"});
        // A key may occur only once, so such a text is rejected as a whole.
        for (std::size_t i = random() % 4; i > 0; --i) after += pick(lines);
        const CommandsEdit edit = to_live(before + "shadow" + after, "v.yaml");
        CAPTURE(before);
        CAPTURE(after);
        CHECK((edit.problem ? edit.text == before + "shadow" + after : edit.text == before + "live" + after));
        if (edit.problem) continue;
        CHECK(to_shadow(edit.text, "v.yaml").text == before + "shadow" + after);
    }
}

}  // namespace commands_line_test
