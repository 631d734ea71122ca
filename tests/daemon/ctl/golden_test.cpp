// Tests of the owner's view, letter for letter: tests/daemon/ctl/golden/*.json drawn as *.txt.
#include <doctest/doctest.h>

#include "daemon/ctl/views/explain_view.hpp"
#include "daemon/ctl/views/status_view.hpp"
#include "tests/fakes/process.hpp"

using namespace volt::ctl;

namespace golden_test {

using volt::testing::read_file;
using volt::testing::write_file;

namespace {

const std::string place = VOLT_SOURCE_DIR "/tests/daemon/ctl/golden/";

Json object_of(const std::string& name) { return Json::parse(read_file(place + name + ".json")); }

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
}

/// Compares. A different result is stored in the build directory, to review and adopt.
void check_drawn(const std::string& name, const std::vector<std::string>& lines) {
    const std::string text = joined(lines), wanted = read_file(place + name + ".txt");
    if (text != wanted) write_file(VOLT_BINARY_DIR "/" + name + ".txt", text);
    CHECK_MESSAGE(text == wanted, name);
}

std::vector<std::string> screen_of(const std::string& name) {
    const auto lines = status_screen(object_of(name), {}, {}, false);
    CHECK(lines.size() <= 24);
    for (const std::string& line : lines) {
        CAPTURE(line);
        CHECK(width_of(line) <= 80);
    }
    return lines;
}

}  // namespace

TEST_CASE("fits the default site on an 80 by 24 screen") {
    check_drawn("default_site", screen_of("default_site"));
    check_drawn("trouble", screen_of("trouble"));
}

TEST_CASE("explains an off load with the condition to change it") {
    check_drawn("load", explain_load_lines(object_of("load"), object_of("default_site"), {}));
}

}  // namespace golden_test
