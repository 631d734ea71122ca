// Tests of voltctl as a process, against a real server with a page.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <utility>

#include "drivers/store/store.hpp"
#include "tests/daemon/api/api_fixture.hpp"
#include "tests/fakes/process.hpp"

using namespace volt;
using namespace volt::fixture;

namespace voltctl_test {

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
        show(server, site, tail);
    }
    std::string options() const { return " --url " + url() + " --token-file " + token_file; }
    Ended call(const std::string& arguments) const { return shell(VOLTCTL + (" " + arguments) + options()); }
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("status prints text and JSON") {
    const Operator at;
    const Ended plain = at.call("status");
    CAPTURE(plain.out);
    CHECK(plain.code == 0);
    CHECK(has(plain.out, "52.30 V is 2.20 V below"));
    CHECK_FALSE(has(plain.out, "\033"));
    const Ended machine = at.call("status --json");
    CHECK(machine.code == 0);
    CHECK(json::parse(machine.out)["battery"]["stage"] == "optimal");
}

TEST_CASE("explain shows all loads, one, or an error") {
    const Operator at;
    CHECK(has(at.call("explain").out, "primary-s21-revenue: starting"));
    const Ended one = at.call("explain dump-load-s19-1");
    CHECK(one.code == 0);
    CHECK(has(one.out, "Needs 54.50 V, 2.2 V more, held for 60 s"));
    CHECK(json::parse(at.call("explain heat-room/fan --json").out)["kind"] == "fan");
    const Ended unknown = at.call("explain 'no body'");
    CHECK(unknown.code == 1);
    CHECK(has(unknown.out, "unknown load: no body; choose from: charge dump-load-s19-1 heat-room/fan"));
}

TEST_CASE("watch prints plain or JSON lines without a terminal") {
    const Operator at;
    const Ended plain = at.call("watch --for 0.5 --interval 0.1");
    CAPTURE(plain.out);
    CHECK(plain.code == 0);
    CHECK(has(plain.out, "2025-06-21 12:00:00  52.30 V  optimal  sun 8,450 W  primary-s21-revenue starting"));
    CHECK(has(plain.out, "12:00:00 Stage optimal: 52.30 V"));
    CHECK_FALSE(has(plain.out, "\033"));
    CHECK(plain.out.find("Stage optimal") == plain.out.rfind("Stage optimal"));
    CHECK(at.call("watch --for 0 --note 'the page: here'").out.starts_with("the page: here\n"));
    const Ended machine = at.call("watch --for 0 --json");
    CHECK(json::parse(machine.out).contains("events"));
}

TEST_CASE("watch redraws in place and restores the terminal") {
    const Operator at;
    const Ended drawn =
        shell("script -qec '" + std::string(VOLTCTL) + " watch --for 0.3 --interval 0.1" + at.options() + "' /dev/null");
    if (drawn.code == 127) return;  // no `script` command here
    CAPTURE(drawn.out);
    CHECK(drawn.code == 0);
    CHECK(has(drawn.out, "\033[H"));
    CHECK(has(drawn.out, "LAST CHANGES"));
    CHECK(has(drawn.out, "\033[?25h"));
    const Ended noted = shell("script -qec '" + std::string(VOLTCTL) + " watch --note \"page here\" --for 0.3 --interval 0.1" +
                              at.options() + "' /dev/null");
    CHECK(has(noted.out, "page here\033[0m\033[K"));
}

TEST_CASE("parses durations alike in every command") {
    const Operator at;
    CHECK(at.call("watch --for 1s --interval 0.5s").code == 0);
    for (const char* bad : {"watch --for 1x", "watch --for -1s", "watch --interval 0s", "override dump-load-s19-1 off --for 90x",
                            "prefs set voltage_low 47.5", "prefs set voltage_low"}) {
        const Ended ended = at.call(bad);
        CAPTURE(bad);
        CAPTURE(ended.out);
        CHECK(ended.code == 2);
    }
    CHECK(has(at.call("prefs set voltage_low 47.5").out, "voltage_low: write voltage_low=47.5"));
    const Ended long_one = at.call("override dump-load-s19-1 off --for 25h");
    CHECK(long_one.code == 1);
    CHECK(has(long_one.out, "nearest allowed 24h"));
}

TEST_CASE("finds a load by slug, name, output, zone or prefix") {
    const Operator at;
    for (const char* word : {"dump-load-s19-1", "'Dump Load S19 #1'", "dump", "d"}) {
        CAPTURE(word);
        CHECK(has(at.call(std::string("explain ") + word).out, "Needs 54.50 V, 2.2 V more, held for 60 s"));
    }
    CHECK(has(at.call("explain primary-s21").out, "primary-s21-revenue"));
    const Ended zone = at.call("explain heat-room");
    CAPTURE(zone.out);
    CHECK(has(zone.out, "heat-room/fan"));
    CHECK(has(zone.out, "heat-room/heat"));
    CHECK(json::parse(at.call("explain heat-room --json").out).size() == 2);
    const Ended both = at.call("override heat-room off");
    CHECK(both.code == 1);
    CHECK(has(both.out, "heat-room matches several loads; choose from: heat-room/fan heat-room/heat"));
}

TEST_CASE("watch exits cleanly on SIGINT") {
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
    CHECK(::read(ends[0], &first, 1) == 1);  // it is watching, because its first line arrived
    REQUIRE(::kill(child, SIGINT) == 0);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    ::close(ends[0]);
}

TEST_CASE("returns exit codes 1, 2 and 3") {
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

TEST_CASE("prints help with examples, and the version") {
    const Ended help = shell(VOLTCTL " --help");
    CHECK(help.code == 0);
    CHECK(has(help.out, "voltctl watch --for 1m --json"));
    CHECK(shell(VOLTCTL " explain --help").code == 0);
    CHECK(has(shell(VOLTCTL " --version").out, "voltctl 0."));
}

namespace {

/// Loop that turns all the time, and accepts modes and overrides.
class Turning : public LoopContext {
public:
    explicit Turning(ApiServer& server, bool with_proofs = false) : takes_proofs(with_proofs), server_(server) {
        server_.on_wanted([] {});
        thread_ = std::thread([this] { run(); });
    }
    ~Turning() override {
        over_ = true;
        thread_.join();
    }
    const SiteView* view() const override { return seen_ ? &*seen_ : nullptr; }
    std::uint64_t turns() const override { return turns_; }
    bool stored() const override { return true; }
    bool request_override(const NamedOverride& named) override {
        OverrideRequest request;
        if (named.kind == OverrideKind::automatic) proving = false, released = true;
        if (!resolve(named, site_.policy, request)) waiting_.push_back(request);
        return true;
    }
    void set_mode(SiteMode mode, const std::string&) override {
        seen_.reset();
        site_.policy.preferences.mode = mode;
    }
    bool ask(std::size_t) override { return false; }
    OutputReport report(std::size_t) const override { return {}; }
    DecisionInputs decision_inputs() const override { return {}; }
    std::string prove_charge() override { return "the battery is full"; }
    std::string accept_temperature(const std::string&) override { return "it did not jump"; }
    std::string prove_lease(const std::string&, std::optional<Duration>) override {
        proving = takes_proofs;
        return proving ? "" : "it is not off";
    }
    std::string announce() override { return {}; }
    std::string end_safe_mode() override { return {}; }

    const bool takes_proofs;
    std::atomic<bool> proving = false, released = false;

private:
    void show_turn() {
        if (!takes_proofs) {
            show(server_, site_, {}, turns_);
            return;
        }
        StatusSnapshot page = lasting_page(site_);
        page.turn = turns_;
        OutputRow& output = page.outputs.emplace_back();
        output.id = "primary-s21";
        output.load = "primary-s21-revenue";
        if (proving) page.lease_proof = {"primary-s21", "running", "the lease runs"};
        show(server_, page);
    }
    void run() {
        while (!over_) {
            server_.serve(*this);
            site_.snapshot.requests = std::exchange(waiting_, {});
            seen_.emplace(site_.view());
            ++turns_;
            show_turn();
            std::this_thread::sleep_for(5ms);
        }
    }
    ApiServer& server_;
    Site site_;
    std::vector<OverrideRequest> waiting_;
    std::optional<SiteView> seen_;
    std::uint64_t turns_ = 0;
    std::atomic<bool> over_ = false;
    std::thread thread_;
};

/// voltd with its socket and its file beside the token. The port does not matter here.
struct Local : Operator {
    const std::string file = directory.path + "/voltd.yaml";
    Local() {
        if (const std::string why = server.open_socket(directory.path + "/api.sock"); !why.empty()) FAIL(why);
        write("");
    }
    void write(const std::string& more) const {
        std::ofstream(file) << "site: solar-shack\nvictron: { host: 127.0.0.1 }\nmqtt: { url: mqtt://127.0.0.1:1883 }\ndatabase: "
                            << directory.path << "/voltd.db\napi: { listen: 127.0.0.1:1, token_file: " << token_file << " }\n"
                            << more;
    }
    Ended with_file(const std::string& arguments) const { return shell(VOLTCTL " --config " + file + " " + arguments); }
};

}  // namespace

TEST_CASE("uses the configured socket, whatever uses its port") {
    const Local at;
    const Ended status = at.with_file("status");
    CAPTURE(status.out);
    CHECK(status.code == 0);
    CHECK_FALSE(has(status.out, "warning"));
    const std::string text = volt::testing::read_file(at.file);
    volt::testing::write_file(at.file, "site: cabin" + text.substr(text.find('\n')));
    CHECK(has(at.with_file("status").out, "warning: voltd is running site solar-shack, but the configuration is for site cabin"));
    const Ended nobody = shell(VOLTCTL " status --config " + at.directory.path + "/none.yaml");
    CHECK(has(nobody.out, "file not found"));
}

TEST_CASE("runs every command with an invalid configuration") {
    Local at;
    const Turning loop(at.server);
    const std::string one =
        "warning: " + at.file +
        " has 1 problem (line 6: victrom: unknown key); voltd is still running with the previous configuration\n";
    for (const char* mistake : {"victrom: {}\n", "\toutputs: [\n", "control: { tick_s: 99, commands: maybe }\n"}) {
        at.write(mistake);
        for (const char* command :
             {"mode off", "mode", "mode balanced", "status", "explain", "explain dump-load-s19-1", "alarms", "outputs list",
              "watch --for 0", "override dump-load-s19-1 off", "override dump-load-s19-1 auto", "safe-mode end"}) {
            const Ended ended = at.with_file(command);
            CAPTURE(mistake);
            CAPTURE(command);
            CAPTURE(ended.out);
            CHECK(ended.code == 0);
            CHECK(has(ended.out, "warning: " + at.file + " has "));
            if (std::string_view(mistake).starts_with("victrom")) CHECK(has(ended.out, one));
            CHECK(ended.out.find("warning: /") == ended.out.rfind("warning: /"));
        }
    }
    const Ended machine = shell("(" VOLTCTL " --config " + at.file + " status --json 2>/dev/null)");
    CHECK(json::parse(machine.out)["battery"]["stage"] == "optimal");
}

TEST_CASE("confirms charge prove or reports why it cannot run") {
    Local at;
    const Turning loop(at.server);
    const Ended asked = at.with_file("charge prove </dev/null");
    CHECK(asked.code == 1);
    CHECK(has(asked.out, "nothing was done: not confirmed"));
    CHECK(has(asked.out, "--yes"));
    const Ended refused = at.with_file("charge prove --yes");
    CHECK(refused.code == 1);
    CHECK(has(refused.out, "cannot run the test now: the battery is full"));
}

TEST_CASE("ends a lease proof with its watcher") {
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        CAPTURE(number);
        Local at;
        Turning loop(at.server, true);
        volt::testing::Process proof({VOLTCTL, "--config", at.file, "outputs", "prove", "primary-s21", "--yes"});
        REQUIRE_MESSAGE(volt::testing::eventually([&] { return loop.proving.load(); }), proof.text());
        proof.signal(number);
        CHECK(proof.wait() == 1);
        CHECK_MESSAGE(has(proof.text(), "not proven: interrupted; override auto was sent to primary-s21-revenue"), proof.text());
        CHECK(volt::testing::eventually([&] { return loop.released.load(); }));
    }
}

TEST_CASE("runs database commands with an invalid configuration") {
    const Local at;
    at.write("victrom: {}\n");
    CHECK(at.with_file("db migrate").code == 0);
    for (const char* command : {"db status", "db verify", "prefs show", "prefs set voltage_low=47.5", "settings history",
                                "history --list", "decisions", "miners list"}) {
        const Ended ended = at.with_file(command);
        CAPTURE(command);
        CAPTURE(ended.out);
        CHECK(ended.code == 0);
        CHECK(has(ended.out, "has 1 problem (line 6: victrom: unknown key)"));
    }
    CHECK(at.with_file("db backup " + at.directory.path + "/copy.db").code == 0);
}

TEST_CASE("reads settings from running voltd, database or named file") {
    const TempDir directory;
    const std::string file = directory.path + "/voltd.yaml", served = directory.path + "/served.db";
    std::ofstream(file) << "site: test\nvictron: { host: 127.0.0.1 }\nmqtt: { url: mqtt://127.0.0.1:1883 }\ndatabase: "
                        << directory.path << "/voltd.db\napi: { token_file: " << directory.path << "/token }\n";
    const auto call = [&](const std::string& arguments) { return shell(VOLTCTL " --config " + file + " " + arguments); };
    const auto low = [&](const std::string& more) {
        return json::parse(call("prefs show --json" + more).out).at("voltage_low").get<double>();
    };
    REQUIRE(call("db migrate").code == 0);
    auto opened = open_store(served);
    REQUIRE(opened);
    ApiServer server;
    server.serve_database(served, *opened.value().store);
    REQUIRE(server.open_socket(directory.path + "/api.sock") == "");
    const Ended set = call("prefs set voltage_low=47.2");
    CAPTURE(set.out);
    CHECK(has(set.out, "voltage_low: 47.0 -> 47.2 V\nsaved as change "));
    CHECK(low("") == 47.2);
    CHECK(low(" --database " + served) == 47.2);
    CHECK(low(" --database " + directory.path + "/voltd.db") == 47.0);
    CHECK(has(call("settings history --limit 1").out, "by voltctl "));
    CHECK(call("history --list").code == 0);
    CHECK(call("mode conservative --database " + directory.path + "/voltd.db").code == 0);
    CHECK(has(call("prefs show --json").out, "balanced"));
    server.stop();
    CHECK(low("") == 47.0);
    CHECK(has(call("prefs show --json").out, "conservative"));
    CHECK(has(call("miners set dump-load-s19-1 start_voltage=54.8").out, "saved as change "));
    CHECK(call("history --list").code == 0);
    const auto completed = [&](const std::string& words) { return call("complete -- --config " + file + " " + words).out; };
    CHECK(completed("override dump") == "dump-load-s19-1\n");
    CHECK(completed("explain heat") == "heat-room/fan\nheat-room/heat\n");
    CHECK(completed("zones show heat") == "heat-room\n");
    CHECK(has(completed("history battery.vol"), "battery.voltage_v\n"));
    opened.value().store->close(Duration{2000});
}

TEST_CASE("sends the token only to a named address") {
    const Served stranger;
    const Local at;
    std::ofstream(at.file)
        << "site: test\nvictron: { host: 127.0.0.1 }\nmqtt: { url: mqtt://127.0.0.1:1883 }\napi: { listen: 127.0.0.1:"
        << stranger.port << ", token_file: " << at.directory.path << "/elsewhere/token }\n";
    const Ended ended = at.with_file("status");
    CHECK(ended.code == 3);
    CHECK(has(ended.out, "voltd is not reachable at " + at.directory.path + "/elsewhere/api.sock"));
}

TEST_CASE("names the group to a user outside it") {
    if (::getuid() != 0) return;  // needs another user
    const Local at;
    REQUIRE(at.with_file("db migrate").code == 0);
    const std::string as_nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups -- ";
    const std::string program = at.directory.path + "/voltctl";  // the build directories may be closed to others
    const std::string inner = at.directory.path + "/inner";
    std::filesystem::copy_file(VOLTCTL, program);
    std::filesystem::create_directory(inner);
    for (const char* name : {"voltd.db", "token"}) std::filesystem::rename(at.directory.path + "/" + name, inner + "/" + name);
    REQUIRE(::chmod(at.directory.path.c_str(), 0755) == 0);
    ApiServer server;
    REQUIRE(server.open_socket(inner + "/api.sock") == "");
    std::ofstream(at.file) << "site: test\nvictron: { host: 127.0.0.1 }\nmqtt: { url: mqtt://127.0.0.1:1883 }\ndatabase: "
                           << inner << "/voltd.db\napi: { token_file: " << inner << "/token }\n";
    for (const char* closed : {"750", "755"}) {  // the directory, or its files
        REQUIRE(shell("chmod " + std::string(closed) + " " + inner + " && chmod 660 " + inner + "/voltd.db").code == 0);
        for (const char* command : {"status", "mode off", "db status", "db backup /tmp/x.db", "history", "decisions",
                                    "prefs set voltage_low=47", "settings history"}) {
            const Ended ended = shell(as_nobody + program + " --config " + at.file + " " + command);
            CAPTURE(closed);
            CAPTURE(command);
            CAPTURE(ended.out);
            CHECK(ended.code == 1);
            CHECK(has(ended.out, "permission denied"));
            CHECK(has(ended.out, "use sudo, or join the group voltd (sudo usermod -aG voltd $USER, then log in again)"));
        }
    }
}

TEST_CASE("reports a late control loop as an error") {
    Operator at;
    StatusSnapshot page = page_of(at.site);
    page.posted = monotonic_now() - page.good_for - 1s;
    show(at.server, page);
    const Ended late = at.call("status");
    CHECK(late.code == 1);
    CHECK(has(late.out, "the control loop is late"));
}

}  // namespace voltctl_test
