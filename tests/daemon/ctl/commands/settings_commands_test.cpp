// Tests of voltctl prefs, miners, zones and settings as processes, on real files, without a daemon.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "drivers/store/recovery/database.hpp"
#include "tests/fakes/process.hpp"

using namespace volt;

namespace settings_commands_test {

using nlohmann::json;

namespace {

struct Ended {
    int code = -1;
    std::string out, errors;
};

class Cli {
public:
    Cli() {
        const auto opened = open_database(database(), built_in_migrations(), {});
        REQUIRE(opened.ok());
    }

    std::string database() const { return directory_ / "voltd.db"; }
    std::string file(const std::string& name) const { return directory_ / name; }

    Ended bare(const std::string& arguments) const {
        const std::string command = std::string(VOLTCTL) + " " + arguments + " >" + file("out") + " 2>" + file("err");
        const int status = std::system(command.c_str());
        return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, volt::testing::read_file(file("out")),
                volt::testing::read_file(file("err"))};
    }
    Ended call(const std::string& arguments) const { return bare(arguments + " --database " + database()); }
    json shown(const std::string& arguments) const {
        const Ended ended = call(arguments + " --json");
        CHECK_MESSAGE(ended.code == 0, ended.out, ended.errors);
        return json::parse(ended.out);
    }

private:
    volt::testing::TempDir directory_;
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("shows units for people and every column for programs") {
    const Cli cli;
    const Ended prefs = cli.call("prefs show");
    CHECK(prefs.code == 0);
    CHECK(has(prefs.out, "voltage_low"));
    CHECK(has(prefs.out, "47.0 V"));
    CHECK(has(prefs.out, "5.00..150.00 in steps of 0.01; or null"));
    CHECK_FALSE(has(prefs.out, "\033"));
    const json all = cli.shown("prefs show");
    CHECK(all["voltage_low"] == 47.0);
    CHECK(all["inverter_max_w"] == 12000);
    CHECK(all["reserve_voltage"] == nullptr);
    CHECK(all["voltage_curve"][1] == json{{"voltage", 47.0}, {"soc", 15}});
    CHECK_FALSE(all.contains("password_hash"));

    const Ended list = cli.call("miners list");
    CHECK(has(list.out, "primary-s21-revenue"));
    CHECK(has(list.out, "heat-room"));
    const json miners = cli.shown("miners list");
    CHECK(miners.size() == 2);
    CHECK(miners[0]["slug"] == "primary-s21-revenue");
    CHECK(miners[0]["enabled"] == true);
    CHECK(cli.shown("zones list").size() == 2);
    CHECK(cli.shown("zones show 'Heat Room'")["temp_too_hot"] == 40.0);
}

TEST_CASE("sets values, null and a curve, with dry run") {
    const Cli cli;
    const Ended dry = cli.call("miners set primary-s21-revenue start_voltage=50.5 --dry-run");
    CHECK(dry.code == 0);
    CHECK(dry.out == "miner primary-s21-revenue\n  start_voltage: 50.0 -> 50.5 V\ndry run: nothing was changed\n");
    CHECK(cli.shown("miners show primary-s21-revenue")["start_voltage"] == 50.0);
    const Ended set = cli.call("miners set primary-s21-revenue start_voltage=50.5 enabled=no");
    CHECK(set.out ==
          "miner primary-s21-revenue\n  start_voltage: 50.0 -> 50.5 V\n  enabled: true -> false\nsaved as change 6; undo: "
          "voltctl settings undo 6\n");
    CHECK(cli.call("miners set primary-s21-revenue enabled=no").out == "nothing to change\n");
    CHECK(cli.call("prefs set reserve_voltage=48").code == 0);
    CHECK(cli.shown("prefs show")["reserve_voltage"] == 48.0);
    CHECK(cli.call("prefs set reserve_voltage=inf").code == 1);
    CHECK(cli.shown("prefs show")["reserve_voltage"] == 48.0);
    CHECK(cli.call("prefs set reserve_voltage=none").code == 0);
    CHECK(cli.shown("prefs show")["reserve_voltage"] == nullptr);
    CHECK(cli.call("prefs set voltage_at_0_percent=44.8 voltage_curve=44.8:0,50:40.5,56:100").code == 0);
    CHECK(cli.call("prefs set 'voltage_curve=[{\"voltage\":44.8,\"soc\":0},{\"voltage\":56,\"soc\":100}]'").code == 0);
    CHECK(cli.shown("prefs show")["voltage_curve"].size() == 2);
    const json changed = cli.shown("zones set main-room temp_too_hot=36");
    CHECK(changed["written"] == true);
    CHECK(changed["changes"][0]["fields"]["temp_too_hot"] == json{{"before", 35.0}, {"after", 36.0}});
    CHECK(cli.call("prefs reset voltage_at_0_percent voltage_curve").code == 0);
    const auto all = cli.call("prefs reset </dev/null");  // all of them: asks first
    CHECK(all.code == 1);
    CHECK(all.errors.find("not confirmed") != std::string::npos);
    CHECK(cli.shown("prefs show")["voltage_curve"].size() == 6);
}

TEST_CASE("prints one sentence per problem and changes nothing") {
    const Cli cli;
    const Ended order = cli.call("miners set primary-s21-revenue stop_voltage=51.0");
    CHECK(order.code == 1);
    CHECK(order.out.empty());
    CHECK(order.errors == "voltctl: stop_voltage 51.0: must be under start_voltage (50.0); nearest allowed 49.99\n");
    const Ended two = cli.call("miners set primary-s21-revenue start_voltage=50.5 power_draw_w=x preferred_start=25:00");
    CHECK(two.code == 1);
    CHECK(two.errors ==
          "voltctl: power_draw_w x: must be a number, 1..20000\n"
          "voltctl: preferred_start 25:00: must be HH:MM, 00:00..23:59\n");
    CHECK(cli.shown("miners show primary-s21-revenue")["start_voltage"] == 50.0);
    CHECK(cli.call("prefs set volatge_low=47").errors == "voltctl: volatge_low: no such field; nearest is voltage_low\n");
    CHECK(cli.call("miners set nobody enabled=no").errors ==
          "voltctl: no miner nobody; choose from: primary-s21-revenue dump-load-s19-1\n");
    CHECK(cli.call("miners set primary-s21-revenue enabled").errors == "voltctl: enabled: write KEY=VALUE\n");
    CHECK(cli.call("prefs set voltage_low=46 voltage_low=47").errors == "voltctl: voltage_low is given twice\n");
    const Ended machine = cli.call("miners set dump-load-s19-1 device_id=primary-s21 --json");
    CHECK(machine.code == 1);
    CHECK(json::parse(machine.out)["field"] == "device_id");
    CHECK(cli.call("miners set primary-s21-revenue").code == 2);
    CHECK(cli.call("miners").code == 2);
    CHECK(cli.call("miners paint x").code == 2);
    CHECK(cli.bare("prefs --help").code == 0);
}

TEST_CASE("confirms before ending the cold charge guard") {
    const Cli cli;
    for (const char* command : {"zones set heat-room block_charging_enabled=no", "zones set heat-room enabled=no",
                                "zones set heat-room enabled=no --dry-run"}) {
        CAPTURE(command);
        const Ended refused = cli.call(std::string(command) + " </dev/null");
        CHECK(refused.code == 1);
        CHECK(has(refused.errors, "this ends the charging guard below 0.0 °C"));
        CHECK(has(refused.errors, "--end-guard"));
    }
    const Ended asked = cli.call("zones set heat-room enabled=no --json </dev/null");
    CHECK(asked.code == 1);
    CHECK(json::parse(asked.out)["field"] == "block_charging_enabled");
    CHECK(cli.shown("zones show heat-room")["enabled"] == true);
    CHECK(cli.call("zones set main-room block_charging_enabled=yes").code == 0);
    CHECK_MESSAGE(cli.call("zones set heat-room block_charging_enabled=no").code == 0, "another zone guards");
    CHECK(cli.call("zones rm main-room </dev/null").code == 1);
    CHECK(cli.call("zones rm main-room --end-guard").code == 0);
    CHECK(cli.call("zones set heat-room enabled=no").code == 0);
}

TEST_CASE("adds, removes, lists history and restores") {
    const Cli cli;
    const Ended added = cli.call(
        "miners add 'name=Dump Load S19 #2' power_draw_w=3250 start_voltage=55 stop_voltage=53.5 emergency_stop_voltage=50 "
        "hvac_zone_id=heat-room device_id=dump-load-s19-2");
    CHECK_MESSAGE(added.code == 0, added.errors);
    CHECK(cli.shown("miners show dump-load-s19-2")["hvac_zone_id"] == "c0000000-0000-0000-0000-000000000001");
    CHECK(cli.call("zones rm heat-room").code == 1);
    CHECK(cli.call("miners rm dump-load-s19-2 --dry-run").code == 0);
    CHECK(cli.call("miners rm dump-load-s19-2").out ==
          "miner dump-load-s19-2: removed\nsaved as change 7; undo: voltctl settings undo 7\n");
    const json log = cli.shown("settings history --limit 2");
    REQUIRE(log.size() == 2);
    CHECK(log[0]["what"] == "removed");
    CHECK(log[0]["who"].get<std::string>().rfind("voltctl ", 0) == 0);
    CHECK(has(cli.call("settings history --table miners --row dump-load-s19-2").out, "miner dump-load-s19-2 added"));
    const Ended dry = cli.call("settings restore 6 --dry-run");
    CHECK_MESSAGE(has(dry.out, "miner dump-load-s19-2: added"), dry.out, dry.errors);
    CHECK(cli.shown("miners list").size() == 2);
    CHECK(cli.call("settings restore 6").code == 0);
    CHECK(cli.shown("miners list").size() == 3);
    CHECK(cli.call("settings restore 1000").code == 1);
    CHECK(cli.call("settings undo").code == 0);
    CHECK(cli.shown("miners list").size() == 2);
    CHECK(cli.call("prefs set voltage_low=47.2").code == 0);
    const std::string last = std::to_string(cli.shown("settings history --limit 1")[0]["change"].get<int>());
    CHECK(cli.call("prefs set voltage_low=47.3").code == 0);
    const Ended moved = cli.call("settings undo " + last);
    CHECK(moved.code == 1);
    CHECK(has(moved.errors, ": it is 47.3 now; the change set it to 47.2"));
    CHECK(cli.call("settings history --limit 0").code == 2);
}

TEST_CASE("finds the database by option or configuration") {
    const Cli cli;
    const Ended missing = cli.bare("prefs show --database " + cli.file("none.db"));
    CHECK(missing.code == 1);
    CHECK(has(missing.errors, "none.db: the database does not exist yet; voltd creates it when it first starts"));
    const auto configure = [&](const std::string& text) { std::ofstream(cli.file("voltd.yaml")) << text; };
    configure("site: here\ndatabase: " + cli.database() +
              "\nmqtt: { url: mqtt://127.0.0.1:1883 }\nvictron: { host: 127.0.0.1 }\n");
    const Ended configured = cli.bare("--config " + cli.file("voltd.yaml") + " prefs set voltage_low=47.2");
    CHECK_MESSAGE(configured.code == 0, configured.errors);
    CHECK(cli.shown("prefs show")["voltage_low"] == 47.2);
    // The outputs of the default rows are in no file here. They were known before, so there is no warning; a new one causes one.
    const Ended warned = cli.bare("--config " + cli.file("voltd.yaml") + " miners set dump-load-s19-1 device_id=nowhere");
    CHECK(warned.code == 0);
    CHECK(has(warned.errors, "warning: "));
    CHECK(has(warned.errors, "nowhere"));
    configure("site: here\ndatabse: x\n");
    const Ended bad = cli.bare("prefs show --config " + cli.file("voltd.yaml"));
    CHECK(bad.code == 1);
    CHECK(has(bad.errors, "warning: " + cli.file("voltd.yaml") + " has "));
}

}  // namespace settings_commands_test
