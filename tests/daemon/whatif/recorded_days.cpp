#include "tests/daemon/whatif/recorded_days.hpp"

#include <doctest/doctest.h>

#include "daemon/config/build_policy.hpp"
#include "daemon/config/uses.hpp"
#include "daemon/journal/rule_state_codec.hpp"
#include "daemon/journal/run_recorder.hpp"
#include "drivers/store/settings/io.hpp"
#include "drivers/store/writer/history_rows.hpp"
#include "rules/decide.hpp"
#include "rules/names.hpp"
#include "rules/subject.hpp"
#include "tests/fakes/store.hpp"
#include "tests/simulation/site.hpp"

namespace volt::test {

namespace {

simulation::SiteConfig site_config(const SimulatedDays& days) {
    simulation::SiteConfig config;
    config.seed = days.seed;
    config.start_utc_ms = days.begin_s * 1000;
    config.luck = simulation::Luck::none;
    return config;
}

}  // namespace

void store_readings(const SiteSnapshot& now, const Policy& policy, RawRows& rows) {
    for (std::size_t i = 0; i < now.voltages.size(); ++i) {
        if (!now.voltages[i].received || now.voltages[i].taken != now.now) continue;
        SourceReading reading;
        reading.name = policy.voltage_sources[i].name;
        reading.voltage = now.voltages[i].value;
        if (i == 0) {
            reading.battery_power = now.battery_power.value;
            reading.battery_current = now.battery_current.value;
        } else {
            reading.pv = now.pv.value;
            reading.load = now.load.value;
            reading.grid = now.grid.value;
        }
        rows.add(reading, now.utc);
    }
}

Config simulated_wiring() {
    Config config;
    config.site = "simulated";
    config.victron = VictronConfig{};
    config.victron->battery_unit = 225;
    config.sol_ark = SolArkConfig{};
    config.voltage_sources = {"victron.battery", "sol_ark"};
    config.power_sources = {{"sol_ark"}, {"sol_ark"}, {"sol_ark"}};
    config.weather = WeatherConfig{};
    const Settings settings = default_settings();
    for (const Use& use : uses_of(settings)) {
        OutputConfig output;
        output.id = use.output_id;
        output.meter = use.kind == UseKind::miner;
        if (use.kind == UseKind::fan) {
            output.kind = OutputKind::level;
            output.lease = 0s;
            output.safe_state = SafeState::automatic;
        }
        config.outputs.push_back(std::move(output));
    }
    for (const char* id : {"heat-room", "main-room"}) config.sensors.emplace_back().id = id;
    return config;
}

std::map<std::string, std::int64_t> simulate_days(const SimulatedDays& days, Connection* db) {
    const Config config = simulated_wiring();
    Settings settings = default_settings();
    days.owner(settings);
    Policy policy = build_policy(config, settings, 1);
    days.change(settings);
    const Policy changed = build_policy(config, settings, 2);
    simulation::Site site(site_config(days), policy);
    Decision decision;
    TickMemory memory;
    testing::FakeStore store;
    RunRecorder recorder;
    std::vector<std::int32_t> fans(policy.zones.size());
    RawRows rows(std::chrono::seconds{raw_slot_s}, 100'000);
    const auto moment = [&site] { return Moment{site.mono(), site.wall(), site.clock_trusted()}; };
    std::map<std::string, std::int64_t> ran;
    std::string state;  // as stored when the power failed
    for (std::int64_t second = 0; second < days.hours * 3600; ++second) {
        if (second == days.changed_after_h * 3600) policy = changed;
        const Moment before = moment();
        const bool was_alive = site.truth().alive, alive = site.turn(1);
        if (was_alive && !alive) state = encode_rule_state(decision.next, policy, before);
        if (!alive) continue;
        if (site.restarts() && !state.empty()) {
            decision.next = decode_rule_state(state, policy, moment()).value();
            recorder = {};
        }
        const SiteSnapshot& now = site.snapshot();
        decide(now, policy, decision, memory);
        site.carry_out(decision);
        const SiteView view{{policy, now, decision}, {}, {}, {}, {}};
        recorder.record(view, store);
        for (std::size_t i = 0; i < policy.miners.size(); ++i)
            if (second >= days.changed_after_h * 3600 && decision.verdicts[i].state == LoadState::on)
                ++ran[policy.miners[i].slug];
        for (std::size_t zone = 0; zone < policy.zones.size(); ++zone) {
            const ZoneVerdict& verdict = decision.zones[zone];
            if (verdict.fan_wanted == std::exchange(fans[zone], verdict.fan_wanted)) continue;
            store.record(DecisionRow{now.utc, fan_of(policy.zones[zone].slug), "",
                                     verdict.fan_wanted > 0 ? std::to_string(verdict.fan_wanted) : "off", name_of(verdict.reason),
                                     "", "{}", "[]"});
        }
        if (db != nullptr) store_readings(now, policy, rows);
    }
    if (db != nullptr) {
        rows.finish();
        Transaction all(*db);
        REQUIRE(rows.write(*db).ok());
        for (const RunRow& row : store.runs) REQUIRE(write_row(*db, row).ok());
        for (const DecisionRow& row : store.decisions) REQUIRE(write_row(*db, row).ok());
        REQUIRE(write_rule_state(*db, encode_rule_state(decision.next, policy, moment()), moment().utc).ok());
        REQUIRE(all.commit().ok());
    }
    return ran;
}

}  // namespace volt::test
