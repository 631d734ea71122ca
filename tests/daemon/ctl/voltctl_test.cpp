// voltctl as a process, against a real server fed with a page.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/daemon/api/api_fixture.hpp"
#include "tests/fakes/process.hpp"

using namespace volt;
using namespace volt::fixture;
using nlohmann::json;
using volt::testing::Ended;
using volt::testing::shell;

namespace {

struct Operator : Served {
    Site site;
    EventTail tail;
    Operator() {
        Change change;
        change.at = site.snapshot.utc;
        change.what = "stage";
        change.text = "Stage optimal: 52.30 V";
        tail.add(change);
        server.post(lasting_page(site, tail));
    }
    std::string options() const { return " --url " + url() + " --token-file " + token_file; }
    Ended call(const std::string& arguments) const { return shell(VOLTCTL + (" " + arguments) + options()); }
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("status, for people and for programs") {
    const Operator at;
    const Ended plain = at.call("status");
    CAPTURE(plain.out);
    CHECK(plain.code == 0);
    CHECK(has(plain.out, "52.30 V is 2.20 V below its start voltage of 54.50 V"));
    CHECK_FALSE(has(plain.out, "\033"));
    const Ended machine = at.call("status --json");
    CHECK(machine.code == 0);
    CHECK(json::parse(machine.out)["battery"]["stage"] == "optimal");
}

TEST_CASE("explain, of all, of one, of none such") {
    const Operator at;
    CHECK(has(at.call("explain").out, "primary-s21-revenue: starting"));
    const Ended one = at.call("explain dump-load-s19-1");
    CHECK(one.code == 0);
    CHECK(has(one.out, "voltage: 2.20 V more for 60 s"));
    CHECK(json::parse(at.call("explain heat-room/fan --json").out)["kind"] == "fan");
    const Ended unknown = at.call("explain 'no body'");
    CHECK(unknown.code == 1);
    CHECK(has(unknown.out, "unknown load: no body; there are: charge dump-load-s19-1 heat-room/fan"));
}

TEST_CASE("watch prints plain lines without a terminal, one JSON a line with --json") {
    const Operator at;
    const Ended plain = at.call("watch --for 0.5 --interval 0.1");
    CAPTURE(plain.out);
    CHECK(plain.code == 0);
    CHECK(has(plain.out, "2025-06-21 12:00:00  52.30 V  optimal  sun 8,450 W  primary-s21-revenue starting"));
    CHECK(has(plain.out, "12:00:00 Stage optimal: 52.30 V"));
    CHECK_FALSE(has(plain.out, "\033"));
    CHECK(plain.out.find("Stage optimal") == plain.out.rfind("Stage optimal"));
    const Ended machine = at.call("watch --for 0 --json");
    CHECK(json::parse(machine.out).contains("events"));
}

TEST_CASE("watch draws in place on a terminal, and leaves it as it was") {
    const Operator at;
    const Ended drawn = shell("script -qec '" + std::string(VOLTCTL) + " watch --for 0.3 --interval 0.1" +
                              at.options() + "' /dev/null");
    if (drawn.code == 127) return;  // no `script` here
    CAPTURE(drawn.out);
    CHECK(drawn.code == 0);
    CHECK(has(drawn.out, "\033[H"));
    CHECK(has(drawn.out, "LAST CHANGES"));
    CHECK(has(drawn.out, "\033[?25h"));
}

TEST_CASE("watch ends well on SIGINT") {
    const Operator at;
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(ends[1], STDOUT_FILENO);
        const std::string url = at.url();
        ::execl(VOLTCTL, "voltctl", "watch", "--url", url.c_str(), "--token-file", at.token_file.c_str(), nullptr);
        ::_exit(127);
    }
    ::close(ends[1]);
    char first = 0;
    CHECK(::read(ends[0], &first, 1) == 1);  // it watches: its first line is there
    REQUIRE(::kill(child, SIGINT) == 0);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    ::close(ends[0]);
}

TEST_CASE("a wrong token is 1, no daemon is 3, a wrong command is 2") {
    const Operator at;
    const std::string wrong = at.directory.path + "/wrong";
    std::ofstream(wrong) << std::string(64, '0');
    const Ended refused = shell(VOLTCTL " status --url " + at.url() + " --token-file " + wrong);
    CHECK(refused.code == 1);
    CHECK(has(refused.out, "token"));
    CHECK(shell(VOLTCTL " watch --url " + at.url() + " --token-file " + wrong).code == 1);
    const Ended nobody = shell(VOLTCTL " status --url http://127.0.0.1:1 --token-file " + at.token_file);
    CHECK(nobody.code == 3);
    CHECK(has(nobody.out, "not reachable at http://127.0.0.1:1"));
    CHECK(shell(VOLTCTL " watch --for 0.2 --url http://127.0.0.1:1 --token-file " + at.token_file).code == 3);
    for (const char* usage : {"", "stauts", "status --jsno", "watch --interval 0", "explain a b"}) {
        CAPTURE(usage);
        CHECK(at.call(usage).code == 2);
    }
}

TEST_CASE("help shows examples, version a version") {
    const Ended help = shell(VOLTCTL " --help");
    CHECK(help.code == 0);
    CHECK(has(help.out, "voltctl watch --for 60 --json"));
    CHECK(shell(VOLTCTL " explain --help").code == 0);
    CHECK(has(shell(VOLTCTL " --version").out, "voltctl 0."));
}

TEST_CASE("the address comes from the configuration") {
    const Operator at;
    const std::string file = at.directory.path + "/voltd.yaml";
    std::ofstream(file)
        << "site: test\nvictron: { host: 127.0.0.1 }\nmqtt: { url: mqtt://127.0.0.1:1883 }\napi: { listen: 127.0.0.1:"
        << at.port << ", token_file: " << at.token_file << " }\n";
    const Ended status = shell(VOLTCTL " --config " + file + " status");
    CAPTURE(status.out);
    CHECK(status.code == 0);
    std::ofstream(file, std::ios::app) << "aip: 3\n";
    const Ended broken = shell(VOLTCTL " status --config " + file);
    CHECK(broken.code == 1);
    CHECK(has(broken.out, "voltd.yaml:5"));
    CHECK(shell(VOLTCTL " status --config " + at.directory.path + "/none.yaml").code == 1);
}

TEST_CASE("a late loop is said, not shown as if all were well") {
    Operator at;
    StatusPage page = page_of(at.site);
    page.posted = monotonic_now() - page.good_for - 1s;
    at.server.post(page);
    const Ended late = at.call("status");
    CHECK(late.code == 1);
    CHECK(has(late.out, "the control loop is late"));
}
