#include "daemon/site/system_alarms.hpp"

#include <doctest/doctest.h>

using namespace volt;

TEST_CASE("maps a device's alarm levels to warning and critical") {
    SourceHealth bms;
    bms.name = "victron.battery";
    bms.complaint = "warning LowSoc (272)";
    CHECK(alarms_of(std::vector{bms}, {}, 0s).empty());
    bms.complaint_level = 1;
    auto alarms = alarms_of(std::vector{bms}, {}, 0s);
    REQUIRE(alarms.size() == 1);
    CHECK(alarms[0].code == AlarmCode::device_warning);
    CHECK(alarms[0].subject == "victron.battery");
    CHECK(alarms[0].text.find("warning LowSoc (272)") != std::string::npos);
    bms.complaint_level = 2;
    alarms = alarms_of(std::vector{bms}, {}, 0s);
    REQUIRE(alarms.size() == 1);
    CHECK(alarms[0].code == AlarmCode::device_fault);
    CHECK(facts_of(alarms[0].code).severity == Severity::critical);
    bms.consecutive_failures = failures_until_alarm;  // gone, so its last report is old
    alarms = alarms_of(std::vector{bms}, {}, 0s);
    REQUIRE(alarms.size() == 1);
    CHECK(alarms[0].code == AlarmCode::source_failing);
}

TEST_CASE("raises an alarm at the third failure in a row") {
    SourceHealth gx;
    gx.name = "victron.system";
    gx.last_error = "no answer in 1,000 ms";
    gx.consecutive_failures = 2;
    CHECK(alarms_of(std::vector{gx}, {}, 0s).empty());
    gx.consecutive_failures = 3;
    const auto alarms = alarms_of(std::vector{gx}, {}, 0s);
    REQUIRE(alarms.size() == 1);
    CHECK(alarms[0].code == AlarmCode::source_failing);
    CHECK(alarms[0].subject == "victron.system");
    CHECK(alarms[0].text == "victron.system failed 3 times in a row: no answer in 1,000 ms");
}

TEST_CASE("reports a full disk instead of a failing database") {
    StoreHealth store;
    CHECK(alarms_of(store).empty());
    store.failing = store.disk_full = true;
    REQUIRE(alarms_of(store).size() == 1);
    CHECK(alarms_of(store)[0].code == AlarmCode::disk_full);
    store.disk_full = false;
    store.restored = true;
    REQUIRE(alarms_of(store).size() == 2);
    CHECK(alarms_of(store)[0].code == AlarmCode::database_failing);
    CHECK(alarms_of(store)[0].remedy.empty());  // remedy of the code: check the disk
    store.not_ours = "/var/lib/voltd/voltd.db";
    CHECK(alarms_of(store)[0].remedy == "Give it back to voltd: sudo chown voltd:voltd /var/lib/voltd/voltd.db");
    CHECK(alarms_of(store)[1].code == AlarmCode::database_restored);
}

TEST_CASE("treats damaged settings as critical, clock jumps as warnings") {
    StoreHealth store;
    store.settings_damaged = "stop_voltage is 43.25, was 47.25";
    store.clock_jumped = "The clock jumped forward";
    Settings settings;
    settings.left_out = {"miner_profiles has 300 rows"};
    std::vector<SystemAlarm> active = alarms_of(store);
    for (const SystemAlarm& alarm : alarms_of(settings, "")) active.push_back(alarm);
    const std::vector<SiteAlarm> alarms = SystemAlarms().update(active, 1s);
    REQUIRE(alarms.size() == 3);
    CHECK(alarms[0].code == AlarmCode::settings_damaged);
    CHECK(alarms[0].severity == "critical");
    CHECK(alarms[0].text == store.settings_damaged);
    CHECK(alarms[1].code == AlarmCode::clock_jumped);
    CHECK(alarms[1].severity == "warning");
    CHECK(alarms[2].code == AlarmCode::settings_cut);
    CHECK(alarms[2].text == "miner_profiles has 300 rows");
}

TEST_CASE("raises backup_failed after two errors or 15 days") {
    constexpr Utc now{1'750'000'000'000}, day = std::chrono::hours{24};
    const BackupLog none{.newest = {}, .begun = now - 16 * day, .error = {}};
    REQUIRE(alarms_of(none, true, now).size() == 1);
    CHECK(alarms_of(none, true, now)[0].code == AlarmCode::backup_failed);
    CHECK(alarms_of(none, true, now)[0].text == "The database is 16 days old, and no backup was made yet");
    CHECK(alarms_of(none, false, now).empty());
    CHECK(alarms_of(none, true, std::nullopt).empty());
    const BackupLog old{.newest = now - 15 * day, .begun = now - 400 * day, .error = {}};
    CHECK(alarms_of(old, true, now).empty());
    CHECK(alarms_of(old, true, now + 1ms).size() == 1);
    CHECK(alarms_of(old, true, now + day)[0].text == "The newest backup is 16 days old: the weekly one is not made");
    const BackupLog failing{.newest = now - day, .begun = now - 400 * day, .error = "the stick is full"};
    REQUIRE(alarms_of(failing, false, std::nullopt).size() == 1);
    CHECK(alarms_of(failing, false, now)[0].text == "The last two backups failed: the stick is full");
    CHECK(alarms_of(BackupLog{}, true, now).empty());  // the database is unknown
}

TEST_CASE("keeps an alarm's since until it clears") {
    SystemAlarms alarms;
    const std::vector<SystemAlarm> one{{AlarmCode::broker_hung, "", "x"}};
    CHECK(alarms.update(one, 10s).at(0).since == 10s);
    CHECK(alarms.update(one, 20s).at(0).since == 10s);
    CHECK(alarms.update({}, 30s).empty());
    CHECK(alarms.update(one, 40s).at(0).since == 40s);
}

TEST_CASE("treats a rejected file as critical only after fallback") {
    SystemAlarms alarms;
    CHECK(std::string(alarms.update({{AlarmCode::config_rejected, "", "x"}}, 1s).at(0).severity) == "warning");
    CHECK(std::string(alarms.update({{AlarmCode::config_rejected, "", "x", true}}, 2s).at(0).severity) == "critical");
}

TEST_CASE("raises one alarm for a silent device with its address") {
    std::vector<SourceHealth> units(3);
    const char* const names[] = {"victron.battery", "victron.system", "victron.vebus"};
    for (std::size_t i = 0; i < units.size(); ++i) {
        units[i].name = names[i];
        units[i].fault = Fault::reconnect;
        units[i].consecutive_failures = 7 - i;
        units[i].last_error = "no complete reply in time";
        units[i].ever_succeeded = true;
        units[i].last_success = 10s;
    }
    units[2].fault = Fault::absent;  // never existed
    const std::vector<PolledDevice> devices{
        {"victron", "GX", "192.168.1.20", 502, "is it powered and on the network? is Modbus TCP on?"},
        {"sol_ark", "Sol-Ark", "192.168.1.30", 502, "powered?"}};
    auto alarms = alarms_of(units, devices, 80s);
    REQUIRE(alarms.size() == 1);
    CHECK(alarms[0].code == AlarmCode::source_failing);
    CHECK(alarms[0].subject == "victron");
    CHECK(alarms[0].text ==
          "The GX at 192.168.1.20:502 has not answered for 70 s (is it powered and on the network? is Modbus TCP on?)");
    CHECK(alarms_of(units, devices, 80s)[0].remedy == "Check its power and network: voltctl probe 192.168.1.20");
    for (SourceHealth& unit : units) unit.ever_succeeded = false;
    CHECK(alarms_of(units, devices, 80s)[0].text.find("has not answered since voltd started") != std::string::npos);
    units[1].fault.reset();
    units[1].consecutive_failures = 0;
    units[2].consecutive_failures = 0;
    alarms = alarms_of(units, devices, 80s);
    REQUIRE(alarms.size() == 1);
    CHECK(alarms[0].subject == "victron.battery");
    CHECK(alarms[0].text == "victron.battery failed 7 times in a row: no complete reply in time");
    CHECK(alarms[0].remedy == "See what answers there: voltctl probe 192.168.1.20");
}
