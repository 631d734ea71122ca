#include "daemon/loop/cycle.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "daemon/journal/rule_state_codec.hpp"
#include "tests/daemon/captured.hpp"
#include "tests/fakes/site_io.hpp"
#include "tests/fakes/store.hpp"

using namespace volt;
using namespace volt::testing;

namespace {

const std::string yaml = R"(
site: solar-shack
victron: { host: 127.0.0.1, units: { system: 100, battery: 225 } }
sol_ark: { host: 127.0.0.1 }
mqtt: { url: "mqtt://127.0.0.1:1883" }
outputs:
  - { id: primary-s21, topic: miner1 }
  - { id: dump-load-s19-1, topic: miner2 }
control: { start_hold_s: 3, stop_hold_s: 3 }
)";

Miner s21() {
    Miner miner;
    miner.id = "11111111-0000-4000-8000-000000000001";
    miner.name = "Primary S21+ (Revenue)";
    miner.slug = "primary-s21-revenue";
    miner.power = 3878_W;
    miner.start = 5000_cV;
    miner.stop = 4700_cV;
    miner.emergency = 4500_cV;
    miner.operating_mode = OperatingMode::aggressive;
    miner.output_id = "primary-s21";
    miner.min_off = 5s;
    return miner;
}

/// Cycle over fakes, with time controlled by the test.
struct Bench {
    explicit Bench(const std::string& text = yaml) {
        auto first = std::make_shared<Settings>();
        first->miners = {s21()};
        settings = first;
        auto parsed = parse_config(text, "test.yaml");
        REQUIRE(parsed.config);
        config = *parsed.config;
        cycle = std::make_unique<Cycle>(CycleParts{mailbox, store, log, wall, [this] { return synchronised; }, exchanges}, config,
                                        settings, SiteFacts{"solar-shack", "test", {}, "simulated", {}},
                                        ZoneClock::load("America/Los_Angeles"));
        for (int i = 0; i < 2; ++i) {
            OutputReport report;
            report.state = OutputState::off;
            report.state_received = report.available = true;
            report.state_at = now;
            report.lease = Lease::armed;
            io.outputs().list.push_back(report);
        }
    }

    /// Advances one second, with this voltage on both devices.
    void tick(Volts voltage) { tick(voltage, voltage); }
    void tick(Volts voltage, Volts of_sol_ark) {
        now += 1s;
        SourceReading reading;
        for (const char* name : {gx, "sol_ark"}) {
            if (!sol_ark_speaks && name != gx) continue;
            reading.name = name;
            reading.taken = reading.moved = now;
            reading.voltage = voltage;
            reading.battery_current = charging;
            if (reading.name == "sol_ark") {
                reading.voltage = of_sol_ark;
                reading.pv = 8450_W;
                reading.load = 1850_W;
                reading.grid = 0_W;
            }
            mailbox.sink().reading(reading);
        }
        cycle->turn(io, now);
    }
    void ticks(int count, Volts voltage) {
        for (int i = 0; i < count; ++i) tick(voltage);
    }

    Time now = 1000s;
    bool synchronised = true;  ///< the system's report on its clock
    bool sol_ark_speaks = true;
    std::optional<Amps> charging;        ///< battery current
    const char* gx = "victron.battery";  ///< GX source that answers
    Mailbox mailbox{{"victron.battery", "victron.system", "sol_ark"}};
    FakeStore store;
    ChargeExchanges exchanges;
    ChargeLimitExchange& exchange = *exchanges.victron;
    Log log{Level::error};
    WallClock wall{SimulatedWall{1, {}}, Utc{1'750'532'400'000}, 1000s};  // 2025-06-21 12:00 in Los Angeles
    FakeSiteIo io;
    Config config;
    std::shared_ptr<const Settings> settings;
    std::unique_ptr<Cycle> cycle;
};

}  // namespace

TEST_CASE("decides, commands, records and reports in one turn") {
    Bench bench;
    bench.ticks(30, 5230_cV);
    REQUIRE(bench.io.outputs().sent.size() >= 1);
    CHECK(bench.io.outputs().sent[0].output == 0);
    CHECK(bench.io.outputs().sent[0].order.on);
    CHECK(bench.io.outputs().sent[0].order.lease == 300s);
    REQUIRE(!bench.store.decisions.empty());
    CHECK(bench.store.decisions[0].load == "primary-s21-revenue");
    CHECK(bench.store.decisions[0].to == "on");
    CHECK(bench.store.decisions[0].text == "Start Primary S21+ (Revenue): 52.30 V (65 %)");
    REQUIRE(bench.store.commands.size() == 1);
    CHECK(bench.store.commands[0].confirmed);
    CHECK(!bench.store.rule_states.empty());
    const auto battery = nlohmann::json::parse(bench.io.topics.at("battery"));
    CHECK(battery.at("voltage_v") == 52.3);
    CHECK(battery.at("soc_pct") == 65.3);
    CHECK(!bench.io.events.empty());
    CHECK(!bench.cycle->journal().status(bench.config).events.empty());
}

TEST_CASE("shows published topics with the newest battery and power") {
    Bench bench;
    const auto shown = [&](const std::string& topic, const char* key) {
        for (const auto& [name, json] : bench.cycle->journal().status(bench.config).objects)
            if (name == topic) return nlohmann::json::parse(json).at(key);
        return nlohmann::json();
    };
    bench.ticks(60, 5230_cV);
    const auto published = [&] { return nlohmann::json::parse(bench.io.topics.at("site")).at("at"); };
    for (int i = 0; i < 10 && published() != shown("battery", "at"); ++i) bench.tick(5230_cV);  // until a turn publishes
    bench.tick(5231_cV);
    CHECK(shown("battery", "voltage_v") == 52.31);
    CHECK(shown("site", "at") < shown("battery", "at"));
    CHECK(shown("site", "at") == published());
    bench.cycle->set_mode(SiteMode::off, "owner");
    bench.tick(5231_cV);
    CHECK(shown("site", "at") == shown("battery", "at"));  // another policy: everything is new
}

TEST_CASE("sends no ON to an output that is being removed") {
    Bench bench;
    bench.config.outputs[0].require_lease = false;
    bench.io.outputs().list[0].lease = Lease::none;  // a proven one would end its run
    bench.cycle->configure(bench.config);
    bench.ticks(30, 5230_cV);
    auto& outputs = bench.io.outputs();
    REQUIRE(outputs.list.at(0).state == OutputState::on);
    bench.cycle->inputs().begin_release({0});
    outputs.send(0, {});  // by the reload
    const std::size_t sent = outputs.sent.size(), decided = bench.store.decisions.size();
    bench.ticks(400, 5230_cV);  // longer than its lease
    CHECK(outputs.sent.size() == sent);
    CHECK(bench.store.decisions.size() == decided);
    bench.tick(4450_cV);
    bench.tick(4450_cV);
    CHECK(outputs.sent.size() > sent);  // an OFF is not an ON
    CHECK_FALSE(outputs.sent.back().order.on);
    bench.cycle->configure(bench.config);
    CHECK_FALSE(outputs.list.at(0).state == OutputState::on);
}

TEST_CASE("shows the newest deciding reading with its poll period") {
    Bench bench(std::string(yaml).replace(yaml.find("units:"), 0, "poll_s: 0.3, "));
    CHECK_FALSE(bench.cycle->inputs().voltage_arrived());
    bench.ticks(2, 5230_cV);
    const auto newest = bench.cycle->inputs().voltage_arrived();
    REQUIRE(newest);
    CHECK(newest->poll == 300ms);
    CHECK(newest->at == bench.mailbox.read().at("victron.battery").arrived);
}

TEST_CASE("waits for the deciding source, or any while blind") {
    Bench bench;
    bench.ticks(2, 5230_cV);
    const auto wakes = [&](const char* name) {
        SourceReading reading;
        reading.name = name;
        reading.voltage = 5230_cV;
        bench.mailbox.sink().reading(reading);
        return bench.mailbox.take_urgent().has_value();
    };
    CHECK(wakes("victron.battery"));
    CHECK_FALSE(wakes("sol_ark"));
    bench.ticks(30, {});
    CHECK(wakes("sol_ark"));
}

TEST_CASE("updates a running load's watts with its meter's reports") {
    std::string text = yaml;
    const std::string relay = "topic: miner1";
    text.replace(text.find(relay), relay.size(), relay + ", meter: true");
    for (int phase = 0; phase < 4; ++phase) {
        CAPTURE(phase);
        Bench bench(text);
        Sample<Watts>& meter = bench.io.outputs().list[0].power;
        meter = {0_W, bench.now, true};  // from before it was switched on
        bench.ticks(30 + phase, 5230_cV);
        const auto shown = [&](const char* topic, const char* key) {
            return nlohmann::json::parse(bench.io.topics.at(topic)).at(key);
        };
        REQUIRE(shown("output/primary-s21", "reported") == "on");
        REQUIRE(shown("output/primary-s21", "measured_w").is_null());
        meter = {3247_W, bench.now, true};
        bench.tick(5230_cV);
        CHECK(shown("output/primary-s21", "measured_w") == 3247);
        CHECK(shown("miner/primary-s21-revenue", "power_w") == 3247);
        meter = {3100_W, bench.now, true};
        bench.ticks(5, 5230_cV);
        CHECK(shown("output/primary-s21", "measured_w") == 3100);
        CHECK(shown("miner/primary-s21-revenue", "power_w") == 3100);
    }
}

TEST_CASE("requests one turn for a change that may affect decisions") {
    Bench bench;
    bench.ticks(2, 5230_cV);
    CHECK_FALSE(bench.cycle->has_requests(bench.io));
    const auto asks = [&] {
        const bool before = bench.cycle->has_requests(bench.io);
        bench.tick(5230_cV);
        return before && !bench.cycle->has_requests(bench.io);
    };
    bench.cycle->inputs().requests().add({"primary-s21-revenue", OverrideKind::off, 0, 60s});
    CHECK(asks());
    bench.cycle->set_mode(SiteMode::off, "owner");
    CHECK(asks());
    bench.io.commands.push_back({.what = OutsideCommand::What::mode, .mode = SiteMode::balanced});
    CHECK(asks());
}

TEST_CASE("names the author of the last mode") {
    Bench bench;
    bench.ticks(2, 5230_cV);
    const auto event = [&] {
        for (auto row = bench.store.events.rbegin(); row != bench.store.events.rend(); ++row)
            if (row->kind == "mode") return nlohmann::json::parse(row->data_json).value("who", "nobody");
        return std::string("no event");
    };
    bench.cycle->set_mode(SiteMode::off, "browser Kitchen");
    CHECK(bench.store.mode_by == "browser Kitchen");
    bench.tick(5230_cV);
    CHECK(event() == "browser Kitchen");
    bench.cycle->set_mode(SiteMode::balanced, "browser Kitchen");
    bench.io.commands.push_back({.what = OutsideCommand::What::mode, .mode = SiteMode::conservative});
    bench.tick(5230_cV);
    CHECK(bench.store.mode_by == "MQTT (mode/set)");
    CHECK(event() == "MQTT (mode/set)");
}

TEST_CASE("informs the polling threads of the deciding source") {
    Bench bench;
    bench.ticks(2, 5230_cV);
    CHECK(bench.mailbox.deciding() == 0);
    bench.gx = "victron.system";
    bench.ticks(15, 5230_cV);
    CHECK(bench.mailbox.deciding() == 1);
    bench.ticks(30, {});
    CHECK(bench.mailbox.deciding() == std::numeric_limits<int>::max());
}

TEST_CASE("ignores a battery monitor that is not found") {
    std::string text = yaml;
    const std::string units = ", units: { system: 100, battery: 225 }";
    text.erase(text.find(units), units.size());
    Bench bench(text);
    REQUIRE(bench.config.voltage_sources.front() == "victron.battery");
    bench.gx = "victron.system";
    SourceHealth absent;
    absent.name = "victron.battery";
    absent.state = SourceState::absent;
    absent.fault = Fault::absent;
    bench.mailbox.sink().health(absent);
    bench.ticks(40, 5230_cV);
    REQUIRE(bench.io.outputs().sent.size() >= 1);
    CHECK(bench.io.outputs().sent[0].order.on);
    const auto battery = nlohmann::json::parse(bench.io.topics.at("battery"));
    CHECK(battery.at("voltage_v") == 52.3);
    CHECK(battery.at("source") == "victron.system");
    CHECK(nlohmann::json::parse(bench.io.topics.at("site")).at("degraded") == false);
    for (const auto& alarm : bench.io.published_alarms) {
        const std::string& topic = alarm.first;
        CAPTURE(topic);
        CHECK(topic.find("source") == std::string::npos);
    }
}

TEST_CASE("starts loads without a clock and marks rows before a jump") {
    Bench bench;
    Utc wall{0};  // 1970 at boot, as on a board without a clock
    const Time boot = bench.now;
    bench.wall = WallClock([&](Time now) { return wall + (now - boot); });
    bench.synchronised = false;
    bench.ticks(40, 5230_cV);
    auto& sent = bench.io.outputs().sent;
    REQUIRE(!sent.empty());
    CHECK(sent[0].order.on);
    CHECK(bench.io.published_alarms.count("alarm/clock_untrusted") == 1);
    bench.io.outputs().list[0].state = OutputState::on;
    bench.io.outputs().list[0].state_at = bench.now;
    const auto all_on = [&] {
        for (const auto& one : sent) CHECK(one.order.on);
        return nlohmann::json::parse(bench.io.topics.at("miner/primary-s21-revenue"));
    };
    // Synchronized at last, 55 years later. Then set to 2023 by hand, and back by network time.
    for (const std::int64_t seconds : {1'750'532'400LL, 1'672'531'200LL, 1'750'536'000LL}) {
        CAPTURE(seconds);
        bench.synchronised = seconds > 1'700'000'000;
        wall = std::chrono::seconds{seconds};
        bench.ticks(40, 5230_cV);
        CHECK(all_on().at("state") == "on");
        CHECK(bench.io.published_alarms.count("alarm/clock_untrusted") == (bench.synchronised ? 0 : 1));
    }
    CHECK(all_on().at("starts_today") <= 1);
    CHECK(all_on().at("runtime_today_s") < 400);
    // Earlier rows are marked with the error of their times. A change between two correct times marks none.
    std::vector<EventRow> marks;
    for (const EventRow& event : bench.store.events)
        if (event.subject == "clock") marks.push_back(event);
    REQUIRE(marks.size() == 2);
    CHECK(nlohmann::json::parse(marks[0].data_json).at("jump_s") == 1'750'532'400);
    CHECK(marks[0].message.find("1970-01-01T00:00:01Z") != std::string::npos);
    CHECK(nlohmann::json::parse(marks[1].data_json).at("jump_s") == 1'750'536'000 - 1'672'531'200);
}

TEST_CASE("records each reading once") {
    Bench bench;
    bench.tick(5230_cV);
    CHECK(bench.store.readings.size() == 2);
    bench.now += 1s;
    bench.cycle->turn(bench.io, bench.now);  // nothing new has arrived
    CHECK(bench.store.readings.size() == 2);
}

TEST_CASE("switches nothing on in safe mode but keeps running loads") {
    Bench bench;
    bench.cycle->set_safe_mode("voltd ended 5 times");
    bench.ticks(60, 5230_cV);
    CHECK(bench.io.outputs().sent.empty());
    CHECK(bench.io.published_alarms.count("alarm/safe_mode") == 1);
    const auto miner = nlohmann::json::parse(bench.io.topics.at("miner/primary-s21-revenue"));
    CHECK(miner.at("reason") == "safe_mode");
    CHECK(miner.at("text").get<std::string>().find("Safe mode") != std::string::npos);

    Bench running;
    running.ticks(30, 5230_cV);
    REQUIRE(running.io.outputs().sent.size() >= 1);
    running.cycle->set_safe_mode("voltd ended 5 times");
    running.ticks(200, 5230_cV);
    for (const auto& sent : running.io.outputs().sent) CHECK(sent.order.on);
    running.cycle->set_safe_mode("");
    running.tick(5230_cV);
    CHECK(running.io.published_alarms.count("alarm/safe_mode") == 0);
}

TEST_CASE("shows when a source was heard and its judged age") {
    std::string slow = yaml;
    slow.replace(slow.find("sol_ark: { host: 127.0.0.1"), 26, "sol_ark: { host: 127.0.0.1, poll_s: 60");
    Bench bench(slow);
    SourceHealth health;
    health.name = "sol_ark";
    health.state = SourceState::ok;
    health.ever_succeeded = true;
    health.successes = 1;
    const auto state = [&] { return nlohmann::json::parse(bench.io.topics.at("source/sol_ark")).at("state"); };
    const auto kept = [&] {
        std::vector<std::pair<SourceHealth, Utc>> of_it;
        for (const auto& row : bench.store.healths)
            if (row.first.name == "sol_ark") of_it.push_back(row);
        return of_it;
    };
    bench.tick(5230_cV);
    const std::size_t before = kept().size();
    health.last_success = bench.now;
    bench.mailbox.sink().health(health);
    bench.tick(5230_cV);
    REQUIRE(kept().size() == before + 1);
    const Utc heard = kept().back().second;
    bench.ticks(100, 5230_cV);  // three polls of 60 s have not passed
    CHECK(state() == "ok");
    CHECK(kept().back().second == heard);
    bench.ticks(85, 5230_cV);
    CHECK(state() == "stale");
    CHECK(kept().back().first.state == SourceState::stale);
    CHECK(kept().size() == before + 2);
    health.last_success = bench.now;
    health.successes = 2;
    bench.mailbox.sink().health(health);
    bench.tick(5230_cV, 9900_cV);
    CHECK(kept().back().first.state == SourceState::failing);
    CHECK(kept().back().first.last_error == "99.00 V is implausible for this bank (35.00 to 65.00 V)");
    for (int i = 0; i < 3; ++i) bench.tick(5230_cV, 9900_cV);
    CHECK(kept().back().first.failures == 4);
    CHECK(kept().back().first.consecutive_failures == 0);  // it answers each time
    health.failures = health.consecutive_failures = 2;
    health.state = SourceState::failing;
    bench.mailbox.sink().health(health);
    bench.tick(5230_cV, 5230_cV);
    CHECK(kept().back().first.failures == 6);
    CHECK(nlohmann::json::parse(bench.io.topics.at("source/sol_ark")).at("failures") == 6);
    CHECK(kept().back().first.consecutive_failures == 2);
}

TEST_CASE("sheds in the turn that confirms a critical voltage") {
    Bench bench;
    bench.ticks(30, 5230_cV);
    bench.io.outputs().sent.clear();
    bench.tick(4490_cV);  // 7.4 V lower: may be a spike
    CHECK(bench.io.outputs().sent.empty());
    bench.tick(4490_cV);
    REQUIRE(bench.io.outputs().sent.size() >= 1);
    CHECK(!bench.io.outputs().sent[0].order.on);
    CHECK(bench.io.published_alarms.count("alarm/critical") == 1);
}

TEST_CASE("applies changed settings in the next turn") {
    Bench bench;
    bench.ticks(30, 5230_cV);
    bench.io.outputs().sent.clear();
    auto changed = std::make_shared<Settings>(*bench.settings);
    changed->miners[0].enabled = false;
    changed->revision = 2;
    bench.store.new_settings = changed;
    bench.tick(5230_cV);
    REQUIRE(bench.io.outputs().sent.size() == 1);
    CHECK(!bench.io.outputs().sent[0].order.on);
}

TEST_CASE("logs a settings change on one line with its undo") {
    Bench bench;
    bench.ticks(3, 5230_cV);
    bench.store.events.clear();
    auto changed = std::make_shared<Settings>(*bench.settings);
    changed->changes = {{20, "change 20 by pi: voltage_low 47.0 -> 47.2"}};
    changed->revision = 2;
    bench.store.new_settings = changed;
    bench.tick(5230_cV);
    int told = 0;
    for (const EventRow& row : bench.store.events)
        if (row.kind == "settings") {
            ++told;
            CHECK(row.message == "Settings changed (change 20 by pi: voltage_low 47.0 -> 47.2); undo: voltctl settings undo 20");
        }
    CHECK(told == 1);
    CHECK(bench.store.clock_set != Utc{});
    CHECK(bench.store.clock_trusted);
}

TEST_CASE("raises alarms for bad rows and an unknown zone") {
    Bench bench;
    bench.ticks(3, 5230_cV);
    CHECK(bench.io.published_alarms.count("alarm/config_rejected/settings") == 0);
    auto changed = std::make_shared<Settings>(*bench.settings);
    changed->problems = {"miner x: priority_level is 77; need 1..10"};
    changed->timezone = "Mars/Olympus";
    bench.store.new_settings = changed;
    bench.tick(5230_cV);
    CHECK(bench.cycle->settings().take_wanted_zone() == "Mars/Olympus");
    bench.cycle->settings().use_zone("Mars/Olympus", nullptr);
    bench.tick(5230_cV);
    CHECK(bench.io.published_alarms.at("alarm/config_rejected/settings").find("priority_level is 77") != std::string::npos);
    CHECK(bench.io.published_alarms.at("alarm/clock_untrusted").find("no time zone 'Mars/Olympus'") != std::string::npos);
    CHECK(bench.io.published_alarms.at("alarm/clock_untrusted").find("voltctl prefs set timezone=") != std::string::npos);
    CHECK_FALSE(bench.cycle->journal().view()->snapshot().clock_trusted);
    CHECK(bench.store.clock_trusted);  // the time itself is correct
    bench.store.new_settings = std::make_shared<Settings>(*bench.settings);
    bench.cycle->settings().use_zone("UTC", ZoneClock::load("UTC"));
    bench.tick(5230_cV);
    CHECK(bench.io.published_alarms.count("alarm/config_rejected/settings") == 0);
    CHECK(bench.io.published_alarms.count("alarm/clock_untrusted") == 0);
}

TEST_CASE("applies a mode in the next turn despite older reads") {
    Bench bench;
    bench.ticks(30, 5230_cV);
    REQUIRE(bench.io.outputs().sent.size() >= 1);
    bench.io.outputs().sent.clear();
    bench.cycle->set_mode(SiteMode::off, "owner");  // the store of the bench never returns it
    bench.store.new_settings = std::make_shared<Settings>(*bench.settings);
    bench.tick(5230_cV);
    REQUIRE(bench.io.outputs().sent.size() >= 1);
    CHECK_FALSE(bench.io.outputs().sent.front().order.on);
    CHECK(bench.cycle->journal().view()->policy().preferences.mode == SiteMode::off);
    bench.ticks(600, 5230_cV);  // however long it takes
    bench.store.new_settings = std::make_shared<Settings>(*bench.settings);
    bench.tick(5230_cV);
    CHECK(bench.cycle->journal().view()->policy().preferences.mode == SiteMode::off);
    // Settings read later win again: someone has edited them, even if a moment later.
    Settings edited = *bench.settings;
    edited.mode_order = 1;
    bench.store.new_settings = std::make_shared<Settings>(edited);
    bench.tick(5230_cV);
    CHECK(bench.cycle->journal().view()->policy().preferences.mode == SiteMode::balanced);
    bench.cycle->set_mode(SiteMode::aggressive, "owner");
    edited.preferences.mode = SiteMode::off;
    edited.mode_order = 2;
    bench.store.new_settings = std::make_shared<Settings>(edited);
    bench.tick(5230_cV);
    CHECK(bench.cycle->journal().view()->policy().preferences.mode == SiteMode::off);
}

TEST_CASE("stores an override's new end urgently") {
    Bench bench;
    bench.ticks(5, 5230_cV);
    OutsideCommand off;
    off.request = {TargetKind::miner, 0, OverrideKind::off, 0, 1min};
    bench.io.commands = {off};
    bench.tick(5230_cV);
    bench.ticks(3, 5230_cV);
    bench.store.state.rule_state = bench.store.rule_states.size();
    const std::size_t before = bench.store.rule_states.size();
    CHECK(bench.cycle->journal().stored());
    off.request = {TargetKind::miner, 0, OverrideKind::off, 0, std::nullopt};
    bench.io.commands = {off};
    bench.tick(5230_cV);
    REQUIRE(bench.store.rule_states.size() == before + 1);
    CHECK(bench.store.state_urgent);
    CHECK_FALSE(bench.cycle->journal().stored());
    bench.store.state.rule_state = before + 1;
    CHECK(bench.cycle->journal().stored());
    // A periodic save of running numbers takes nothing back.
    for (int second = 0; second < 16 * 60; ++second) {
        bench.tick(5230_cV);
        if (bench.store.state_urgent) bench.store.state.rule_state = bench.store.rule_states.size();
    }
    CHECK_FALSE(bench.store.state_urgent);
    CHECK(bench.store.rule_states.size() > bench.store.state.rule_state);
    CHECK(bench.cycle->journal().stored());
}

TEST_CASE("reports a device's rejection once in its own words") {
    Bench bench;
    bench.ticks(3, 5230_cV);
    const std::size_t before = bench.io.events.size();
    bench.io.device_problems = {{"primary-s21", "overpower"}};
    bench.ticks(2, 5230_cV);
    const auto told = std::count_if(bench.io.events.begin(), bench.io.events.end(), [](const std::string& event) {
        return event.find("primary-s21 reports: overpower") != std::string::npos;
    });
    CHECK(told == 1);
    CHECK(bench.io.events.size() > before);
}

TEST_CASE("passes a mode to the preferences, an override to the rules") {
    Bench bench;
    OutsideCommand mode;
    mode.what = OutsideCommand::What::mode;
    mode.mode = SiteMode::conservative;
    OutsideCommand off;
    off.request = {TargetKind::miner, 0, OverrideKind::off, 0, 1h};
    bench.io.commands = {mode, off};
    bench.ticks(30, 5230_cV);
    CHECK(bench.store.modes == std::vector{SiteMode::conservative});
    CHECK(bench.io.outputs().sent.empty());
    const auto miner = nlohmann::json::parse(bench.io.topics.at("miner/primary-s21-revenue"));
    CHECK(miner.at("override") == "off");
    CHECK(miner.at("reason") == "override_off");
}

TEST_CASE("continues a load's rest after a restart") {
    Bench first;
    first.ticks(30, 5230_cV);
    first.ticks(700, 4690_cV);  // below its stop voltage, past its minimum on time
    REQUIRE(!first.io.outputs().sent.back().order.on);
    Bench second;
    auto longer = std::make_shared<Settings>(*second.settings);
    longer->miners[0].min_off = 3600s;
    second.store.new_settings = longer;
    second.now = first.now;
    second.cycle->restore(first.store.rule_states.back(), second.now);
    for (OutputReport& report : second.io.outputs().list) report.state_at = second.now;
    second.ticks(3, 5230_cV);
    CHECK(second.io.outputs().sent.empty());
    const Gate* rest = second.cycle->journal().view()->decision().verdicts[0].gates.find(GateName::rest);
    REQUIRE(rest != nullptr);
    CHECK(!rest->passes);
    REQUIRE(rest->remaining);
    CHECK(*rest->remaining < 3590s);  // it does not restart with the daemon
}

TEST_CASE("commands nothing in shadow") {
    Bench bench;
    bench.config.control.live = false;
    bench.cycle->configure(bench.config);
    bench.ticks(30, 5230_cV);
    CHECK(bench.io.outputs().sent.empty());
    CHECK(nlohmann::json::parse(bench.io.topics.at("miner/primary-s21-revenue")).at("wanted") == "on");
}

TEST_CASE("counts no simulated run, state or start in shadow") {
    Bench bench;
    bench.config.control.live = false;
    bench.cycle->configure(bench.config);
    bench.ticks(40, 5230_cV);
    const auto miner = nlohmann::json::parse(bench.io.topics.at("miner/primary-s21-revenue"));
    CHECK(miner.at("state") == "off");
    CHECK(miner.at("wanted") == "on");
    CHECK(miner.at("text").get<std::string>().starts_with("Would run: 52.30 V"));
    CHECK(miner.at("starts_today") == 0);
    CHECK(miner.at("runtime_today_s") == 0);
    bench.ticks(10, 4490_cV);  // and would stop
    CHECK(bench.store.runs.empty());
    CHECK(bench.store.commands.empty());
    REQUIRE(bench.store.decisions.size() == 2);
    CHECK(bench.store.decisions[0].shadow);
    CHECK(bench.store.decisions[0].text.starts_with("Would start Primary S21+ (Revenue) (shadow): 52.30 V"));
    CHECK(bench.store.decisions[1].text.starts_with("Would stop Primary S21+ (Revenue) (shadow): "));
    const auto kept = nlohmann::json::parse(bench.store.rule_states.back());
    CHECK(kept.at("loads")[0].at("starts").empty());
    CHECK(kept.at("loads")[0].at("starts_today") == 0);
    for (const auto& output : kept.at("outputs")) CHECK(output.at("ordered") == false);
}

TEST_CASE("updates a sentence within 5 s of its numbers") {
    Bench bench;
    const auto text = [&] {
        return nlohmann::json::parse(bench.io.topics.at("miner/primary-s21-revenue")).at("text").get<std::string>();
    };
    bench.ticks(31, 4690_cV);
    for (const Volts volts : {4720_cV, 4750_cV, 4780_cV}) {
        CAPTURE(volts.steps);
        bench.ticks(5, volts);
        CHECK(text().find(volts == 4720_cV ? "47.20 V" : volts == 4750_cV ? "47.50 V" : "47.80 V") != std::string::npos);
    }
    const auto power = [&] { return nlohmann::json::parse(bench.io.topics.at("power")); };
    CHECK(power().at("pv_w") == 8450);
    bench.sol_ark_speaks = false;
    bench.ticks(35, 4780_cV);
    CHECK(power().at("pv_w").is_null());
    bench.sol_ark_speaks = true;
    bench.tick(4780_cV);
    CHECK(power().at("pv_w") == 8450);
}

TEST_CASE("follows Fahrenheit and state-of-charge preferences") {
    Bench bench;
    bench.ticks(5, 5230_cV);
    auto other = std::make_shared<Settings>(*bench.settings);
    other->temperature_unit = "F";
    other->display_mode = "soc";
    bench.store.new_settings = other;
    bench.ticks(40, 5230_cV);
    const auto miner = nlohmann::json::parse(bench.io.topics.at("miner/primary-s21-revenue"));
    CHECK(miner.at("text").get<std::string>().find("% (52.30 V)") != std::string::npos);
    std::string shown;
    for (const auto& [key, json] : bench.cycle->journal().status(bench.config).objects)
        if (key == "shown") shown = json;
    CHECK(shown == R"({"temperature_unit":"F","display_mode":"soc"})");
}

TEST_CASE("shows a load that someone else switched on in shadow") {
    Bench bench;
    bench.config.control.live = false;
    bench.cycle->configure(bench.config);
    bench.ticks(5, 4690_cV);
    bench.io.outputs().list[0].state = OutputState::on;
    bench.io.outputs().list[0].state_at = bench.now;
    bench.ticks(5, 4690_cV);
    const auto miner = nlohmann::json::parse(bench.io.topics.at("miner/primary-s21-revenue"));
    CHECK(miner.at("state") == "on");
    CHECK(miner.at("wanted") == "off");
    CHECK(miner.at("text").get<std::string>().starts_with("Would be off: "));
    CHECK(bench.store.runs.empty());
}

TEST_CASE("sends the on_exit commands at an orderly exit") {
    Bench bench;
    bench.config.outputs[0].on_exit = OnExit::off;
    bench.cycle->configure(bench.config);
    bench.ticks(30, 5230_cV);
    bench.io.outputs().sent.clear();
    bench.log.set_level(Level::info);
    const std::string log = captured(bench.log, [&] { bench.cycle->shut_down(bench.io, bench.now); });
    REQUIRE(bench.io.outputs().sent.size() == 1);  // the other one keeps its state
    CHECK(log.find("primary-s21: OFF sent, because voltd is stopping") != std::string::npos);
    CHECK(bench.io.outputs().sent[0].output == 0);
    CHECK(!bench.io.outputs().sent[0].order.on);
}

TEST_CASE("follows on_exit in a stop right after a reload") {
    Bench bench;
    bench.config.outputs[0].on_exit = OnExit::off;
    bench.cycle->configure(bench.config);
    bench.ticks(30, 5230_cV);
    bench.io.outputs().sent.clear();
    bench.cycle->configure(bench.config);
    bench.cycle->shut_down(bench.io, bench.now);
    REQUIRE(bench.io.outputs().sent.size() == 1);
    CHECK(!bench.io.outputs().sent[0].order.on);
}

TEST_CASE("keeps a zone's fan on at exit only with its miner") {
    for (const bool miner_on : {true, false}) {
        Bench bench;
        auto with_zone = std::make_shared<Settings>(*bench.settings);
        Zone zone;
        zone.id = "22222222-0000-4000-8000-000000000001";
        zone.name = "Heat Room";
        zone.slug = "heat-room";
        zone.fan_enabled = true;
        zone.fan_id = "ac-infinity-1";
        with_zone->zones = {zone};
        with_zone->miners[0].zone_id = zone.id;
        if (!miner_on) with_zone->miners[0].start = 5500_cV;
        bench.store.new_settings = with_zone;
        OutputConfig fan;
        fan.id = "ac-infinity-1";
        fan.kind = OutputKind::level;
        fan.dialect = DialectName::generic;
        fan.lease = {};
        fan.safe_state = SafeState::automatic;
        fan.on_exit = OnExit::safe;
        bench.config.outputs.push_back(fan);
        bench.io.outputs().list.push_back(bench.io.outputs().list[1]);
        bench.cycle->configure(bench.config);
        bench.ticks(60, 5230_cV);
        INFO(bench.io.topics.at("miner/primary-s21-revenue"));
        bench.io.outputs().sent.clear();
        bench.cycle->shut_down(bench.io, bench.now);
        REQUIRE(bench.io.outputs().sent.size() == 1);
        CHECK(bench.io.outputs().sent[0].output == 2);
        CHECK(bench.io.outputs().sent[0].order.on == miner_on);
        CHECK(bench.io.outputs().sent[0].order.level == (miner_on ? 10 : 0));
    }
}

TEST_CASE("counts nothing as ordered on the way to live") {
    Bench bench;
    bench.config.control.live = false;
    bench.cycle->configure(bench.config);
    bench.ticks(30, 5230_cV);                            // in shadow it would be on
    bench.io.outputs().list[0].state = OutputState::on;  // someone has switched it on
    bench.ticks(3, 4490_cV);                             // in shadow it would be off again
    REQUIRE(bench.io.outputs().sent.empty());
    bench.config.control.live = true;
    bench.cycle->configure(bench.config);
    bench.tick(4490_cV);
    REQUIRE(bench.io.outputs().sent.size() >= 1);
    CHECK(bench.io.outputs().sent[0].output == 0);
    CHECK(!bench.io.outputs().sent[0].order.on);
}

TEST_CASE("switches loads off before shadow commands nothing") {
    for (const Volts voltage : {5230_cV, 4450_cV}) {
        CAPTURE(voltage.steps);
        Bench bench;
        bench.ticks(30, 5230_cV);
        auto& outputs = bench.io.outputs();
        REQUIRE(outputs.list[0].state == OutputState::on);
        outputs.sent.clear();
        outputs.deaf = true;
        bench.config.control.live = false;
        bench.cycle->configure(bench.config);
        CHECK(bench.cycle->commands());
        bench.ticks(15, voltage);
        CHECK(bench.cycle->commands());
        outputs.deaf = false;
        bench.ticks(10, voltage);
        CHECK(outputs.list[0].state == OutputState::off);
        CHECK_FALSE(bench.cycle->commands());
        CHECK(bench.io.published_alarms.count("alarm/output_not_following/primary-s21") == 0);
        for (const auto& sent : outputs.sent) CHECK_FALSE(sent.order.on);
        outputs.sent.clear();
        bench.ticks(400, 5230_cV);
        CHECK(outputs.sent.empty());
    }
}

TEST_CASE("names a load that did not confirm OFF for shadow") {
    Bench bench;
    bench.ticks(30, 5230_cV);
    auto& outputs = bench.io.outputs();
    outputs.deaf = true;
    bench.config.control.live = false;
    bench.cycle->configure(bench.config);
    bench.ticks(20, 5230_cV);
    bench.cycle->configure(bench.config);  // a reload in between does not extend the time
    bench.ticks(11, 5230_cV);
    CHECK(std::count_if(outputs.sent.begin(), outputs.sent.end(), [](const auto& s) { return s.output == 0 && !s.order.on; }) ==
          4);
    CHECK_FALSE(bench.cycle->commands());
    REQUIRE(bench.io.published_alarms.count("alarm/output_not_following/primary-s21") == 1);
    CHECK(bench.io.published_alarms.at("alarm/output_not_following/primary-s21").find("may still be on") != std::string::npos);
    CHECK(nlohmann::json::parse(bench.io.topics.at("site")).at("commands") == "shadow");
    outputs.sent.clear();
    bench.ticks(100, 5230_cV);
    CHECK(outputs.sent.empty());
    bench.cycle->configure(bench.config);
    bench.tick(5230_cV);
    CHECK(bench.io.published_alarms.count("alarm/output_not_following/primary-s21") == 0);
}

TEST_CASE("continues live without commands after a reload back") {
    Bench bench;
    bench.ticks(2, 5230_cV);
    auto& outputs = bench.io.outputs();
    REQUIRE(outputs.sent.empty());
    bench.config.control.live = false;
    bench.cycle->configure(bench.config);
    bench.ticks(5, 5230_cV);
    CHECK(outputs.sent.empty());
    CHECK_FALSE(bench.cycle->commands());

    Bench back;
    back.ticks(30, 5230_cV);
    back.io.outputs().deaf = true;
    back.config.control.live = false;
    back.cycle->configure(back.config);
    back.ticks(5, 5230_cV);
    back.config.control.live = true;
    back.io.outputs().deaf = false;
    back.cycle->configure(back.config);
    back.ticks(60, 5230_cV);
    CHECK(back.io.outputs().sent.back().order.on);
}

TEST_CASE("orders loads off again at exit during the transition") {
    Bench bench;
    bench.ticks(30, 5230_cV);
    auto& outputs = bench.io.outputs();
    REQUIRE(outputs.list[0].state == OutputState::on);
    REQUIRE(bench.config.outputs[0].on_exit == OnExit::keep);
    outputs.deaf = true;
    bench.config.control.live = false;
    bench.cycle->configure(bench.config);
    bench.ticks(3, 5230_cV);
    REQUIRE(bench.cycle->is_leaving());
    outputs.sent.clear();
    bench.cycle->shut_down(bench.io, bench.now, bench.cycle->is_leaving());
    REQUIRE(outputs.sent.size() == 1);
    CHECK(outputs.sent[0].output == 0);
    CHECK_FALSE(outputs.sent[0].order.on);
}

TEST_CASE("raises an alarm for a charge output left off in shadow") {
    std::string text = yaml;
    text.insert(text.find("control:"),
                "  - { id: charger, topic: charger, safe_state: on, lease_s: 0, on_exit: keep }\ncharge_output: charger\n");
    text.replace(text.find("start_hold_s: 3"), 0, "commands: shadow, ");
    Bench bench(text);
    auto& outputs = bench.io.outputs();
    const std::string alarm = "alarm/output_not_following/charger";
    outputs.list.push_back(outputs.list[0]);
    bench.ticks(3, 5230_cV);
    CHECK(outputs.sent.empty());
    REQUIRE(bench.io.published_alarms.contains(alarm));
    CHECK(bench.io.published_alarms.at(alarm).find("Switch it on") != std::string::npos);
    outputs.list[2].state = OutputState::on;
    bench.tick(5230_cV);
    CHECK_FALSE(bench.io.published_alarms.contains(alarm));
}

TEST_CASE("switches a charge output held off by overvoltage on again") {
    std::string text = yaml;
    text.insert(text.find("control:"),
                "  - { id: charger, topic: charger, safe_state: on, lease_s: 0, on_exit: keep }\ncharge_output: charger\n");
    Bench bench(text);
    auto& outputs = bench.io.outputs();
    outputs.list.push_back(outputs.list[0]);
    outputs.list[2].state = OutputState::on;
    bench.ticks(3, 5230_cV);
    bench.ticks(3, 6010_cV);
    REQUIRE(outputs.list[2].state == OutputState::off);
    bench.config.control.live = false;
    bench.cycle->configure(bench.config);
    bench.log.set_level(Level::info);
    const std::string log = captured(bench.log, [&] { bench.ticks(40, 5230_cV); });
    CHECK(log.find("charger: ON sent, because shadow mode begins") != std::string::npos);
    CHECK_FALSE(bench.cycle->commands());
    CHECK(outputs.list[2].state == OutputState::on);
    CHECK_FALSE(bench.io.published_alarms.contains("alarm/output_not_following/charger"));
}

TEST_CASE("switches nothing else at a stop without the charge output") {
    std::string text = yaml;
    text.insert(text.find("control:"),
                "  - { id: charger, topic: charger, safe_state: on, lease_s: 0, on_exit: keep }\ncharge_output: charger\n");
    Bench bench(text);
    auto& outputs = bench.io.outputs();
    outputs.list.push_back(outputs.list[0]);
    outputs.list[2].state = OutputState::on;
    bench.charging = Amps{3000};
    bench.ticks(30, 5230_cV);
    REQUIRE(bench.cycle->prove_charge() == "");
    bench.ticks(2, 5230_cV);
    REQUIRE(outputs.list[2].state == OutputState::off);
    bench.config.charge_output.reset();
    bench.cycle->configure(bench.config);
    outputs.sent.clear();
    bench.cycle->shut_down(bench.io, bench.now);
    CHECK(outputs.sent.empty());
}

TEST_CASE("sends no ON to another device before it reports") {
    Bench bench;
    bench.config.outputs[0].lease = 30s;
    bench.cycle->configure(bench.config);
    bench.ticks(10, 5230_cV);
    REQUIRE(bench.io.outputs().sent.size() >= 1);
    OutputReport& report = bench.io.outputs().list[0];
    report.state = OutputState::on;
    report.state_at = bench.now;
    bench.ticks(20, 5230_cV);
    bench.io.outputs().sent.clear();
    bench.cycle->hand_over_io(bench.io, {"primary-s21", "nobody"});
    bench.config.outputs[0].topic = "elsewhere";
    bench.cycle->configure(bench.config);
    report = {};
    report.can_be_asked = true;
    bench.ticks(40, 5230_cV);
    for (const auto& sent : bench.io.outputs().sent) CHECK_FALSE((sent.output == 0 && sent.order.on));
    const auto miner = nlohmann::json::parse(bench.io.topics.at("miner/primary-s21-revenue"));
    CHECK(miner.at("wanted") == "off");
    CHECK(miner.at("state") != "on");
    CHECK(miner.at("text").get<std::string>().find("uns at") == std::string::npos);
    report.available = report.state_received = true;
    report.available_since = report.state_at = bench.now;
    report.state = OutputState::on;  // it was running all the time
    bench.io.outputs().sent.clear();
    bench.ticks(2, 5230_cV);
    CHECK(nlohmann::json::parse(bench.io.topics.at("miner/primary-s21-revenue")).at("state") != "unknown");
}

TEST_CASE("applies commands of a replaced site I/O next turn") {
    Bench bench;
    bench.ticks(2, 5230_cV);
    OutsideCommand off, mode;
    off.named = {"primary-s21-revenue", OverrideKind::off, 0, 600s};
    mode.what = OutsideCommand::What::mode;
    mode.mode = SiteMode::conservative;
    bench.io.commands = {off, mode};
    bench.cycle->hand_over_io(bench.io, {});
    CHECK(bench.io.commands.empty());
    bench.cycle->journal().set_alarm(AlarmCode::output_not_following, "it may be on", "gone");
    bench.cycle->configure(bench.config);
    bench.tick(5230_cV);
    CHECK(nlohmann::json::parse(bench.io.topics.at("miner/primary-s21-revenue")).at("override") == "off");
    CHECK(nlohmann::json::parse(bench.io.topics.at("site")).at("mode") == "conservative");
    CHECK(bench.io.published_alarms.contains("alarm/output_not_following/gone"));
    bench.cycle->journal().set_alarm(AlarmCode::output_not_following, "", "gone");
    bench.tick(5230_cV);
    CHECK_FALSE(bench.io.published_alarms.contains("alarm/output_not_following/gone"));
}

TEST_CASE("does not renew while the lower of two voltages is critical") {
    Bench bench;
    bench.config.outputs[0].lease = 30s;
    bench.cycle->configure(bench.config);
    bench.ticks(30, 5230_cV);
    REQUIRE(bench.io.outputs().sent.size() >= 1);
    bench.io.outputs().sent.clear();
    for (int i = 0; i < 30; ++i) bench.tick(5230_cV, 4490_cV);
    for (const auto& sent : bench.io.outputs().sent) CHECK(!sent.order.on);
    CHECK(!bench.io.outputs().sent.empty());  // and it was shed
}

TEST_CASE("logs few lines for a source that flaps for an hour") {
    Bench bench;
    bench.tick(5230_cV);
    SourceHealth health;
    health.name = "sol_ark";
    health.state = SourceState::ok;
    health.ever_succeeded = true;
    bench.log.set_level(Level::info);
    const std::string text = captured(bench.log, [&] {
        for (int round = 0; round < 180; ++round) {
            ++health.failures;
            health.consecutive_failures = 12;
            health.state = SourceState::failing;
            health.fault = Fault::reconnect;
            health.last_error = "no complete reply";
            bench.mailbox.sink().health(health);
            for (int i = 0; i < 10; ++i) bench.tick(5230_cV);
            ++health.successes;
            health.consecutive_failures = 0;
            health.state = SourceState::ok;
            health.fault.reset();
            health.last_error.clear();
            health.last_success = bench.now;
            bench.mailbox.sink().health(health);
            for (int i = 0; i < 10; ++i) bench.tick(5230_cV);
        }
    });
    CHECK(count(text, "sol_ark: no complete reply") == 12);
    CHECK(count(text, "sol_ark") <= 2 * 12 + 1);
    CHECK(count(text, "source_failing") == 0);

    health.last_error = "alarm LowVoltage (268)";
    health.last_success = bench.now;
    ++health.successes;
    bench.mailbox.sink().health(health);
    bench.tick(5230_cV, 9900_cV);
    const auto& sources = bench.cycle->journal().view()->sources;
    const auto seen = std::ranges::find(sources, "sol_ark", &SourceView::name);
    REQUIRE(seen != sources.end());
    CHECK(seen->last_error == "99.00 V is implausible for this bank (35.00 to 65.00 V); alarm LowVoltage (268)");
}

TEST_CASE("publishes a device's complaint in the turn that receives it") {
    Bench bench;
    SourceHealth health;
    health.name = "sol_ark";
    health.state = SourceState::ok;
    health.ever_succeeded = true;
    for (const char* words : {"", "the inverter reports F13", "the inverter reports F46"}) {
        ++health.successes;
        health.last_success = bench.now;
        health.last_error = words;
        bench.mailbox.sink().health(health);
        bench.tick(5230_cV);
        CHECK(bench.io.topics.at("source/sol_ark").find(words) != std::string::npos);
    }
}

TEST_CASE("reports a block that nothing carries out at once") {
    Bench bench;
    const auto charge = [&] { return nlohmann::json::parse(bench.io.topics.at("charge")); };
    bench.ticks(3, 5230_cV);
    CHECK(charge().at("means") == nlohmann::json{{"victron", "report"}, {"sol_ark", "report"}});
    bench.ticks(2, 6010_cV);
    CHECK(charge().at("order") == "blocked");
    CHECK(charge().at("carried_out") == "report");
    CHECK(charge().at("text").get<std::string>().starts_with("Charging should be blocked: "));
    REQUIRE(bench.io.published_alarms.contains("alarm/charge_not_carried_out"));
    const auto alarm = nlohmann::json::parse(bench.io.published_alarms.at("alarm/charge_not_carried_out"));
    CHECK(alarm.at("severity") == "critical");
    CHECK(alarm.at("text").get<std::string>().find("but nothing here can block it") != std::string::npos);

    bench.config.sol_ark->charge_limit = ChargeLimit::write;
    bench.config.sol_ark->charge_limit_a = 185;
    bench.cycle->configure(bench.config);
    bench.store.state.rule_state = 1'000'000;  // everything is on the disk
    for (int i = 0; i < 5; ++i) {
        bench.exchanges.sol_ark->report({bench.exchanges.sol_ark->order().number > 0 ? 0 : 185,
                                         bench.now,
                                         bench.exchanges.sol_ark->order().number,
                                         true,
                                         {}});
        bench.tick(6010_cV);
    }
    CHECK(bench.exchanges.sol_ark->order().limit_a == 0);
    CHECK(bench.exchange.order().number == 0);
    CHECK(charge().at("carried_out") == "write");
    CHECK(charge().at("means") == nlohmann::json{{"victron", "report"}, {"sol_ark", "write"}});
    CHECK(charge().at("text").get<std::string>().starts_with("Charging is blocked: "));
    CHECK_FALSE(bench.io.published_alarms.contains("alarm/charge_not_carried_out"));
    CHECK_FALSE(bench.io.published_alarms.contains("alarm/charge_not_blocked"));
    CHECK(bench.cycle->prove_charge() == "charging is blocked now");
}

TEST_CASE("names the register setting of an ignored block") {
    Bench bench;
    bench.config.victron->charge_limit = ChargeLimit::write;
    bench.config.sol_ark.reset();
    bench.cycle->configure(bench.config);
    bench.store.state.rule_state = 1'000'000;  // everything is on the disk
    const auto charge = [&] { return nlohmann::json::parse(bench.io.topics.at("charge")); };
    const auto ticks = [&](int count, Amps current) {
        for (int i = 0; i < count; ++i) {
            const auto order = bench.exchange.order();
            bench.exchange.report({order.number > 0 ? order.limit_a : 60, bench.now, order.number, true, {}});
            bench.charging = current;
            bench.tick(6010_cV);
        }
    };
    ticks(100, Amps{4000});
    CHECK(bench.exchange.order().limit_a == 0);
    CHECK(charge().at("carried_out") == "write");
    ticks(30, Amps{4000});
    REQUIRE(bench.io.published_alarms.contains("alarm/charge_not_blocked"));
    CHECK(bench.io.published_alarms.at("alarm/charge_not_blocked")
              .find("has no effect; register 2705 of the GX acts only with DVCC (on the GX: Settings, DVCC, on)") !=
          std::string::npos);
    CHECK(charge().at("carried_out") == "failed");
    ticks(10, Amps{0});
    CHECK(charge().at("carried_out") == "write");
}

TEST_CASE("raises an alarm for a block left without write permission") {
    Bench bench;
    bench.cycle->restore(encode_rule_state({}, {}, {bench.now, Utc{1'750'532'400'000}, true},
                                           {.victron = {.ours = true, .found_a = 60, .writes = {}}}),
                         bench.now);
    bench.exchange.report({0, bench.now, 0, false, {}});
    bench.ticks(2, 5230_cV);
    REQUIRE(bench.io.published_alarms.contains("alarm/charge_not_released"));
    const auto alarm = nlohmann::json::parse(bench.io.published_alarms.at("alarm/charge_not_released"));
    CHECK(alarm.at("text").get<std::string>().starts_with("Charging cannot be released: "));
    CHECK(alarm.at("remedy") == "Set the charge limit on the device to the value you want");
    CHECK_FALSE(bench.io.published_alarms.contains("alarm/charge_not_blocked"));
    const auto charge = nlohmann::json::parse(bench.io.topics.at("charge"));
    CHECK(charge.at("order") == "allowed");
    CHECK(charge.at("carried_out") == "failed");
}

TEST_CASE("restores the previous limit when write permission ends") {
    Bench bench;
    bench.config.victron->charge_limit = ChargeLimit::write;
    bench.cycle->configure(bench.config);
    bench.cycle->restore(encode_rule_state({}, {}, {bench.now, Utc{1'750'532'400'000}, true},
                                           {.victron = {.ours = true, .found_a = 60, .writes = {}}}),
                         bench.now);
    bench.ticks(1, 5230_cV);
    bench.exchange.report({0, bench.now, 0, false, {}});
    CHECK(bench.cycle->release_charge(bench.now, {"victron"}));
    CHECK(bench.exchange.order().limit_a == 60);
    CHECK(bench.cycle->charge().waits(bench.now));
}

TEST_CASE("counts nothing as sent in shadow and shows it separately") {
    Bench bench;
    bench.config.control.live = false;
    bench.io.outputs().list[1].lease = Lease::none;
    bench.cycle->configure(bench.config);
    bench.ticks(30, 5230_cV);
    const auto output = nlohmann::json::parse(bench.io.topics.at("output/primary-s21"));
    CHECK(output.at("commanded") == "unknown");
    CHECK(output.at("would_be") == "on");
    CHECK(output.at("confirmed_ms").is_null());
    CHECK_FALSE(bench.io.published_alarms.contains("alarm/no_lease/dump-load-s19-1"));
    bench.config.control.live = true;
    bench.cycle->configure(bench.config);
    bench.ticks(30, 5230_cV);
    CHECK_FALSE(nlohmann::json::parse(bench.io.topics.at("output/primary-s21")).contains("would_be"));
    CHECK(bench.io.published_alarms.contains("alarm/no_lease/dump-load-s19-1"));
}

TEST_CASE("dates a report-only output by its last change") {
    Bench bench;
    const auto since = [&] { return nlohmann::json::parse(bench.io.topics.at("output/dump-load-s19-1")).at("since"); };
    const auto reports = [&](OutputState state, int count) {
        for (int i = 0; i < count; ++i) {
            bench.io.outputs().list[1].state = state;
            bench.io.outputs().list[1].state_at = bench.now;
            bench.tick(5230_cV);
        }
    };
    reports(OutputState::off, 1);
    const auto start = since();
    reports(OutputState::off, 20);
    CHECK(since() == start);
    reports(OutputState::on, 1);
    const auto changed = since();
    CHECK(changed != start);
    reports(OutputState::on, 20);
    CHECK(since() == changed);
}
