// Poll load on a GX, measured on the simulated registers in virtual time.
#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "drivers/modbus/polling.hpp"
#include "drivers/modbus/victron_gx.hpp"
#include "drivers/sim/gx_server.hpp"

using namespace volt;
using namespace volt::modbus;

namespace slow_round_test {

namespace {

using Words = std::vector<std::uint16_t>;

/// The simulated GX without sockets; counts the exchanges.
class SimulatedGx : public Transport {
public:
    explicit SimulatedGx(sim::GxOptions options) : registers(std::move(options)) { show(5234); }
    std::optional<Failure> connect() override {
        if (!reachable) return Failure{Fault::reconnect, "no connection"};
        up = true;
        return std::nullopt;
    }
    bool connected() override { return up; }
    void close() override { up = false; }
    bool turned_away() const override { return false; }
    std::optional<Failure> write(int, std::uint16_t, std::uint16_t) override { return Failure{Fault::refused, "never"}; }
    Result<Words> read(int unit, Stretch stretch) override {
        ++exchanges;
        asked.push_back({unit, stretch});
        asked_at.push_back(now);
        now += unit == 225 && stretch.address > 256 ? slow_takes : 2ms;
        if (unit == silent) {
            up = false;
            return Failure{Fault::reconnect, "silent"};
        }
        auto answer = registers.read(static_cast<std::uint8_t>(unit), 3, stretch.address, stretch.count);
        if (answer.exception == sim::no_path) return Failure{Fault::absent, "no path"};
        if (answer.exception != sim::no_exception) {
            ++rejected;
            return Failure{Fault::unsupported, "illegal address"};
        }
        const bool holds_ill = ill >= stretch.address && ill < stretch.address + stretch.count;
        if (stretch.count > most || holds_ill) return Failure{Fault::retry, "too much"};
        if (unit == 225 && !has_voltage && stretch.address == 256) answer.words[3] = 0;
        return answer.words;
    }
    void show(std::int64_t voltage_cv) {
        view.battery_cv = voltage_cv;
        view.battery_ca = 100;
        view.battery_w = voltage_cv / 100;
        view.battery_ddeg = 215;
        view.pv_w = 1500;
        view.load_w = 700;
        registers.show(view);
    }
    int count(int unit, int address) const {
        return static_cast<int>(
            std::ranges::count_if(asked, [&](const auto& one) { return one.first == unit && one.second.address == address; }));
    }

    sim::GxRegisters registers;
    sim::SiteMeasurements view;
    bool reachable = true, up = false, has_voltage = true;
    int silent = -1;
    Duration slow_takes = 2ms;  ///< answer time of the battery's slow registers
    int most = 125;             ///< larger requests are exceptions
    int ill = -1;               ///< so are those of this register
    int exchanges = 0, rejected = 0;
    std::vector<std::pair<int, Stretch>> asked;
    std::vector<Time> asked_at;
    Time now = 1000s;
};

VictronConfig config() {
    VictronConfig made;
    made.battery_unit = 225;
    made.vebus_unit = 227;
    made.temperatures = {{"battery-box", 24, TemperatureRole::battery}};
    return made;
}

struct Site {
    explicit Site(const GxUse& use = {}, sim::GxOptions options = {}, const VictronConfig& victron = config())
        : gx(std::move(options)),
          polling(
              gx::plans(victron, use), gx, {.slow_period = use.slow},
              {[this](const SourceReading& reading) { keep(reading); },
               [this](const SourceHealth& health) { healths[health.name] = health; }},
              [this] { return gx.now; }, stop, 1, [this] { return deciding; }) {}
    void keep(const SourceReading& reading) {
        handed.emplace_back(gx.now, reading);
        auto& list = readings[reading.name];
        if (list.empty() || list.back().taken != reading.taken) list.push_back(reading);
        else list.back() = reading;
    }
    void run(Duration length) {
        const Time end = gx.now + length;
        while (polling.next_due() <= end) {
            gx.now = std::max(gx.now, polling.next_due());
            polling.turn();
        }
        gx.now = std::max(gx.now, end);
    }
    /// Returns the exchanges per minute, once it knows the device.
    int a_minute() {
        run(3600s);
        const int before = gx.exchanges;
        run(60s);
        return gx.exchanges - before;
    }
    /// Returns the longest time between two readings of a source since `from`.
    Duration longest_gap(const std::string& source, Time from) {
        Duration longest{};
        Time last = from;
        for (const SourceReading& reading : readings[source]) {
            if (reading.taken <= from) continue;
            longest = std::max(longest, reading.taken - last);
            last = reading.taken;
        }
        return std::max(longest, gx.now - last);
    }

    SimulatedGx gx;
    StopEvent stop;
    int deciding = 0;
    std::map<std::string, std::vector<SourceReading>> readings;  ///< the last of each poll
    std::vector<std::pair<Time, SourceReading>> handed;          ///< all, with their times
    std::map<std::string, SourceHealth> healths;
    Polling polling;
};

}  // namespace

TEST_CASE("the default site polls its GX at most 2.4 times per second") {
    for (const int version : {52, 81, 94, 101}) {
        for (const bool power : {false, true}) {
            CAPTURE(version);
            CAPTURE(power);
            Site site({.power = power}, {.server_version = version, .power = true});
            const int exchanges = site.a_minute();
            CHECK(exchanges <= 2.4 * 60);
            CHECK(exchanges >= 60);
            const Time from = site.gx.now;
            site.run(60s);
            CHECK(site.longest_gap("victron.battery", from) <= 1100ms);
            for (const char* slow : {"victron.system", "victron.vebus", "victron.battery-box"})
                CHECK(site.longest_gap(slow, from) <= 5100ms);
            for (const auto& [name, health] : site.healths) {
                CHECK(health.state == SourceState::ok);
                const bool lacks = version < 78 && name == "victron.battery";
                CHECK(health.last_error == (lacks ? "registers 256-257 unknown to the device" : ""));
            }
            const SourceReading& battery = site.readings["victron.battery"].back();
            CHECK(battery.voltage == 5234_cV);
            CHECK(battery.battery_temperature == Celsius{215});
            CHECK(battery.charge_voltage_limit == 5760_cV);
            CHECK(battery.discharge_limit == Amps{25'000});
            CHECK(site.readings["victron.vebus"].back().battery_temperature == Celsius{215});
            const SourceReading& system = site.readings["victron.system"].back();
            CHECK(system.pv.has_value() == power);
            if (power) CHECK(system.load == 700_W);
        }
    }
}

TEST_CASE("reads slow registers in one request if the firmware allows") {
    Site site({.power = true}, {.server_version = 101, .power = true});
    site.run(60s);
    CHECK(site.gx.count(225, 267) == 13);
    CHECK(site.gx.count(225, 303) == 0);
    CHECK(site.gx.count(100, 850) == 0);
    Site older({.power = true}, {.server_version = 90, .power = true});
    older.run(60s);
    CHECK(older.gx.count(225, 303) == 0);
    CHECK(older.gx.count(100, 850) > 0);
    CHECK(older.readings["victron.system"].back().pv == 1500_W);
}

TEST_CASE("a GX that fails long requests still gives every block") {
    Site site({.power = true}, {.power = true});
    site.gx.most = 20;
    const Time from = site.gx.now;
    site.run(60s);
    CHECK(site.longest_gap("victron.battery", from) <= 1100ms);
    CHECK(site.readings["victron.battery"].back().discharge_limit == Amps{25'000});
    CHECK(site.readings["victron.system"].back().pv == 1500_W);
}

TEST_CASE("reads the fallback voltage at once if the deciding one fails") {
    for (const char* trouble : {"silent", "gone", "no voltage"}) {
        CAPTURE(trouble);
        Site site;
        site.run(62s);
        const Time from = site.gx.now;
        if (trouble == std::string("silent")) site.gx.silent = 225;
        if (trouble == std::string("gone")) site.gx.registers = sim::GxRegisters({.units = {100, 227, 24}});
        if (trouble == std::string("no voltage")) site.gx.has_voltage = false;
        site.gx.show(5100);
        site.run(1100ms);
        CHECK(site.readings["victron.system"].back().voltage == 5100_cV);
        site.run(30s);
        CHECK(site.longest_gap("victron.system", from) <= 2100ms);
        site.gx.silent = -1;
        site.gx.has_voltage = true;
        site.gx.registers = sim::GxRegisters({});
        site.gx.show(5100);
        site.run(60s);
        const auto fallback = site.readings["victron.system"].size();
        site.run(60s);
        CHECK(site.readings["victron.system"].size() - fallback <= 13);
    }
}

TEST_CASE("reads the voltage that the rules use every second") {
    Site site;
    site.run(60s);
    for (const int deciding : {1, 2, std::numeric_limits<int>::max()}) {
        site.deciding = deciding;
        const Time from = site.gx.now;
        site.run(30s);
        CHECK(site.longest_gap("victron.system", from) <= 1100ms);
        CHECK(site.longest_gap("victron.battery", from) <= 1100ms);
        CHECK(site.longest_gap("victron.vebus", from) > 4s);
    }
}

TEST_CASE("reads the system unit every second if it decides") {
    Site first({.voltages = {"victron.system", "victron.battery"}});
    first.run(60s);
    CHECK(first.readings["victron.system"].size() >= 60);
    CHECK(first.readings["victron.battery"].size() <= 14);
    VictronConfig unknown = config();
    unknown.battery_unit.reset();
    Site searching({}, {.units = {100, 227, 24}}, unknown);
    searching.run(60s);
    CHECK(searching.readings["victron.system"].size() >= 60);
}

TEST_CASE("a deciding voltage does not wait for late slow registers") {
    Site site;
    site.run(20s);
    site.handed.clear();
    site.gx.slow_takes = 400ms;
    site.gx.view.absorption_dv = 561;
    site.gx.show(4390);
    site.run(20s);
    int whole = 0;
    Time last{};
    for (const auto& [at, reading] : site.handed) {
        if (reading.name != "victron.battery") continue;
        CHECK(reading.voltage == 4390_cV);
        CHECK(reading.battery_temperature == Celsius{215});
        if (reading.taken != std::exchange(last, reading.taken)) {
            CHECK(at == reading.taken);
        } else {
            CHECK(at >= reading.taken + 400ms);
            CHECK(reading.charge_voltage_limit == 5610_cV);
            ++whole;
        }
    }
    CHECK(whole >= 3);
    CHECK(whole <= 5);
}

TEST_CASE("the first reading, also after a fault, includes slow values") {
    Site site;
    site.run(100ms);
    const auto is_battery = [](const auto& one) { return one.second.name == "victron.battery"; };
    CHECK(std::ranges::count_if(site.handed, is_battery) == 1);
    CHECK(site.readings["victron.battery"].back().discharge_limit == Amps{25'000});
    site.run(20s);
    site.gx.silent = 225;
    site.run(60s);
    site.handed.clear();
    site.gx.silent = -1;
    site.gx.view.absorption_dv = 561;
    site.gx.show(5100);
    site.run(60s);
    const auto first = std::ranges::find_if(site.handed, is_battery);
    REQUIRE(first != site.handed.end());
    CHECK(first->second.voltage == 5100_cV);
    CHECK(first->second.charge_voltage_limit == 5610_cV);
}

TEST_CASE("slow registers do not hide a frozen unit") {
    Site site;
    site.run(10s);
    const Time moved = site.readings["victron.battery"].back().moved;
    for (int i = 1; i <= 20; ++i) {
        site.gx.view.absorption_dv = 560 + i;
        site.gx.show(5234);
        site.run(5s);
    }
    CHECK(site.readings["victron.battery"].back().charge_voltage_limit > 5600_cV);
    CHECK(site.readings["victron.battery"].back().moved == moved);
    CHECK(site.readings["victron.system"].back().moved < 1010s);
    site.gx.show(5233);
    site.run(5s);
    CHECK(site.readings["victron.battery"].back().moved > 1100s);
}

TEST_CASE("uses failed BMS limits for 30 s") {
    Site site;
    site.run(60s);
    REQUIRE(site.readings["victron.battery"].back().discharge_limit);
    site.gx.ill = 308;
    site.run(24s);
    CHECK(site.readings["victron.battery"].back().discharge_limit);
    site.run(12s);
    CHECK_FALSE(site.readings["victron.battery"].back().discharge_limit);
    CHECK(site.healths["victron.battery"].state == SourceState::ok);
    CHECK(site.healths["victron.battery"].last_error == "unit 225, registers 303-309: too much");
}

TEST_CASE("remembers holes over a restart") {
    const auto known_holes = std::make_shared<KnownHoles>();
    Site before({.power = true, .known_holes = known_holes}, {.server_version = 90, .power = true});
    before.run(60s);
    CHECK(before.gx.rejected > 0);
    CHECK(known_holes->text() == "victron.system@:502/100 apart\n");
    Site after({.power = true, .known_holes = std::make_shared<KnownHoles>(known_holes->text())},
               {.server_version = 90, .power = true});
    after.run(60s);
    CHECK(after.gx.rejected == 0);
    CHECK(after.readings["victron.system"].back().pv == 1500_W);
}

TEST_CASE("remembers a searched unit's holes over a restart") {
    VictronConfig searched = config();
    searched.battery_unit.reset();
    const auto known_holes = std::make_shared<KnownHoles>();
    Site before({.known_holes = known_holes}, {.server_version = 90}, searched);
    before.gx.most = 30;
    before.run(60s);
    CHECK(before.readings["victron.battery"].back().discharge_limit);
    CHECK(known_holes->text().starts_with("victron.battery@:502/225 apart\n"));
    Site after({.known_holes = std::make_shared<KnownHoles>(known_holes->text())}, {.server_version = 90}, searched);
    after.gx.most = 30;
    after.run(60s);
    CHECK(after.readings["victron.battery"].back().discharge_limit);
    const auto is_joined = [](const auto& one) { return one.second.count > 30; };
    CHECK(std::ranges::count_if(before.gx.asked, is_joined) > 0);
    CHECK(std::ranges::count_if(after.gx.asked, is_joined) == 0);
}

TEST_CASE("holes of another firmware hide no needed register") {
    const char* all = "apart 0+125 200+125 258+9 267+60 303+7 808+19 840+7 850+2 61+1 26+11 3300+6";
    std::string text;
    for (const char* unit : {"battery@:502/225", "system@:502/100", "vebus@:502/227", "battery-box@:502/24"})
        text += std::string("victron.") + unit + " " + all + "\n";
    const auto known_holes = std::make_shared<KnownHoles>(text);
    Site site({.power = true, .known_holes = known_holes}, {.power = true});
    site.run(6s);
    CHECK(site.readings["victron.battery"].size() == 7);
    CHECK(site.readings["victron.battery"].back().voltage == 5234_cV);
    CHECK(site.readings["victron.battery"].back().discharge_limit == Amps{25'000});
    CHECK(site.readings["victron.battery"].back().charge_voltage_limit == 5760_cV);
    CHECK(site.readings["victron.battery"].back().battery_temperature == Celsius{215});
    CHECK(site.readings["victron.system"].back().voltage == 5230_cV);
    CHECK(site.readings["victron.system"].back().load == 700_W);
    CHECK(site.readings["victron.vebus"].back().battery_temperature == Celsius{215});
    CHECK(site.readings["victron.battery-box"].back().battery_temperature == Celsius{215});
    site.run(11min);
    for (const auto& [name, health] : site.healths) CHECK(health.last_error == "");
    CHECK(known_holes->text().empty());
}

TEST_CASE("polls slow units of a long period in whole periods") {
    for (const auto& [period, polls] : {std::pair<Duration, std::size_t>{2s, 16}, {7s, 9}}) {
        SimulatedGx gx({});
        StopEvent stop;
        std::map<std::string, std::size_t> counts;
        Polling polling(
            gx::plans(config(), {}), gx, {.period = period, .slow_period = 5s},
            {[&](const SourceReading& reading) { ++counts[reading.name]; }, {}}, [&] { return gx.now; }, stop, 1);
        for (const Time end = gx.now + 60s; polling.next_due() <= end;) {
            gx.now = std::max(gx.now, polling.next_due());
            CHECK((gx.now - 1000s) % period <= 100ms);
            polling.turn();
        }
        CHECK(counts["victron.system"] == polls);
        CHECK(counts["victron.vebus"] == polls);
    }
}

}  // namespace slow_round_test
