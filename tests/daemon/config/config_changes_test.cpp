#include "daemon/config/config_changes.hpp"

#include <doctest/doctest.h>

using namespace volt;
using Lines = std::vector<std::string>;

TEST_CASE("lists changed keys, with list entries by id") {
    const std::string before = "site: a\noutputs:\n  - {id: x, topic: t}\n  - {id: y, topic: u}\ncontrol: {commands: shadow}\n";
    CHECK(changed_keys(before, before + "# a comment\n").empty());
    CHECK(
        changed_keys(before,
                     "site: a\noutputs:\n  - {id: y, topic: v}\n  - {id: x, topic: t}\ncontrol: {commands: live, tick_s: 2}\n") ==
        Lines{"control.commands: \"shadow\" -> \"live\"", "control.tick_s: default -> \"2\"",
              "outputs[y].topic: \"u\" -> \"v\""});
    CHECK(changed_keys(before, "site: a\ncontrol: {commands: shadow}\n").size() == 4);
    CHECK(changed_keys("", before).empty());
    CHECK(changed_keys(before, "no: [yaml").empty());
}

TEST_CASE("limits the list of changes") {
    std::string before = "site: a\n", after = "site: a\n";
    for (int i = 0; i < 30; ++i) {
        before += "k" + std::to_string(i) + ": 1\n";
        after += "k" + std::to_string(i) + ": 2\n";
    }
    const Lines changes = changed_keys(before, after);
    REQUIRE(changes.size() == most_changes_listed + 1);
    CHECK(changes.back() == "and 10 more");
}
