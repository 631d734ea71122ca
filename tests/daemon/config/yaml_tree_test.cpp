#include "daemon/config/yaml_tree.hpp"

#include <doctest/doctest.h>

#include "tests/daemon/config/texts.hpp"

using namespace volt;
using namespace volt::test;

TEST_CASE("keeps order, duplicates, quotes and places") {
    Report report("f");
    const auto root = parse_yaml("b: 1\na: \"x\"\nb: [on, {c: }]\n", report);
    REQUIRE(root);
    REQUIRE(root->keys.size() == 3);
    CHECK(root->keys[0].text == "b");
    CHECK(root->keys[2].text == "b");
    CHECK_FALSE(root->items[0].quoted);
    CHECK(root->items[1].quoted);
    CHECK(root->items[1].place == Place{2, 4});
    const YamlNode& list = root->items[2];
    CHECK(list.kind == YamlNode::Kind::sequence);
    CHECK(list.items[0].text == "on");
    CHECK(list.items[1].items[0].kind == YamlNode::Kind::null);
    CHECK(list.items[1].items[0].place == Place{3, 10});  // an empty value is reported at its key
    CHECK(report.problems().empty());
}

TEST_CASE("limits depth and number of values") {
    const auto deep = [](std::size_t levels) {
        Report report("f");
        parse_yaml(std::string(levels, '[') + std::string(levels, ']') + "\n", report);
        return said(report.problems());
    };
    CHECK(deep(most_yaml_depth) == "");
    CHECK(deep(most_yaml_depth + 1).find("nested deeper than 16 levels") != std::string::npos);
    const auto wide = [](std::size_t items) {
        Report report("f");
        std::string text = "[a";
        for (std::size_t i = 1; i < items; ++i) text += ",a";
        return parse_yaml(text + "]\n", report).has_value();
    };
    CHECK(wide(most_yaml_nodes - 1));
    CHECK_FALSE(wide(most_yaml_nodes));
}

TEST_CASE("accepts only well-formed UTF-8") {
    for (const char* good : {"a: ä\n", "a: …\n", "a: 😀\n"}) {
        Report report("f");
        CHECK(parse_yaml(good, report));
    }
    for (const char* bad :
         {"a: \xc0\x80\n", "a: \xe0\x80\x80\n", "a: \xed\xa0\x80\n", "a: \xf4\x90\x80\x80\n", "a: \xff\n", "a: \xc3"}) {
        Report report("f");
        CHECK_FALSE(parse_yaml(bad, report));
        CHECK(says(report.problems(), "f:1:4: not a UTF-8 text file"));
    }
}
