// Tests of a lease proof through whole turns, over fakes, with time controlled by the test.
#include "daemon/loop/lease_trials.hpp"

#include <doctest/doctest.h>

#include "daemon/loop/cycle.hpp"
#include "tests/daemon/captured.hpp"
#include "tests/fakes/site_io.hpp"
#include "tests/fakes/store.hpp"

using namespace volt;
using namespace volt::testing;

namespace lease_trials_test {

namespace {

const std::string yaml = R"(
site: solar-shack
sol_ark: { host: 127.0.0.1, poll_s: 1 }
voltage_sources: [sol_ark]
mqtt: { url: "mqtt://127.0.0.1:1883" }
outputs:
  - { id: s21, topic: miner1, lease_s: 90 }
  - { id: fan, kind: level, dialect: generic, command_topic: fan/set }
control: { start_hold_s: 3, stop_hold_s: 3, commands: live }
)";

std::string with(const char* from, const char* to) {
    std::string text = yaml;
    return text.replace(text.find(from), std::string(from).size(), to);
}

struct Yard {
    explicit Yard(const std::string& text = yaml) {
        auto first = std::make_shared<Settings>();
        Miner miner;
        miner.id = "11111111-0000-4000-8000-000000000001";
        miner.name = miner.slug = "primary";
        miner.power = 3000_W;
        miner.start = 5000_cV;
        miner.stop = 4700_cV;
        miner.emergency = 4500_cV;
        miner.require_excess_solar = true;
        miner.minimum_excess = 90000_W;  // it does not start by itself
        miner.output_id = "s21";
        miner.min_off = 5s;
        first->miners = {miner};
        auto parsed = parse_config(text, "test.yaml");
        REQUIRE(parsed.config);
        config = *parsed.config;
        cycle = std::make_unique<Cycle>(CycleParts{mailbox, store, log, wall, [] { return true; }, exchanges}, config, first,
                                        SiteFacts{"solar-shack", "test", {}, "simulated", {}},
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
    FakeOutputs& outputs() { return io.outputs(); }
    void tick() {
        now += 1s;
        SourceReading reading;
        reading.name = "sol_ark";
        reading.taken = reading.moved = now;
        reading.voltage = voltage;
        reading.pv = 8450_W;
        reading.load = 1850_W;
        reading.grid = 0_W;
        mailbox.sink().reading(reading);
        cycle->turn(io, now);
    }
    std::string begin(const char* output = "s21", std::optional<Duration> lease = 60s) {
        return cycle->inputs().lease_trials().begin(*cycle->journal().view(), output, lease);
    }
    const LeaseProof& proof() { return cycle->inputs().lease_trials().proof(); }
    void run(int ticks) {
        for (int i = 0; i < ticks; ++i) tick();
    }
    /// Starts the proof and waits until its ON is sent and confirmed. Returns when it was sent.
    Time begun_and_on() {
        run(30);
        REQUIRE(begin() == "");
        for (int i = 0; i < 200 && ons() == 0; ++i) tick();
        REQUIRE(ons() == 1);
        const Time at = now;
        run(3);
        return at;
    }
    /// Switches the relay off by its own timer.
    void fall(Time at) {
        while (now < at - 1s) tick();
        outputs().list[0].state = OutputState::off;
        outputs().list[0].state_at = at;
    }
    bool has_alarm() const { return io.published_alarms.count("alarm/no_lease/s21") > 0; }
    bool until(LeaseProof::State state) {
        for (int i = 0; i < 400 && proof().state() != state; ++i) tick();
        return proof().state() == state;
    }
    int ons() {
        int count = 0;
        for (const auto& sent : outputs().sent) count += sent.output == 0 && sent.order.on ? 1 : 0;
        return count;
    }

    Time now = 1000s;
    Volts voltage = 5400_cV;
    Mailbox mailbox{{"sol_ark"}};
    FakeStore store;
    ChargeExchanges exchanges;
    Log log{Level::error};
    WallClock wall{SimulatedWall{1, {}}, Utc{1'750'532'400'000}, 1000s};
    FakeSiteIo io;
    Config config;
    std::unique_ptr<Cycle> cycle;
};

}  // namespace

TEST_CASE("switches on once without renewal and stores the measured time") {
    Yard yard;
    yard.run(30);
    CHECK(yard.ons() == 0);
    REQUIRE(yard.begin() == "");
    CHECK(yard.begin() == "another proof is running");
    for (int i = 0; i < 200 && yard.ons() == 0; ++i) yard.tick();
    REQUIRE(yard.ons() == 1);
    CHECK(yard.outputs().sent.back().order.lease == 60s);
    CHECK(yard.outputs().leases == std::vector<std::pair<std::size_t, Duration>>{{0, 60s}});
    const Time on_at = yard.now;
    yard.fall(on_at + 60s);
    CHECK(yard.ons() == 1);
    REQUIRE(yard.until(LeaseProof::State::proven));
    REQUIRE(yard.store.proofs.size() == 1);
    CHECK(yard.store.proofs[0].output == "s21");
    CHECK(yard.store.proofs[0].dialect == "tasmota");
    CHECK(yard.store.proofs[0].lease == 60s);
    CHECK(yard.store.proofs[0].measured == 60s);
    CHECK(yard.store.events.back().message == yard.proof().text());
    CHECK(yard.cycle->inputs().lease_trials().proven(yard.config.outputs[0])->measured == 60s);
    CHECK(yard.outputs().leases.back() == std::pair<std::size_t, Duration>{0, 90s});
    CHECK_FALSE(yard.has_alarm());
    yard.run(300);
    CHECK(yard.ons() == 1);  // the override ended with the proof
    OutputConfig other = yard.config.outputs[0];
    other.dialect = DialectName::shelly_gen1;
    CHECK(yard.cycle->inputs().lease_trials().proven(other) == nullptr);
}

TEST_CASE("leaves a relay off that does not confirm its timer") {
    Yard yard;
    yard.run(30);
    yard.outputs().list[0].lease = Lease::unverified;
    REQUIRE(yard.begin() == "");
    REQUIRE(yard.until(LeaseProof::State::failed));
    CHECK(yard.ons() == 0);
    CHECK(yard.outputs().leases.back().second == 90s);
}

TEST_CASE("raises an alarm for a relay without a timer") {
    Yard yard;
    yard.begun_and_on();
    REQUIRE(yard.until(LeaseProof::State::failed));
    CHECK(yard.proof().lacks_dead_man());
    CHECK(yard.outputs().list[0].state == OutputState::off);
    CHECK(yard.store.proofs.empty());
    CHECK(yard.ons() == 1);
    yard.run(10);  // until published
    CHECK(yard.has_alarm());
    REQUIRE(yard.begin() == "");
    for (int i = 0; i < 200 && yard.ons() == 1; ++i) yard.tick();
    yard.fall(yard.now + 55s);
    REQUIRE(yard.until(LeaseProof::State::proven));
    yard.run(10);
    CHECK_FALSE(yard.has_alarm());
}

TEST_CASE("ends the proof with the reason in a turn that stops") {
    Yard yard;
    yard.voltage = 4720_cV;
    yard.begun_and_on();
    yard.voltage = 4540_cV;
    yard.tick();
    CHECK(yard.proof().state() == LeaseProof::State::running);
    yard.voltage = 4440_cV;
    yard.tick();
    CHECK(yard.outputs().list[0].state == OutputState::off);
    CHECK(yard.proof().state() == LeaseProof::State::failed);
    CHECK(yard.proof().text().find("the rules stopped it") != std::string::npos);
    CHECK(yard.store.proofs.empty());
    yard.run(300);
    CHECK(yard.ons() == 1);
}

TEST_CASE("fails a proof and switches off after any interruption") {
    Yard yard;
    yard.begun_and_on();
    SUBCASE("reload") {
        yard.cycle->configure(yard.config);
        yard.run(2);
        CHECK(yard.outputs().list[0].state == OutputState::off);
    }
    SUBCASE("broker") {
        yard.outputs().up = yard.outputs().list[0].available = false;
        yard.run(5);
        CHECK(yard.proof().state() == LeaseProof::State::failed);
        yard.outputs().up = yard.outputs().list[0].available = true;
        yard.outputs().up_since = yard.outputs().list[0].available_since = yard.now;
        SUBCASE("still on") {}
        SUBCASE("switched off meanwhile") {
            yard.outputs().list[0].state = OutputState::off;
            yard.outputs().list[0].state_at = yard.now;
        }
        yard.run(5);
    }
    SUBCASE("override") {
        yard.cycle->inputs().requests().add({.load = "primary", .kind = OverrideKind::off});
        yard.run(2);
        yard.run(300);
        CHECK(yard.cycle->journal().view()->decision().verdicts[0].override_ == OverrideKind::off);
    }
    CHECK(yard.proof().state() == LeaseProof::State::failed);
    CHECK(yard.outputs().list[0].state == OutputState::off);
    CHECK(yard.outputs().leases.back().second == 90s);
    yard.run(100);
    CHECK(yard.ons() == 1);
    CHECK(yard.store.proofs.empty());
}

TEST_CASE("switches off after voltd died during a proof") {
    Yard yard;
    yard.begun_and_on();
    Yard next;
    next.now = yard.now + 5s;
    next.outputs().list[0].state = OutputState::on;
    next.outputs().list[0].state_at = next.now;
    next.cycle->restore(yard.store.rule_states.back(), next.now);
    next.run(30);
    CHECK(next.outputs().list[0].state == OutputState::off);
    CHECK(next.ons() == 0);
    CHECK(next.proof().state() == LeaseProof::State::none);
    CHECK(next.store.proofs.empty());
}

TEST_CASE("refuses a proof that cannot begin") {
    Yard yard;
    yard.run(30);
    CHECK(yard.begin("fan") == "only the relay of an enabled miner can be proven");
    OutputReport& report = yard.outputs().list[0];
    report.available = false;
    yard.tick();
    CHECK(yard.begin() == "the device is offline");
    report.available = true;
    report.state = OutputState::unknown;
    report.state_at = yard.now;
    yard.tick();
    CHECK(yard.begin() == "its state is not known");
    report.state = OutputState::on;
    report.hint = true;
    yard.tick();
    CHECK(yard.begin() == "its state is not known");
    report.hint = false;
    report.state_at = yard.now;
    yard.tick();
    CHECK(yard.begin() == "it is not off");
    report.state = OutputState::off;
    report.state_at = yard.now;
    yard.tick();
    yard.cycle->inputs().requests().add({.load = "primary", .kind = OverrideKind::off});
    yard.tick();
    CHECK(yard.begin() == "its miner has an override; end it with `voltctl override primary auto`");
    yard.cycle->inputs().requests().add({.load = "primary"});
    yard.cycle->set_mode(SiteMode::off, "owner");
    yard.tick();
    CHECK(yard.begin() == "the site's mode is off");
    yard.cycle->set_mode(SiteMode::balanced, "owner");
    yard.cycle->set_safe_mode("crashed");
    yard.tick();
    CHECK(yard.begin() == "safe mode is on");
    Yard dark(with("commands: live", "commands: shadow"));
    dark.run(5);
    CHECK(dark.begin() == "voltd is in shadow mode and switches nothing");
    CHECK(dark.ons() == 0);
    Yard without(with("lease_s: 90", "lease_s: 0"));
    without.run(5);
    CHECK(without.begin() == "it has no lease timer (lease_s: 0)");
}

TEST_CASE("proves an owner's timer with its lease_s") {
    Yard yard(with("topic: miner1,", "dialect: shelly-gen1, topic: miner1,"));
    yard.run(30);
    CHECK(yard.begin() == "its lease timer is set in the device, and only its lease_s of 90 s can be proven");
    CHECK(yard.begin("s21", std::nullopt) == "");
    CHECK(yard.proof().lease() == 90s);
    Yard slow(with("topic: miner1, lease_s: 90", "dialect: shelly-gen1, topic: miner1, lease_s: 600"));
    slow.run(30);
    CHECK(slow.begin("s21", std::nullopt).find("not within 30 to 300 s") != std::string::npos);
}

}  // namespace lease_trials_test
