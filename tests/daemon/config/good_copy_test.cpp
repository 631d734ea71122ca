#include "daemon/config/good_copy.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/daemon/config/texts.hpp"

using namespace volt;
using namespace volt::test;

namespace good_copy_test {

namespace {

/// Temporary state directory, removed by the destructor.
struct State {
    std::string path = "/var/tmp/volt-state-XXXXXX";
    State() { REQUIRE(::mkdtemp(path.data()) != nullptr); }
    ~State() { REQUIRE(std::system(("rm -rf " + path).c_str()) == 0); }

    std::string copy() const { return good_copy_path(path); }
    std::string file() const { return path + "/voltd.yaml"; }
    std::string good(const std::string& more = "") const { return least + "database: " + path + "/voltd.db\n" + more; }
    void write(const std::string& to, const std::string& text) const { std::ofstream(to) << text; }
    LastGood after(const std::string& bad) const {
        write(file(), bad);
        return last_good(load_config(file()), copy());
    }
};

std::string content_of(const std::string& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

mode_t mode_of(const std::string& path) {
    struct stat facts {};
    REQUIRE(::lstat(path.c_str(), &facts) == 0);
    return facts.st_mode & 07777;
}

}  // namespace

TEST_CASE("writes the complete copy with mode 0640 over anything") {
    const State state;
    const mode_t mask = ::umask(0077);
    CHECK(keep_good_copy(state.copy(), state.good()).empty());
    ::umask(mask);
    CHECK(content_of(state.copy()) == state.good());
    CHECK(mode_of(state.copy()) == 0640);
    // A link planted there is replaced, not followed.
    state.write(state.path + "/victim", "x");
    ::unlink(state.copy().c_str());
    REQUIRE(::symlink((state.path + "/victim").c_str(), state.copy().c_str()) == 0);
    REQUIRE(::symlink((state.path + "/victim").c_str(), (state.copy() + ".new").c_str()) == 0);
    CHECK(keep_good_copy(state.copy(), "site: b").empty());
    CHECK(content_of(state.copy()) == "site: b\n");
    CHECK(content_of(state.path + "/victim") == "x");
    CHECK(keep_good_copy(state.path + "/none/voltd.yaml.good", "x").find("/none/") != std::string::npos);
    CHECK(good_copy_path("").empty());
}

TEST_CASE("skips writing the same text") {
    const State state;
    REQUIRE(keep_good_copy(state.copy(), state.good()).empty());
    struct stat before {
    }, after{};
    REQUIRE(::stat(state.copy().c_str(), &before) == 0);
    REQUIRE(keep_good_copy(state.copy(), state.good()).empty());
    REQUIRE(::stat(state.copy().c_str(), &after) == 0);
    CHECK(before.st_ino == after.st_ino);
}

TEST_CASE("starts with the last good configuration after any bad file") {
    const State state;
    REQUIRE(keep_good_copy(state.copy(), state.good()).empty());
    const std::string unreadable(1, '\xff');
    for (const std::string& bad :
         {state.good("victrom: {}\n"), std::string("no: [yaml"), std::string(), unreadable, state.good().substr(0, 40)}) {
        const LastGood last = state.after(bad);
        CHECK_MESSAGE(last.parsed.config, bad << ": " << last.why_not);
        if (last.parsed.config) CHECK((last.parsed.config->site == "shack" && last.parsed.config->control.live));
    }
    REQUIRE(::unlink(state.file().c_str()) == 0);
    CHECK(last_good(load_config(state.file()), state.copy()).parsed.config);
}

TEST_CASE("refuses to start without a complete copy") {
    const State state;
    const std::string bad = state.good("victrom: {}\n");
    CHECK(state.after(bad).why_not.find("no saved copy") != std::string::npos);
    CHECK(last_good(load_config(state.file()), "").why_not.find("no saved copy") != std::string::npos);
    const std::string good = state.good("sensors: [{id: a, topic: b}]\n");
    state.write(state.copy(), good.substr(0, good.size() - 1));  // torn
    CHECK(state.after(bad).why_not.find("incomplete") != std::string::npos);
    state.write(state.copy(), "");
    CHECK(state.after(bad).why_not.find("unusable") != std::string::npos);
    state.write(state.copy(), std::string(100, '\0') + "\n");
    CHECK(state.after(bad).why_not.find("unusable") != std::string::npos);
    ::unlink(state.copy().c_str());
    REQUIRE(::mkfifo(state.copy().c_str(), 0600) == 0);
    CHECK(state.after(bad).why_not.find("regular") != std::string::npos);
}

TEST_CASE("skips unknown keys in the copy but rejects other errors") {
    const State state;
    const std::string bad = state.good("victrom: {}\n");
    state.write(state.copy(), state.good("left_over: 1\ncontrol: {old_hold_s: 5, start_hold_s: 77}\n"));
    const LastGood last = state.after(bad);
    REQUIRE_MESSAGE(last.parsed.config, last.why_not);
    CHECK(last.parsed.config->control.start_hold == 77s);
    CHECK(said(last.parsed.warnings).find("left_over") != std::string::npos);
    state.write(state.copy(), state.good("control: {start_hold_s: -1}\n"));
    CHECK_FALSE(state.after(bad).parsed.config);
}

TEST_CASE("refuses another site or database in the bad file") {
    const State state;
    REQUIRE(keep_good_copy(state.copy(), state.good()).empty());
    CHECK(state.after("site: barn\nvictrom: {}\n").why_not.find("another site (shack)") != std::string::npos);
    CHECK(state.after("site: shack\ndatabase: /elsewhere/voltd.db\nvictrom: {}\n").why_not.find("another database") !=
          std::string::npos);
    CHECK(state.after("site: \"shack\"   # the barn\nvictrom: {}\n").parsed.config);
    CHECK(state.after("# site: barn\nvictrom: {}\n").parsed.config);
}

TEST_CASE("applies shadow from a line of the bad file") {
    const State state;
    REQUIRE(keep_good_copy(state.copy(), state.good("control: {commands: live}\n")).empty());
    const auto live = [&](const std::string& bad) {
        const LastGood last = state.after(bad);
        REQUIRE_MESSAGE(last.parsed.config, last.why_not);
        return last.parsed.config->control.live;
    };
    CHECK_FALSE(live("bad: [\n  commands: shadow   # for now\n"));
    CHECK_FALSE(live("control: { tick_s: 99, commands: shadow }\n"));
    CHECK_FALSE(live("control: {commands: \"shadow\", tick_s: 99}\r\n"));
    CHECK(live("control:\n  # commands: shadow\n  tick_s: 99\n"));
    CHECK(live("control:\n  commands: live   # commands: shadow\n  tick_s: 99\n"));
    CHECK(live("my_commands: shadow\n"));
    REQUIRE(keep_good_copy(state.copy(), state.good("control: {commands: shadow}\n")).empty());
    CHECK_FALSE(live("control: { tick_s: 99, commands: live }\n"));
}

TEST_CASE("names the first mistake and counts the others") {
    CHECK(rejection(parse_more("victrom: {}")).find("f.yaml:4:1: victrom: unknown key") == 0);
    CHECK(rejection(parse_more("victrom: {}")).ends_with("victron?"));
    CHECK(rejection(parse_more("victrom: {}\nother: 1")).ends_with("(and 1 more)."));
}

}  // namespace good_copy_test
