// Test of two simulated days in shadow: voltd sends no order, and the report has the runs that it would have made live on a stiff
// battery.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "daemon/config/build_policy.hpp"
#include "daemon/ctl/shadow/shadow_report.hpp"
#include "daemon/explain/changes.hpp"
#include "daemon/whatif/followed_outputs.hpp"
#include "drivers/store/settings/io.hpp"
#include "drivers/store/telemetry/raw_rows.hpp"
#include "drivers/store/writer/history_rows.hpp"
#include "rules/decide.hpp"
#include "tests/daemon/whatif/recorded_days.hpp"
#include "tests/drivers/store/temp_dir.hpp"
#include "tests/simulation/site.hpp"

using namespace volt;
using namespace volt::ctl::shadow;

namespace two_days_test {

namespace {

constexpr std::int64_t begin_s = 1'750'510'800, hours = 48;  // from 2025-06-21 06:00 in San José
constexpr std::int64_t near_s = 60, look_every_s = 30;

/// voltd without its devices: the rules, and what it would store.
struct Decider {
    Policy policy{};
    Decision decision{};
    TickMemory memory{};
    Changes changes{};
    std::vector<DecisionRow> rows{};
    std::vector<EventRow> events{};
    std::vector<bool> wanted{};
    std::size_t orders = 0;

    void turn(const SiteSnapshot& now, bool look) {
        decide(now, policy, decision, memory);
        orders += decision.commands.size();
        std::vector<bool> next;
        for (const Verdict& verdict : decision.verdicts) next.push_back(verdict.wanted);
        // Make sentences, which are slow, only when something changed, and occasionally for the rest.
        if (next == wanted && !look) return;
        wanted = std::move(next);
        const SiteView view{{policy, now, decision}, std::vector<OutputView>(policy.outputs.size()), {}, {}, {}};
        for (const Change& change : changes.compare(view)) {
            if (const auto row = decision_row(view, change)) rows.push_back(*row);
            events.push_back(event_row(change));
        }
    }
};

Watts draw_behind(const Policy& policy, std::size_t output) {
    for (const Miner& miner : policy.miners)
        if (miner.output == static_cast<Index>(output)) return miner.power;
    for (const Zone& zone : policy.zones)
        if (zone.heater == static_cast<Index>(output)) return zone.heater_power;
    return {};
}

/// Same moment at a site whose outputs obey and whose battery does not react: the voltage remains.
class StiffSite {
public:
    explicit StiffSite(const Policy& policy) : policy_(policy), outputs_(policy) {}

    /// Returns the snapshot. `offered_w`: power that the sun would give. A full battery's charger holds back a part of it until a
    /// load takes it.
    SiteSnapshot of(const SiteSnapshot& shadow, double offered_w) const {
        SiteSnapshot now = shadow;
        Watts sum{};
        for (std::size_t i = 0; i < now.outputs.size(); ++i) {
            OutputReport& report = now.outputs[i];
            report.available = true;
            report.lease = policy_.outputs[i].lease > 0s ? Lease::armed : Lease::none;
            outputs_.report(i, now.now, false, report);
            const Watts draw = outputs_.on(i) ? draw_behind(policy_, i) : Watts{};
            sum += draw;
            if (policy_.outputs[i].meter) report.power = {draw, now.now, true};
        }
        if (now.load.value) *now.load.value += sum;
        const Watts pv = now.pv.value.value_or(Watts{});
        const Watts by_sun{std::clamp<std::int64_t>(std::llround(offered_w) - pv.steps, 0, sum.steps)};
        if (now.pv.value) *now.pv.value += by_sun;
        if (now.battery_power.value) *now.battery_power.value -= sum - by_sun;
        return now;
    }
    void obey(const Decision& decision) { outputs_.follow(decision.commands); }

private:
    const Policy& policy_;
    whatif::FollowedOutputs outputs_;
};

struct TwoDays {
    Connection db = test::new_schema();
    Decider shadow, live;
};

void run_two_days(TwoDays& days) {
    const Config config = test::simulated_wiring();
    Settings settings = default_settings();
    settings.preferences.internal_resistance_mohm = 0;
    for (Miner& miner : settings.miners) miner.require_sunny = false;  // nothing stores the weather
    Policy policy = build_policy(config, settings, 1);
    days.shadow.policy = days.live.policy = policy;
    days.shadow.policy.control.live = false;
    simulation::SiteConfig site_config;
    site_config.seed = 3;
    site_config.start_utc_ms = begin_s * 1000;
    site_config.luck = simulation::Luck::none;
    simulation::Site site(site_config, policy);
    StiffSite stiff(policy);
    RawRows rows(std::chrono::seconds{raw_slot_s}, 100'000);
    for (std::int64_t second = 0; second < hours * 3600; ++second) {
        REQUIRE(site.turn(1));
        const bool look = second % look_every_s == 0;
        const SiteSnapshot& now = site.snapshot();
        days.shadow.turn(now, look);
        site.carry_out(days.shadow.decision);
        test::store_readings(now, policy, rows);
        days.live.turn(stiff.of(now, site.plant().pv_offered_w()), look);
        stiff.obey(days.live.decision);
    }
    rows.finish();
    Transaction all(days.db);
    REQUIRE(rows.write(days.db).ok());
    for (const DecisionRow& row : days.shadow.rows) REQUIRE(write_row(days.db, row).ok());
    for (const EventRow& row : days.shadow.events) REQUIRE(write_row(days.db, row).ok());
    REQUIRE(all.commit().ok());
    test::must(days.db, "UPDATE settings_history SET at = '2025-06-01T00:00:00.000Z'");
}

/// Returns the live runs of the same days from the orders, read as if they were simulated.
std::vector<CountedRun> live_runs(const Decider& live, const std::string& load, CountedRange range) {
    std::vector<DecisionRow> rows;
    for (DecisionRow row : live.rows) {
        if (row.load != load) continue;
        CHECK(!row.shadow);
        row.shadow = true;
        rows.push_back(std::move(row));
    }
    return shadow_runs(rows, {}, range);
}

}  // namespace

TEST_CASE("reports the live runs of the same days in shadow") {
    TwoDays days;
    run_two_days(days);
    CHECK(days.shadow.orders == 0);
    CHECK(days.live.orders > 0);
    const CountedRange range{begin_s, begin_s + hours * 3600};
    const auto facts = read_shadow_facts(days.db, test::simulated_wiring(), range);
    REQUIRE_MESSAGE(facts.ok(), (facts ? "" : facts.failure().text));
    const ShadowReport report = shadow_report(facts.value());
    CHECK(report.covered.all_s * 100 >= report.covered.of_s * 99);
    std::size_t compared = 0;
    for (const ShadowLoad& load : report.loads) {
        if (load.kind == "fan") continue;  // rooms are cooler at a site whose miners did not run
        CAPTURE(load.load);
        const std::vector<CountedRun> live = live_runs(days.live, load.load, range);
        REQUIRE(load.would.size() == live.size());
        for (std::size_t i = 0; i < live.size(); ++i) {
            CHECK(std::abs(load.would[i].from_s - live[i].from_s) <= near_s);
            CHECK(std::abs(load.would[i].to_s - live[i].to_s) <= near_s);
            CHECK(load.would[i].start_reason == live[i].start_reason);
            CHECK(load.would[i].stop_reason == live[i].stop_reason);
            ++compared;
        }
        MESSAGE(load.load, ": ", live.size(), " runs, ", load.tally.on_s, " s");
        if (load.kind == "miner") CHECK(!load.blocked.empty());
    }
    CHECK(compared >= 3);
    REQUIRE(report.lowest);
    CHECK(report.stages.size() >= 2);
}

}  // namespace two_days_test
