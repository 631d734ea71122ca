// voltctl with the real voltd, voltsim and mosquitto: output, effects and failures.
#include <doctest/doctest.h>

#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <filesystem>

#include <fmt/format.h>
#include <poll.h>

#include "tests/integration/site.hpp"

using namespace volt::testing;
using nlohmann::json;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A running site with two miners and a fan, with holds of seconds.
struct Running : Site {
    Running() {
        write_config();
        std::string text = read_file(config_path());
        const std::string before = "sensors:\n";
        text.insert(
            text.find(before),
            "  - { id: ac-infinity-1, kind: level, dialect: generic, command_topic: heat-room/fan/level/set, "
            "state_topic: heat-room/fan/level, availability_topic: heat-room/fan/online, available: \"yes\", max_level: 10 }\n");
        write_file(config_path(), text);
        start_devices();
        start_voltd();
        quicken();
        REQUIRE_MESSAGE(eventually([&] { return call("status").code == 0; }), voltd->text());
    }
    Ended call(const std::string& arguments) const {
        return shell(VOLT_BINARY_DIR "/voltctl " + arguments + " --config " + config_path());
    }
    json json_of(const std::string& arguments) const {
        const Ended ended = call(arguments + " --json");
        CAPTURE(ended.out);
        CHECK(ended.code == 0);
        return json::parse(ended.out, nullptr, false);
    }
    /// Waits until `arguments` prints `part`.
    bool comes(const std::string& arguments, const std::string& part) const {
        return eventually([&] { return has(call(arguments).out, part); });
    }
    void check_refused(const std::string& arguments, const std::string& why, int code = 1) const {
        const Ended ended = call(arguments);
        CAPTURE(arguments);
        CAPTURE(ended.out);
        CHECK(ended.code == code);
        CHECK(has(ended.out, why));
    }
};

/// A program on its own terminal.
class OnTerminal {
public:
    OnTerminal(const std::string& command, unsigned short columns, unsigned short rows) {
        winsize size{rows, columns, 0, 0};
        const std::string line = "exec " + command;
        pid_ = ::forkpty(&terminal_, nullptr, nullptr, &size);
        if (pid_ == 0) {
            ::execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
            ::_exit(127);
        }
    }
    ~OnTerminal() {
        if (pid_ > 0) ::kill(pid_, SIGKILL);
        if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
        ::close(terminal_);
    }
    OnTerminal(const OnTerminal&) = delete;
    OnTerminal& operator=(const OnTerminal&) = delete;

    void resize(unsigned short columns, unsigned short rows) const {
        winsize size{rows, columns, 0, 0};
        ::ioctl(terminal_, TIOCSWINSZ, &size);
    }
    void type(const std::string& keys) const {
        CHECK(::write(terminal_, keys.data(), keys.size()) == static_cast<ssize_t>(keys.size()));
    }
    /// Waits until new output contains `part`, and forgets the output so far.
    bool shows(const std::string& part) {
        return eventually([&] {
            take();
            const auto at = text_.find(part);
            if (at == std::string::npos) return false;
            text_.erase(0, at + part.size());
            return true;
        });
    }
    /// Returns the output until the program ended, and its exit code.
    std::string rest(int& code) {
        int status = 0;
        const bool ended = eventually([&] {
            take();
            return ::waitpid(pid_, &status, WNOHANG) == pid_;
        });
        take();
        if (ended) pid_ = -1;
        code = ended && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        return text_;
    }
    const std::string& seen() const { return text_; }

private:
    void take() {
        char room[4096];
        pollfd watched{terminal_, POLLIN, 0};
        while (::poll(&watched, 1, 0) > 0) {
            const ssize_t got = ::read(terminal_, room, sizeof room);
            if (got <= 0) return;
            text_.append(room, static_cast<std::size_t>(got));
        }
    }
    int terminal_ = -1;
    pid_t pid_ = -1;
    std::string text_;
};

}  // namespace

TEST_CASE("status, explain, alarms, outputs and mode print text and JSON") {
    const Running site;
    CHECK(site.comes("status", "52.30 V"));
    CHECK(site.comes("status", "primary-s21-revenue"));
    CHECK(site.comes("outputs list", "primary-s21 "));
    CHECK(site.json_of("status")["battery"]["stage"] == "optimal");
    CHECK(site.json_of("explain").contains("heat-room/fan"));
    CHECK(site.json_of("explain 'Dump Load S19 #1'")["load"] == "dump-load-s19-1");
    CHECK(site.json_of("alarms").is_array());
    CHECK(site.json_of("outputs list").size() == 3);
    CHECK(site.json_of("mode") == json{{"mode", "balanced"}, {"running", true}});
    CHECK(has(site.call("mode").out, "● balanced"));
    CHECK(site.comes("explain dump-load-s19-1", "next      Needs 54.50 V, 2.2 V more"));
    CHECK_FALSE(has(site.call("status").out, "\033["));
    CHECK(has(site.call("status --color always").out, "\033["));
    site.tell("gx", {"fault", "gx", "silent", "60"});
    CHECK(site.comes("alarms", "source_failing"));
    CHECK(site.comes("status", "! "));
    site.check_refused("explain dump-lod-s19-1", "unknown load: dump-lod-s19-1; choose from: dump-load-s19-1 charge");
}

TEST_CASE("override: shows the verdict, and a refusal its rule") {
    const Running site;
    REQUIRE_MESSAGE(site.wait_for_command("miner1", "ON"), site.call("explain primary-s21-revenue").out);
    const Ended off = site.call("override primary-s21-revenue off --for 30m");
    CAPTURE(off.out);
    CHECK(off.code == 0);
    CHECK(has(off.out, "primary-s21-revenue: override off until 12:"));
    CHECK(has(off.out, "\n  the rules: "));
    CHECK(site.wait_for_command("miner1", "OFF"));
    CHECK(site.json_of("explain primary-s21-revenue")["override"] == "off");

    // Below its emergency voltage no override starts it: the answer says so.
    const Ended on = site.call("override 'Dump Load S19 #1' on");
    CHECK(on.code == 0);
    CHECK(has(on.out, "dump-load-s19-1: override on until "));
    const Ended ended = site.call("override primary-s21-revenue auto");
    CHECK(has(ended.out, "override auto: the rules decide"));
    CHECK(site.json_of("override heat-room/fan off --for ever")["override"] == "off");
    CHECK(site.json_of("override heat-room/fan 3 --for 5m")["wanted"] == "3");
    const Ended dry = site.call("override dump-load-s19-1 off --dry-run");
    CHECK(has(dry.out, "would switch"));
    CHECK(has(dry.out, "nothing was changed"));

    site.check_refused("override nobody on", "unknown load: nobody; choose from:");
    site.check_refused("override charge on", "unknown load: charge");
    site.check_refused("override primary-s12-revenue off", "choose from: primary-s21-revenue dump-load-s19-1");
    site.check_refused("override primary-s21-revenue maybe", "expected auto, on or off");
    site.check_refused("override primary-s21-revenue 5", "only a fan has levels");
    site.check_refused("override primary-s21-revenue on --for ever", "nearest allowed 24h");
    site.check_refused("override primary-s21-revenue on --for 3d", "nearest allowed 24h");
    site.check_refused("override heat-room/fan 99", "10");
    site.check_refused("override primary-s21-revenue", "STATE is missing: auto, on, off, or a fan's level", 2);
}

TEST_CASE("mode: applies at once, or in the database without voltd") {
    Running site;
    const Ended set = site.call("mode off");
    CAPTURE(set.out);
    CHECK(set.code == 0);
    CHECK(has(set.out, "mode balanced -> off; the rules:"));
    CHECK(has(set.out, "primary-s21-revenue: "));
    CHECK(site.json_of("mode")["mode"] == "off");
    CHECK(has(site.call("mode off").out, "mode off, unchanged"));
    CHECK(has(site.call("mode balanced --dry-run").out, "nothing was changed"));
    CHECK(site.json_of("mode")["mode"] == "off");
    site.check_refused("mode balancd", "unknown mode: balancd; choose from: balanced aggressive conservative off");
    site.voltd->signal(SIGTERM);
    REQUIRE(site.voltd->wait() == 0);
    CHECK(site.json_of("mode") == json{{"mode", "off"}, {"running", false}});
    const Ended without = site.call("mode conservative");
    CAPTURE(without.out);
    CHECK(without.code == 0);
    CHECK(has(without.out, "operating_mode: off -> conservative"));
    CHECK(has(without.out, "takes effect when it starts"));
    CHECK(has(site.sql("SELECT operating_mode FROM user_preferences"), "conservative"));
    for (const char* command : {"status", "explain", "alarms", "outputs list", "outputs test primary-s21", "safe-mode end",
                                "override primary-s21-revenue off", "watch --for 0"}) {
        site.check_refused(command, "voltd is not reachable at " + (site.dir / "api.sock"), 3);
        site.check_refused(command, "Start it with the same --config FILE", 3);
    }
}

TEST_CASE("refuses a wrong token with a remedy") {
    const Running site;
    write_file(site.dir / "wrong", std::string(64, '0') + "\n");
    for (const char* command :
         {"status", "mode", "override primary-s21-revenue off", "outputs list", "alarms", "safe-mode end"}) {
        const std::string by_url = fmt::format("{} --url http://127.0.0.1:{} --token-file ", command, site.api_port);
        site.check_refused(by_url + (site.dir / "wrong"), "does not belong to this voltd");
        site.check_refused(by_url + (site.dir / "none"), "join the group voltd");
    }
    site.check_refused("safe-mode end", "safe mode");
}

TEST_CASE("the stop works with a file that voltd refuses") {
    const Running site;
    write_file(site.config_path(), read_file(site.config_path()) + "victrom: {}\n");
    const Ended stop = site.call("mode off");
    CAPTURE(stop.out);
    CHECK(stop.code == 0);
    CHECK(has(stop.out, "unknown key); voltd is still running with the previous configuration"));
    CHECK(has(stop.out, "mode balanced -> off; the rules:"));
    CHECK(has(site.call("mode").out, "● off"));
    for (const char* command : {"prefs set voltage_low=47.2", "miners set dump-load-s19-1 start_voltage=54.6",
                                "override primary-s21-revenue off", "alarms"})
        CHECK(site.call(command).code == 0);
    std::filesystem::remove(site.config_path());  // a missing file is also reported, and blocks nothing
    const Ended gone = site.call(fmt::format("mode balanced --url http://127.0.0.1:{}", site.api_port) + " --token-file " +
                                 (site.dir / "token"));
    CAPTURE(gone.out);
    CHECK(gone.code == 0);
    CHECK(has(gone.out, "mode off -> balanced"));
    const Ended lost = site.call("alarms");
    CHECK(lost.code == 3);
    CHECK(has(lost.out, "warning: " + site.config_path() + " file not found"));
}

TEST_CASE("outputs test queries the device, and refuses unknown ones") {
    const Running site;
    CHECK(eventually([&] { return has(site.call("outputs test primary-s21").out, "primary-s21: answered after "); }));
    CHECK(site.json_of("outputs test primary-s21")["ok"] == true);
    site.check_refused("outputs test primary-s12", "unknown output: primary-s12; choose from: primary-s21 ");
    site.tell("relays", {"fault", "relay:miner1", "deaf", "600"});  // its telemetry continues, every second
    site.check_refused("outputs test primary-s21", "primary-s21: it sends telemetry but did not answer within 3 s");
    site.tell("relays", {"fault", "relay:miner1", "none", "1"});
    site.relays->signal(SIGSTOP);
    site.check_refused("outputs test primary-s21", "primary-s21: the device did not answer for 3 s");
    site.relays->signal(SIGCONT);
    REQUIRE(eventually([&] { return has(site.call("outputs test primary-s21").out, "reports on, as commanded"); }));
}

TEST_CASE("--url: changes only that voltd's settings, history and mode") {
    const Running site;
    const std::string here = site.dir / "here.db", token = site.dir / "token";
    const auto database = [&](const std::string& arguments) {
        return shell(VOLT_BINARY_DIR "/voltctl " + arguments + " --database " + here);
    };
    REQUIRE(database("db migrate").code == 0);
    const std::string before =
        database("prefs show --json").out + database("miners list --json").out + database("zones list --json").out;
    write_file(site.dir / "here.yaml",
               "site: here\ndatabase: " + here + "\nmqtt: { url: mqtt://127.0.0.1:1883 }\nvictron: { host: 127.0.0.1 }\n");
    const std::string options = " --config " + (site.dir / "here.yaml") + " --token-file " + token;
    const std::string url = fmt::format(" --url http://127.0.0.1:{}", site.api_port);
    const auto there = [&](const std::string& arguments) {
        return shell(VOLT_BINARY_DIR "/voltctl " + arguments + options + url);
    };
    const auto says = [&](const std::string& arguments, const std::string& part, int code = 0) {
        const Ended ended = there(arguments);
        CAPTURE(arguments);
        CAPTURE(ended.out);
        CHECK(ended.code == code);
        CHECK(has(ended.out, part));
    };
    const std::string low = there("prefs set voltage_low=47.2").out;
    CHECK(has(low, "voltage_low: 47.0 -> 47.2 V\n"));
    CHECK(has(low, "warning: miner Primary S21+ (Revenue): stop_voltage 47.00 V is not above voltage_low 47.20 V"));
    CHECK(has(low, "\nsaved by voltd at http://127.0.0.1:"));
    CHECK(site.json_of("prefs show")["voltage_low"] == 47.2);
    says("prefs reset voltage_low", "47.2 -> 47.0 V");
    says("miners set dump-load-s19-1 start_voltage=54.8 --dry-run", "dry run: nothing was changed");
    says("miners set dump-load-s19-1 start_voltage=54.8", "start_voltage: 54.5 -> 54.8 V");
    says("miners set dump-load-s19-1 start_voltage=54.8", "nothing to change");
    const auto newest = [&] { return site.json_of("settings history --limit 1")[0]["change"].dump(); };
    says("settings undo " + newest() + " --dry-run", "dry run: nothing was changed");
    says("settings undo", "start_voltage: 54.8 -> 54.5 V");
    const std::string kept = newest();
    says("prefs set voltage_low=47.1", "47.0 -> 47.1 V");
    says("settings restore " + kept, "voltage_low: 47.1 -> 47.0 V");
    says("settings restore 2h", "the settings history does not go back that far", 1);
    says("settings history --limit 1", "voltage_low: 47.1 -> 47.0");
    says("miners set nobody enabled=no", "choose from:", 1);
    says(
        "miners add name='Third One' power_draw_w=1000 start_voltage=55 stop_voltage=53.5 emergency_stop_voltage=50 "
        "hvac_zone_id=heat-room",
        "miner third-one: added");
    says("miners rm third-one", "miner third-one: removed");
    // Answers of that voltd about a change and its configuration.
    says("miners set dump-load-s19-1 device_id=nothing --dry-run",
         "warning: miner Dump Load S19 #1: output \"nothing\" is not defined");
    CHECK(json::parse(there("miners set dump-load-s19-1 device_id=nothing --json").out)["warnings"].size() ==
          2);  // its own output has no load now
    says("miners set dump-load-s19-1 device_id=dump-load-s19-1", "device_id");
    says("mode conservative", "mode balanced -> conservative");
    const auto comes = [&](const std::string& arguments, const std::string& part) {
        return eventually([&] { return has(there(arguments).out, part); });
    };
    REQUIRE(comes("decisions", "primary-s21-revenue"));  // written a moment after the decision
    REQUIRE(comes("history --list", "battery.voltage_v"));
    says("decisions", "primary-s21-revenue");
    says("history --list", "battery.voltage_v");
    says("history battery.voltage_v --last 5m", "time,battery.voltage_v\n");
    says("history battery.volts", "battery.voltage_v", 1);
    for (const char* local : {"db status", "db acknowledge"}) says(local, "works on the database file", 1);
    says("prefs set voltage_low=47.2 --database " + here, "use only one of them", 2);
    const std::string gone = there("prefs set voltage_low=47.3 --url http://127.0.0.1:1").out;
    CHECK(has(gone, "--url"));  // given twice
    const Ended nobody = shell(VOLT_BINARY_DIR "/voltctl prefs set voltage_low=47.3" + options + " --url http://127.0.0.1:1");
    CHECK(nobody.code == 3);
    CHECK(has(nobody.out, "nothing is listening there"));
    CHECK(database("prefs show --json").out + database("miners list --json").out + database("zones list --json").out == before);
}

TEST_CASE("two concurrent writers keep both edits whole") {
    const Running site;
    const std::string command = VOLT_BINARY_DIR "/voltctl --config " + site.config_path();
    const Ended both = shell("for i in 1 2 3 4 5; do " + command + " mode off & " + command +
                             " miners set dump-load-s19-1 start_voltage=54.$i stop_voltage=53.1 & done; wait; echo all");
    CAPTURE(both.out);
    CHECK(has(both.out, "all\n"));
    CHECK_FALSE(has(both.out, "locked"));
    CHECK(site.json_of("mode")["mode"] == "off");
    CHECK(site.json_of("miners show dump-load-s19-1")["stop_voltage"] == 53.1);
}

TEST_CASE("watch: redraws, resizes, survives a restart, and restores the terminal") {
    Running site;
    OnTerminal watch(VOLT_BINARY_DIR "/voltctl watch --interval 0.2 --config " + site.config_path(), 80, 24);
    REQUIRE(watch.shows("\033[?1049h"));
    CHECK(watch.shows("52.30 V"));
    CHECK(watch.shows("\033[H"));
    watch.resize(50, 12);
    CHECK(watch.shows("more lines"));
    watch.resize(80, 24);
    site.voltd->signal(SIGTERM);
    REQUIRE(site.voltd->wait() == 0);
    CHECK(watch.shows("not reachable"));
    CHECK(::unlink((site.dir / "token").c_str()) == 0);  // like systemd does with /run/voltd
    site.pin({51.20, 8450, 1850});
    site.start_voltd();
    CHECK(watch.shows("51.20 V"));
    watch.type("\003");
    int code = -1;
    const std::string rest = watch.rest(code);
    CHECK(code == 0);
    CHECK(has(rest, "\033[?25h\033[?1049l"));
    CHECK_FALSE(has(watch.seen(), "\033[2J"));
}

TEST_CASE("config: checks the file with its database, and its schema") {
    const Running site;
    const Ended good = site.call("config check");
    CAPTURE(good.out);
    CHECK(good.code == 0);
    CHECK(has(good.out, "voltd.yaml: OK, no problems"));
    CHECK(site.json_of("config check")["ok"] == true);
    // Reports what waits for a reload, by voltd's copy of the file in force.
    const std::string text = read_file(site.config_path()), state = "STATE_DIRECTORY=" + site.dir.path() + " ";
    const auto check = [&] {
        return shell(state + VOLT_BINARY_DIR "/voltctl --config " + site.config_path() + " config check").out;
    };
    write_file(site.dir / "voltd.yaml.good", text);
    CHECK_FALSE(has(check(), "not active yet"));
    write_file(site.config_path(), text + "log_level: debug\n");
    CHECK(has(check(), "not active yet (systemctl reload voltd):\n  log_level: default -> \"debug\"\n"));
    write_file(site.config_path(), text);
    CHECK(json::parse(site.call("config schema").out)["title"] == "voltd.yaml");
    const std::string broken = site.dir / "broken.yaml";
    write_file(broken, "site: x\nmqqt: { url: mqtt://127.0.0.1 }\n");
    const Ended bad = site.call("config check " + broken);
    CHECK(bad.code == 1);
    CHECK(has(bad.out, broken + ":2:1: mqqt: "));
    CHECK(has(bad.out, "mqtt"));
    CHECK(has(bad.out, ": rejected, "));
    CHECK(site.call("config check " + (site.dir / "none.yaml")).code == 1);
    site.sql("UPDATE user_preferences SET timezone = 'Amerika/Los_Angeles'");
    CHECK(has(site.call("config check").out, "timezone \"Amerika/Los_Angeles\""));
}
