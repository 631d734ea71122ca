// Tests of a turn's output in the log, on the broker and in the store.
#include "daemon/journal/turn_reporter.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/daemon/captured.hpp"
#include "tests/daemon/site_fixture.hpp"
#include "tests/fakes/site_io.hpp"
#include "tests/fakes/store.hpp"

using namespace volt;

namespace {

/// Worked case after its first report, with all output cleared.
struct ReporterBench {
    ReporterBench() {
        site.snapshot.broker_up = true;
        CHECK_FALSE(report());
        first_topics = io.topics.size();
        clear();
    }
    bool report(Duration later = 1s, const std::vector<ChargeNote>& notes = {}) {
        site.advance(later);
        return reporter.report(site.view(), notes, io);
    }
    std::string logged(const std::vector<ChargeNote>& notes = {}) {
        return testing::captured(log, [&] { report(1s, notes); });
    }
    void clear() {
        io.topics.clear();
        io.events.clear();
        store.events.clear();
        store.decisions.clear();
    }

    fixture::Site site;
    testing::FakeStore store;
    testing::FakeSiteIo io;
    Log log{Level::info};
    SourceFaultLog sources;
    TurnReporter reporter{log, store, sources};
    std::size_t first_topics = 0;
};

}  // namespace

TEST_CASE("publishes changed numbers together every 3.75 s") {
    ReporterBench bench;
    CHECK(bench.first_topics > 5);
    bench.report(4s);  // outputs and loads have come back: the line that lists them
    bench.clear();
    bench.site.decision.battery.voltage = 5231_cV;
    for (int second = 0; second < 3; ++second) CHECK_FALSE(bench.report());
    CHECK(bench.io.topics.empty());
    CHECK_FALSE(bench.report());
    REQUIRE(bench.io.topics.contains("battery"));
    CHECK(nlohmann::json::parse(bench.io.topics["battery"]).at("voltage_v") == 52.31);
    CHECK(bench.io.events.empty());
    CHECK(bench.store.events.empty());
}

TEST_CASE("reports a delayed change although nothing else changes") {
    ReporterBench bench;
    bench.report(4s);
    const Reason before = bench.site.verdict(1).reason;
    for (const bool on : {true, false, true}) {
        bench.site.verdict(1).wanted = on;
        bench.site.verdict(1).reason = on ? Reason::running : before;
        bench.report();
    }
    CHECK(bench.store.decisions.size() == 2);
    for (int second = 0; second < 50; ++second) bench.report();
    CHECK(bench.store.decisions.size() == 2);
    for (int second = 0; second < 14; ++second) bench.report();
    CHECK(bench.store.decisions.size() == 3);
}

TEST_CASE("reports a mode at once, even if no load changes") {
    ReporterBench bench;
    bench.report(4s);
    bench.clear();
    bench.site.policy.preferences.mode = SiteMode::conservative;
    CHECK(bench.report());
}

TEST_CASE("writes one line, event and decision row per changed order") {
    ReporterBench bench;
    bench.site.verdict(1).wanted = true;
    bench.site.verdict(1).reason = Reason::running;
    bool changed = false;
    const std::string text = testing::captured(bench.log, [&] { changed = bench.report(); });
    CHECK(changed);
    CHECK(testing::count(text, "Start Dump Load S19 #1") == 1);
    REQUIRE(bench.store.decisions.size() == 1);
    const DecisionRow& row = bench.store.decisions[0];
    CHECK(row.load == "dump-load-s19-1");
    CHECK(row.from == "off");
    CHECK(row.to == "on");
    CHECK(row.at == bench.site.snapshot.utc);
    const auto of_load = [&](const EventRow& event) { return event.subject == row.load && event.message == row.text; };
    CHECK(std::count_if(bench.store.events.begin(), bench.store.events.end(), of_load) == 1);
    CHECK(bench.io.events.size() == bench.store.events.size());
    CHECK(bench.reporter.tail().events() == bench.io.events);
    CHECK(bench.io.topics.size() == bench.first_topics);
    REQUIRE(bench.reporter.decisions().size() == 1);
    const DecisionCount& counted = bench.reporter.decisions()[0];
    CHECK((counted.load == row.load && counted.to == "on" && counted.reason == "running" && counted.count == 1));
    bench.clear();
    CHECK_FALSE(bench.report());
    CHECK(bench.store.decisions.empty());
    CHECK(bench.reporter.decisions()[0].count == 1);
    CHECK(bench.io.events.empty());
}

TEST_CASE("names the author of an override or mode if known") {
    ReporterBench bench;
    bench.report(4s);
    bench.clear();
    const auto who_of = [&](const std::string& kind) {
        for (const EventRow& row : bench.store.events)
            if (row.kind == kind) return nlohmann::json::parse(row.data_json).value("who", "nobody");
        return std::string("no event");
    };
    bench.reporter.note_author("override", "dump-load-s19-1", "voltctl pi for agent:claude");
    bench.reporter.note_author("mode", "", "key script");
    bench.site.verdict(1).override_ = OverrideKind::off;
    bench.site.policy.preferences.mode = SiteMode::off;
    bench.report();
    CHECK(who_of("override") == "voltctl pi for agent:claude");
    CHECK(who_of("mode") == "key script");
    bench.clear();
    bench.site.verdict(0).override_ = OverrideKind::off;  // over MQTT
    bench.report();
    CHECK(who_of("override") == "nobody");
}

TEST_CASE("logs, stores and publishes an alarm, but not as event") {
    ReporterBench bench;
    bench.report(4s);
    bench.clear();
    const auto shown = bench.reporter.tail().events();
    bench.site.alarms.push_back({AlarmCode::disk_full, "", bench.site.snapshot.now, "No space left for the history", "critical"});
    const std::string text = bench.logged();
    CHECK(testing::count(text, "No space left for the history") == 1);
    REQUIRE(bench.store.events.size() == 1);
    CHECK(bench.store.events[0].kind == "alarm");
    CHECK(bench.store.events[0].level == "critical");
    CHECK(bench.io.published_alarms.size() == 1);
    CHECK(bench.io.events.empty());
    CHECK(bench.reporter.tail().events() == shown);
    bench.site.alarms.clear();
    CHECK(testing::count(bench.logged(), "Cleared: No space left") == 1);
    CHECK(bench.io.published_alarms.empty());
}

TEST_CASE("reports device rejections and charge notes in their turn") {
    ReporterBench bench;
    bench.report(4s);
    bench.clear();
    bench.io.device_problems = {{"primary-s21", "over temperature"}};
    const std::string text = bench.logged({{"2705", "Charging is blocked: register 2705 is 0 A"}});
    CHECK(testing::count(text, "Output primary-s21 reports: over temperature") == 1);
    CHECK(testing::count(text, "Charging is blocked: register 2705 is 0 A") == 1);
    REQUIRE(bench.store.events.size() == 2);
    CHECK(bench.store.events[0].kind == "output");
    CHECK(bench.store.events[0].level == "warning");
    CHECK(bench.store.events[1].kind == "charge");
    CHECK(bench.store.events[1].subject == "2705");
    CHECK(bench.io.events.size() == 2);
    CHECK(bench.io.topics.empty());
    CHECK(bench.store.decisions.empty());
    bench.report();
    CHECK(bench.store.events.size() == 2);
}

TEST_CASE("adds only an event if the source log has the line") {
    ReporterBench bench;
    bench.report(4s);
    bench.clear();
    bench.site.sources[0].state = SourceState::failing;
    bench.site.sources[0].last_error = "no answer";
    LatestReadings slots;
    SourceHealth& health = slots["victron.battery"].health;
    bool known = false;
    SUBCASE("logged") { known = true; }
    SUBCASE("not polled") {}
    if (known) {
        health.failures = 1;
        health.fault = Fault::reconnect;
        health.last_error = "no answer";
    }
    const std::string text = testing::captured(bench.log, [&] {
        if (known) bench.sources.update(slots, bench.site.snapshot.now, bench.log);
        bench.report();
    });
    CHECK(testing::count(text, "no answer") == 1);
    CHECK(testing::count(text, "victron.battery is failing") == (known ? 0 : 1));
    REQUIRE(bench.store.events.size() == 1);
    CHECK(bench.store.events[0].kind == "source");
    CHECK(bench.io.events.size() == 1);
}
