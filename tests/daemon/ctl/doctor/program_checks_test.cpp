// Tests of the groups permissions, config, database and service.
#include <sys/stat.h>

#include "daemon/ctl/doctor/checks.hpp"
#include "tests/daemon/ctl/doctor/spoiled.hpp"

using namespace volt;
using namespace volt::ctl::doctor;

namespace program_checks_test {

namespace {

PathRights rights(const char* path, uid_t owner, gid_t group, mode_t mode) {
    return {
        .path = path, .exists = true, .owner = owner, .group = group, .mode = mode, .owner_name = owner == 0 ? "root" : "voltd"};
}

constexpr uid_t volt_user = 990;

}  // namespace

TEST_CASE("doctor passes and fails each check of the permissions") {
    const PermissionFacts good{.voltd = Account{volt_user, volt_user, "voltd"},
                               .config = rights("/etc/voltd/voltd.yaml", 0, volt_user, S_IFREG | 0640),
                               .directory = rights("/var/lib/voltd", volt_user, volt_user, S_IFDIR | 02770),
                               .database = rights("/var/lib/voltd/voltd.db", volt_user, volt_user, S_IFREG | 0660),
                               .socket = rights("/run/voltd/api.sock", volt_user, volt_user, S_IFSOCK | 0660),
                               .token = rights("/run/voltd/token", volt_user, volt_user, S_IFREG | 0640),
                               .credentials = {rights("/etc/credstore/voltd.mqtt.password", 0, 0, S_IFREG | 0600)},
                               .in_group = true};
    using Facts = PermissionFacts;
    check_each<Facts>(
        good, permission_checks,
        {{"permissions.config", Outcome::fail, [](Facts& it) { it.config.mode = S_IFREG | 0646; }, "0646"},
         {"permissions.config", Outcome::fail, [](Facts& it) { it.config.mode = S_IFREG | 0600; }, "user voltd cannot read it"},
         {"permissions.config", Outcome::fail, [](Facts& it) { it.config.group = 0; }},
         {"permissions.config", Outcome::ok, [](Facts& it) { it.config.group = 0, it.config.mode = S_IFREG | 0644; }},
         {"permissions.config", Outcome::skipped, [](Facts& it) { it.config.exists = false; }, "does not exist"},
         {"permissions.state", Outcome::fail, [](Facts& it) { it.directory.owner = 0, it.directory.owner_name = "root"; },
          "belongs to root"},
         {"permissions.state", Outcome::fail, [](Facts& it) { it.directory.mode = S_IFDIR | 0777; }},
         {"permissions.state", Outcome::fail, [](Facts& it) { it.database.mode = S_IFREG | 0664; }},
         {"permissions.state", Outcome::skipped, [](Facts& it) { it.database.seen = false; }, "permission denied"},
         {"permissions.socket", Outcome::fail, [](Facts& it) { it.socket.mode = S_IFSOCK | 0666; }},
         {"permissions.socket", Outcome::skipped, [](Facts& it) { it.socket.exists = false; }, "not running"},
         {"permissions.token", Outcome::fail, [](Facts& it) { it.token.mode = S_IFREG | 0644; }},
         {"permissions.token", Outcome::fail, [](Facts& it) { it.token.owner = 0; }},
         {"permissions.credstore", Outcome::fail, [](Facts& it) { it.credentials.front().mode = S_IFREG | 0644; }},
         {"permissions.credstore", Outcome::fail, [](Facts& it) { it.credentials.front().owner = volt_user; }},
         {"permissions.credstore", Outcome::skipped, [](Facts& it) { it.credentials_seen = false; }},
         {"permissions.group", Outcome::warn, [](Facts& it) { it.in_group = false; }},
         {"permissions.group", Outcome::skipped, [](Facts& it) { it.in_group.reset(); }}});
}

TEST_CASE("doctor makes a check of each configuration finding") {
    const ConfigFacts good{.path = "/etc/voltd/voltd.yaml"};
    using Facts = ConfigFacts;
    const Problem lease{"voltd.yaml", {12, 5}, "outputs[0].lease_s", "is 20", "0 or 30 to 6500 s"};
    const Problem miner{"voltd.db", {}, "miner Dump Load S19 #1", "it has no output", advice("voltctl miners set")};
    const Problem whole{"voltd.yaml", {3, 1}, "", "is not YAML", advice("mend it")};
    check_each<Facts>(
        good, config_checks,
        {{"config.file", Outcome::fail, [&](Facts& it) { it.findings.problems = {whole}; }, "voltd.yaml:3: is not YAML"},
         {"config.outputs[0].lease_s", Outcome::fail, [&](Facts& it) { it.findings.problems = {lease}; },
          "voltd.yaml:12: outputs[0].lease_s"},
         {"config.miner.dump-load-s19-1", Outcome::warn, [&](Facts& it) { it.findings.warnings = {miner}; }, "it has no output"},
         {"config.running", Outcome::warn,
          [](Facts& it) {
              it.not_in_force = {"mqtt.url", "outputs"};
          },
          "mqtt.url, outputs"},
         {"config.wired", Outcome::warn, [](Facts& it) { it.unwired = {"miner dump-load-s19-2"}; }}});
    Facts twice = good;
    twice.findings.warnings = {miner};
    twice.elsewhere = {miner.key + miner.what};
    for (const Check& check : config_checks(twice)) CHECK_MESSAGE(check.opinion.outcome == Outcome::ok, described(check));
}

TEST_CASE("doctor passes and fails each check of the database") {
    const DatabaseFacts good{.path = "/var/lib/voltd/voltd.db",
                             .version = 9,
                             .latest = 9,
                             .complaint = "",
                             .age_days = 90,
                             .newest_copy_days = 3,
                             .backup_days = 6};
    using Facts = DatabaseFacts;
    check_each<Facts>(
        good, database_checks,
        {{"database.open", Outcome::fail, [](Facts& it) { it.condition = Condition::broken, it.text = "malformed"; },
          "malformed"},
         {"database.open", Outcome::fail, [](Facts& it) { it.condition = Condition::unreadable, it.text = "locked"; }, "locked"},
         {"database.open", Outcome::fail, [](Facts& it) { it.condition = Condition::refused, it.text = "newer"; }},
         {"database.open", Outcome::skipped, [](Facts& it) { it.condition = Condition::absent; }},
         {"database.open", Outcome::skipped, [](Facts& it) { it.hidden = true; }, "permission denied"},
         {"database.open", Outcome::skipped, [](Facts& it) { it.hidden = true; }, "permission denied"},
         {"database.schema", Outcome::fail, [](Facts& it) { it.refused = "schema 12 is newer than this program"; }},
         {"database.schema", Outcome::fail, [](Facts& it) { it.version = 8, it.pending = {"sessions"}, it.voltd_runs = true; },
          "sessions"},
         {"database.schema", Outcome::ok, [](Facts& it) { it.version = 8, it.pending = {"sessions"}; }},
         {"database.quick_check", Outcome::fail, [](Facts& it) { it.complaint = "row 7 missing from index"; }, "row 7"},
         {"database.quick_check", Outcome::skipped, [](Facts& it) { it.complaint.reset(); }},
         {"database.restored", Outcome::fail, [](Facts& it) { it.note = "the file was damaged"; }},
         {"database.copies", Outcome::warn, [](Facts& it) { it.newest_copy_days = 8; }, "8 days"},
         {"database.copies", Outcome::warn, [](Facts& it) { it.newest_copy_days.reset(); }, "no complete copy"},
         {"database.copies", Outcome::ok, [](Facts& it) { it.newest_copy_days.reset(), it.age_days = 7; }},
         {"database.backup", Outcome::ok, [](Facts& it) { it.backup_days = 29; }, "29 days"},
         {"database.backup", Outcome::warn, [](Facts& it) { it.backup_days = 30; }, "30 days"},
         {"database.backup", Outcome::warn, [](Facts& it) { it.backup_error = "the disk is full"; }, "the disk is full"},
         {"database.backup", Outcome::warn, [](Facts& it) { it.backup_gone = "/media/a.tar.gz"; }, "missing: /media/a.tar.gz"},
         {"database.backup", Outcome::warn, [](Facts& it) { it.backup_days.reset(); }, "there is no backup"},
         {"database.backup", Outcome::ok, [](Facts& it) { it.backup_days.reset(), it.age_days = 7; }, "no backup yet"}});
}

TEST_CASE("doctor names remedies for missing configuration and locked database") {
    const ParsedConfig none = load_config("/nonexistent/voltd.yaml");
    const auto config = config_checks({.path = "/nonexistent/voltd.yaml", .findings = {none.problems, {}}});
    REQUIRE(!config.empty());
    CHECK(config.front().opinion.text.find("file not found") != std::string::npos);
    CHECK(config.front().opinion.remedy == "sudo voltctl init");
    const auto database = database_checks({.path = "/d.db", .condition = Condition::unreadable, .text = "database is locked"});
    CHECK(database.front().opinion.remedy == "stop the program that holds it (sudo fuser /d.db), then: voltctl doctor database");
}

TEST_CASE("doctor passes and fails each check of the service") {
    const ServiceFacts good{.managed = true,
                            .active = "active",
                            .enabled = "enabled",
                            .watchdog_us = 30'000'000,
                            .running_version = "1.2.0",
                            .installed_version = "1.2.0",
                            .voltd_runs = true};
    using Facts = ServiceFacts;
    check_each<Facts>(good, service_checks,
                      {{"service.active", Outcome::fail, [](Facts& it) { it.active = "failed"; }, "failed"},
                       {"service.enabled", Outcome::warn, [](Facts& it) { it.enabled = "disabled"; }},
                       {"service.restarts", Outcome::ok, [](Facts& it) { it.restarts = 3; }},
                       {"service.restarts", Outcome::warn, [](Facts& it) { it.restarts = 4; }, "4 times"},
                       {"service.restarts", Outcome::fail, [](Facts& it) { it.safe_mode = "Safe mode is on"; }},
                       {"service.watchdog", Outcome::fail, [](Facts& it) { it.watchdog_us = 0; }},
                       {"service.version", Outcome::warn, [](Facts& it) { it.installed_version = "1.3.0"; }, "1.3.0"},
                       {"service.version", Outcome::skipped, [](Facts& it) { it.running_version.clear(); }}});
    Facts by_hand{.running_version = "1.2.0", .installed_version = "1.2.0", .voltd_runs = true};
    for (const Check& check : service_checks(by_hand)) CHECK_MESSAGE(is_calm(check), described(check));
}

}  // namespace program_checks_test
