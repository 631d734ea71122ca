#include "tests/outputs/loop_rig.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "rules/names.hpp"

namespace volt::testing {

namespace {

constexpr auto tick = std::chrono::milliseconds{50};

Miner miner() {
    Miner miner;
    miner.id = "11111111-0000-4000-8000-000000000001";
    miner.name = "Miner";
    miner.slug = "miner";
    miner.power = 3250_W;
    miner.start = 5000_cV;
    miner.stop = 4700_cV;
    miner.emergency = 4500_cV;
    miner.operating_mode = OperatingMode::aggressive;
    miner.output_id = "relay";
    miner.min_on = 0s;
    miner.min_off = 0s;
    miner.max_starts_per_hour = 60;
    return miner;
}

Config config_of(const RigOptions& options, int port) {
    auto parsed = parse_config(fmt::format(R"(site: shack
victron: {{ host: 127.0.0.1, poll_s: 0.2, units: {{ system: 100, battery: 225 }} }}
sol_ark: {{ host: 127.0.0.1, poll_s: 0.2 }}
mqtt: {{ url: "mqtt://127.0.0.1:{}", client_id: voltd-shack {} }}
outputs:
  - {{ id: relay, dialect: tasmota, topic: miner1, lease_s: 30, meter: true {} }}
control: {{ tick_s: 0.1, start_hold_s: 0, stop_hold_s: 0, restart_hold_s: 0, settle_s: 0, confirm_s: {},
           start_timeout_s: 5, start_stagger_s: 0, adopt_timeout_s: 20 }}
{})",
                                           port, options.mqtt, options.output, options.confirm_s, options.more),
                               "rig.yaml");
    for (const Problem& problem : parsed.problems) MESSAGE(text_of(problem));
    REQUIRE(parsed.config);
    return *parsed.config;
}

bool is_set_up(const PeerMessage& message) {
    return message.topic == "cmnd/miner1/PulseTime1" && (message.payload.empty() || message.payload == "130");
}

bool is_question(const PeerMessage& message) {
    return (message.topic == "cmnd/miner1/POWER" && message.payload.empty()) || message.topic == "cmnd/miner1/STATUS";
}

Time time_of(const PeerMessage& message) { return std::chrono::duration_cast<Duration>(message.at.time_since_epoch()); }

}  // namespace

LinkTimes short_times() {
    LinkTimes times;
    times.gap_first = 100ms;
    times.gap_most = 300ms;
    times.gap_refused = 300ms;
    times.gap_twin = 500ms;
    times.echo_every = 500ms;
    times.echo_overdue = 1500ms;
    times.echo_dead = 3s;
    return times;
}

LoopRig::LoopRig(const RigOptions& options) : broker(options.broker), config(config_of(options, broker.port())) {
    if (options.prepare) {
        broker.kill();
        options.prepare(broker);
        if (options.start) broker.start();
    } else if (!options.start) {
        broker.kill();
    }
    auto first = std::make_shared<Settings>();
    first->miners = {miner()};
    settings = first;
    cycle = std::make_unique<Cycle>(CycleParts{mailbox, store, log, wall, [] { return true; }, exchanges}, config, settings,
                                    SiteFacts{"shack", "test", {}, "system", {}}, ZoneClock::load("UTC"));
    io = std::make_unique<MqttSiteIo>(
        config, [] {}, short_times());
}

LoopRig::~LoopRig() {
    io->stop();
    if (std::uncaught_exceptions() == 0 && listens) check_wire();
}

void LoopRig::turn() {
    const Time now = monotonic_now();
    SourceReading reading;
    for (const char* name : {"victron.battery", "sol_ark"}) {
        reading.name = name;
        reading.taken = reading.moved = now;
        reading.voltage = voltage;
        if (reading.name == "sol_ark") {
            reading.pv = 8450_W;
            reading.load = 1850_W;
            reading.grid = 0_W;
        }
        mailbox.sink().reading(reading);
    }
    cycle->turn(*io, now);
    for (const Command& command : cycle->journal().view()->decision().commands)
        ordered.push_back({command.on ? "ON" : "OFF", now});
    reports = io->outputs().reports();
    std::this_thread::sleep_for(tick);
}

bool LoopRig::until(const std::function<bool()>& condition, Duration limit) {
    for (const Time end = monotonic_now() + limit; monotonic_now() < end;) {
        turn();
        if (condition()) return true;
    }
    return false;
}

void LoopRig::for_a_while(Duration time) {
    until([] { return false; }, time);
}

bool LoopRig::until_ready() {
    return until([this] { return report().available && report().state_received && report().lease == Lease::armed; });
}

void LoopRig::command(const std::string& word) {
    Time again{};
    REQUIRE(until([&] {
        if (monotonic_now() >= again) publish_once(broker.port(), "voltd/shack/miner/miner/set", word);
        if (monotonic_now() >= again) again = monotonic_now() + 1s;
        return name_of(cycle->journal().view()->decision().verdicts.at(0).override_) == word;
    }));
}

bool LoopRig::has_alarm(const std::string& suffix) const {
    const auto alarms = alarm_topics(*cycle->journal().view());
    return alarms.contains("alarm/" + suffix);
}

std::vector<std::string> LoopRig::orders() const {
    auto all = wire.payloads("cmnd/miner1/POWER");
    std::erase(all, "");
    return all;
}

void LoopRig::stranger_orders(const std::string& word, bool retained, const std::string& topic) {
    if (!word.empty() || topic != "cmnd/miner1/POWER") strangers_.push_back(word);
    const auto before = wire.payloads(topic).size();
    publish_once(broker.port(), topic, word, retained);
    REQUIRE(eventually([&] { return wire.payloads(topic).size() > before; }));
}

void LoopRig::check_wire() {
    std::size_t next = 0;
    std::vector<std::string> strangers = strangers_;
    for (const PeerMessage& message : wire.received()) {
        if (!message.topic.starts_with("cmnd/")) continue;
        CAPTURE(message.topic);
        CAPTURE(message.payload);
        if (is_set_up(message) || is_question(message)) continue;
        if (const auto own = std::find(strangers.begin(), strangers.end(), message.payload); own != strangers.end()) {
            strangers.erase(own);
            continue;
        }
        CHECK(message.topic == "cmnd/miner1/POWER");
        while (next < ordered.size() && (ordered[next].word != message.payload || time_of(message) - ordered[next].at > late))
            ++next;
        CHECK_MESSAGE(next < ordered.size(), "nobody ordered this, or too long ago");
        if (next >= ordered.size()) return;
        CHECK(ordered[next].at <= time_of(message));
        ++next;
    }
    MqttListener standing(broker.port(), "cmnd/#");  // later subscribers get retained messages
    CHECK(standing.wait_until_connected());
    std::this_thread::sleep_for(std::chrono::milliseconds{150});
    for (const PeerMessage& message : standing.received()) CHECK_MESSAGE(!message.retained, message.topic);
}

}  // namespace volt::testing
