// Virtual time and a transport that records requests: checks the schedule and the reports.
#include "drivers/modbus/polling.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

using namespace volt;
using namespace volt::modbus;

namespace {

using Words = std::vector<std::uint16_t>;

struct FakeTransport : Transport {
    std::optional<Failure> connect() override {
        ++connects;
        is_first = true;
        up = reachable && (now >= free_at || takes_and_closes);
        if (!up) return Failure{Fault::reconnect, "no connection"};
        return std::nullopt;
    }
    bool connected() override { return up; }
    void close() override {
        up = false;
        free_at = now + hold;
    }
    bool turned_away() const override { return was_turned_away; }
    std::optional<Failure> write(int, std::uint16_t, std::uint16_t) override { return Failure{Fault::refused, "never"}; }
    Result<Words> read(int unit, Stretch stretch) override {
        const bool first = std::exchange(is_first, false);
        was_turned_away = first && (now < free_at || closes_first == unit);
        if (was_turned_away) {
            up = false;
            return Failure{Fault::reconnect, "closed"};
        }
        asked.push_back({unit, stretch.address});
        asked_at.push_back(now);
        sizes.push_back(stretch.count);
        now += takes;
        if (stretch.count > most) {
            up = false;
            return Failure{Fault::reconnect, "lost"};
        }
        if (stretch.count >= refused_count) return Failure{Fault::unsupported, "too many"};
        for (int address = stretch.address; address < stretch.address + stretch.count; ++address) {
            if (holes.contains({unit, address})) return Failure{Fault::unsupported, "a hole"};
        }
        const auto fault = faults.find({unit, stretch.address});
        if (fault != faults.end()) {
            if (fault->second == Fault::reconnect) {
                now += silence;
                close();
            }
            return Failure{fault->second, "fault"};
        }
        Words words(stretch.count, word);
        for (const auto& [address, own] : own_words) {
            if (address >= stretch.address && address < stretch.address + stretch.count)
                words[static_cast<std::size_t>(address - stretch.address)] = own;
        }
        return words;
    }
    int count(int unit, int address) const { return static_cast<int>(std::ranges::count(asked, std::pair(unit, address))); }

    /// Returns the times at which the register was read, oldest first.
    std::vector<Time> times(int unit, int address) const {
        std::vector<Time> found;
        for (std::size_t i = 0; i < asked.size(); ++i) {
            if (asked[i] == std::pair(unit, address)) found.push_back(asked_at[i]);
        }
        return found;
    }

    bool reachable = true, up = false;
    bool is_first = false;  ///< no request was sent on this connection yet
    bool was_turned_away = false;
    bool takes_and_closes = false;  ///< while it takes no client: the connect succeeds, and nothing more
    int closes_first = -1;          ///< the device closes if this unit is polled first
    Duration hold{};                ///< time after a close during which no client is accepted
    Duration silence{};             ///< deadline of an exchange
    Time free_at{};
    int connects = 0;
    std::uint16_t word = 1;
    std::map<int, std::uint16_t> own_words;  ///< by address, instead of `word`
    Duration takes{};
    Time now = 1000s;
    std::map<std::pair<int, int>, Fault> faults;
    std::set<std::pair<int, int>> holes;  ///< a request over one is refused as a whole
    int most = 125;                       ///< larger requests get no answer
    int refused_count = 126;              ///< as many or more get exception 3
    std::vector<int> sizes;
    std::vector<std::pair<int, int>> asked;
    std::vector<Time> asked_at;
};

UnitPlan plan(const char* source, int unit, std::vector<Stretch> blocks) {
    UnitPlan made;
    made.source = source;
    made.unit = unit;
    made.blocks = std::move(blocks);
    made.assemble = [](const Answers& answers) {
        SourceReading reading;
        reading.voltage = Volts{answers.at(0).words.at(0)};
        if (answers.size() > 1) reading.discharge_limit = Amps{answers.at(1).words.at(0)};
        return Result<SourceReading>(reading);
    };
    return made;
}

/// Two units, `a` with a further block; first gaps of 1 s.
struct Site {
    explicit Site(std::vector<UnitPlan> plans = {plan("a", 1, {{10, 2}, {20, 1}}), plan("b", 2, {{30, 1}})})
        : polling(
              std::move(plans), transport, {}, sink(), [this] { return transport.now; }, stop, 1) {}

    SourceSink sink() {
        return {[this](const SourceReading& reading) { readings[reading.name].push_back(reading); },
                [this](const SourceHealth& health) { healths[health.name] = health; }};
    }

    /// Runs each due turn until `end`.
    void run(Duration length) {
        const Time end = transport.now + length;
        while (polling.next_due() <= end) {
            transport.now = std::max(transport.now, polling.next_due());
            polling.turn();
        }
        transport.now = std::max(transport.now, end);
    }

    FakeTransport transport;
    StopEvent stop;
    std::map<std::string, std::vector<SourceReading>> readings;
    std::map<std::string, SourceHealth> healths;
    Polling polling;
};

}  // namespace

TEST_CASE("polls every unit on its phase, once per period") {
    Site site;
    site.transport.takes = 10ms;
    site.run(10s);
    CHECK(site.readings["a"].size() == 11);
    CHECK(site.readings["b"].size() == 11);
    CHECK(site.transport.connects == 1);
    const auto& reading = site.readings["b"].back();
    CHECK(reading.name == "b");
    CHECK(reading.taken == 1010s + 30ms);
    CHECK(site.readings["a"].back().taken == 1010s + 10ms);  // when the first block was complete
    CHECK(site.healths["a"].rtt == 10ms);
    CHECK(site.healths["a"].state == SourceState::ok);
    CHECK(site.healths["a"].successes == 11);
    CHECK(site.healths["a"].last_success == reading.taken - 20ms);
}

TEST_CASE("a slow device never makes polls pile up") {
    Site site({plan("a", 1, {{10, 1}})});
    site.transport.takes = 2500ms;
    site.run(20s);
    site.transport.takes = 0ms;
    const auto before = site.readings["a"].size();
    CHECK(before <= 9);
    site.run(10s);
    CHECK(site.readings["a"].size() - before <= 11);
    CHECK(site.polling.next_due().count() % 1000 == 0);  // back on the phase
}

TEST_CASE("moved is the last change in the unit's first block") {
    Site site;
    site.run(3s);
    CHECK(site.readings["a"].back().moved == site.readings["a"].front().taken);
    CHECK(site.readings["a"].back().taken == 1003s);
    site.transport.word = 2;
    site.run(5s);
    CHECK(site.readings["a"].back().moved == 1004s);
    CHECK(site.readings["b"].back().moved == 1004s);
}

TEST_CASE("only the first block counts as movement") {
    auto one = plan("a", 1, {{10, 2}, {20, 1}});
    one.slow_blocks = {{50, 1}};
    Site site({one});
    for (std::uint16_t second = 0; second < 30; ++second) {
        site.transport.own_words[20] = site.transport.own_words[50] = second;
        site.run(1s);
    }
    CHECK(site.readings["a"].back().discharge_limit == Amps{29});
    CHECK(site.readings["a"].back().moved == 1000s);
    site.transport.own_words[11] = 7;
    site.run(3s);
    CHECK(site.readings["a"].back().moved == 1031s);
}

TEST_CASE("a register refused now and then is not a movement") {
    auto one = plan("a", 1, {{840, 7}});
    one.needed = {840};
    Site site({one});
    for (int round = 0; round < 10; ++round) {
        site.transport.holes = {{1, 842 + round % 3}};
        site.run(1s);
        site.transport.holes.clear();
        site.run(8s);
    }
    CHECK(site.healths["a"].last_error.empty());
    CHECK(site.transport.sizes.back() == 7);
    CHECK(site.readings["a"].back().moved == 1000s);
    site.transport.holes = {{1, 842}};
    site.run(1s);
    site.transport.own_words[846] = 7;
    site.run(1s);
    CHECK(site.readings["a"].back().moved == 1092s);
}

TEST_CASE("a reconnect alone is not a movement") {
    Site site;
    site.run(3s);
    site.transport.up = false;
    site.run(3s);
    CHECK(site.readings["a"].back().taken == 1006s);
    CHECK(site.readings["a"].back().moved == 1000s);
}

TEST_CASE("polls an absent unit every 30 s without affecting others") {
    Site site;
    site.transport.faults[{2, 30}] = Fault::absent;
    site.run(59s);
    CHECK(site.transport.count(2, 30) == 2);
    CHECK(site.readings["a"].size() == 60);
    CHECK(site.healths["b"].state == SourceState::absent);
    CHECK_FALSE(site.healths["b"].last_error.empty());
    CHECK(site.transport.connects == 1);
    site.transport.faults.clear();
    site.run(2s);
    CHECK(site.healths["b"].state == SourceState::ok);
    CHECK(site.healths["b"].last_error.empty());
    CHECK(site.healths["b"].consecutive_failures == 0);
    CHECK(site.healths["b"].failures == 2);
}

TEST_CASE("polls an absent unit at once after the device was away") {
    Site site;
    site.transport.faults[{2, 30}] = Fault::absent;
    site.run(2s);
    const int before = site.transport.count(2, 30);
    for (int i = 0; i < 5; ++i) {
        site.transport.close();
        site.run(1s);
    }
    CHECK(site.transport.count(2, 30) == before);
    site.transport.close();
    site.transport.reachable = false;
    site.run(3s);
    CHECK(site.healths["a"].state == SourceState::failing);
    site.transport.reachable = true;
    site.transport.faults.clear();
    site.run(4s);
    CHECK(site.healths["b"].state == SourceState::ok);
}

TEST_CASE("polls a lost unit once more soon, then every 30 s") {
    Site site;
    site.run(2s);
    site.transport.faults[{2, 30}] = Fault::absent;
    site.run(1s);
    CHECK(site.healths["b"].state == SourceState::absent);
    site.transport.faults.clear();
    site.run(2s);
    CHECK(site.healths["b"].state == SourceState::ok);
    site.transport.faults[{2, 30}] = Fault::absent;
    const int before = site.transport.count(2, 30);
    site.run(50s);
    CHECK(site.transport.count(2, 30) - before == 3);
}

TEST_CASE("retries an unreachable device with growing gaps") {
    Site site;
    site.transport.reachable = false;
    site.run(120s);
    CHECK(site.transport.connects >= 6);
    CHECK(site.transport.connects <= 9);
    CHECK(site.transport.asked.empty());
    CHECK(site.healths["a"].failures == static_cast<std::uint64_t>(site.transport.connects));
    CHECK(site.healths["b"].failures == site.healths["a"].failures);
    CHECK(site.healths["a"].state == SourceState::failing);
    CHECK(site.healths["b"].last_error == "no connection");
    CHECK_FALSE(site.healths["b"].ever_succeeded);
    site.transport.reachable = true;
    site.run(61s);
    CHECK(site.healths["a"].state == SourceState::ok);
    CHECK(site.healths["b"].state == SourceState::ok);
}

TEST_CASE("a silent unit does not starve others or force constant reconnects") {
    Site site;
    site.transport.faults[{1, 10}] = Fault::reconnect;
    site.run(300s);
    CHECK(site.readings["b"].size() == 301);
    CHECK(site.healths["a"].state == SourceState::failing);
    CHECK(site.transport.count(1, 10) <= 12);
    CHECK(site.transport.connects <= 13);
}

TEST_CASE("backs off from a device that another poller disturbs") {
    Site site({plan("a", 1, {{10, 1}})});
    site.run(60s);
    const int before = site.transport.count(1, 10);
    CHECK(before >= 60);
    site.transport.faults[{1, 10}] = Fault::reconnect;  // result of an answer to another client's request
    site.run(300s);
    CHECK(site.transport.count(1, 10) - before <= 12);
    site.transport.faults.clear();
    site.run(61s);
    const int healed = site.transport.count(1, 10);
    site.run(60s);
    CHECK(site.transport.count(1, 10) - healed >= 60);
}

TEST_CASE("a silent unit does not block others behind a slow gateway") {
    for (const Duration hold : {3s, 6s, 12s}) {
        for (const bool takes_and_closes : {false, true}) {
            for (const bool silent_first : {false, true}) {
                CAPTURE(hold);
                CAPTURE(takes_and_closes);
                Site site({plan("a", 1, {{10, 1}}), plan("b", 2, {{30, 1}})});
                const auto [ill, healthy] = silent_first ? std::pair(1, "b") : std::pair(2, "a");
                const int address = silent_first ? 10 : 30;
                site.transport.hold = hold;
                site.transport.silence = 1s;
                site.transport.takes_and_closes = takes_and_closes;
                site.run(5s);
                site.transport.faults[{ill, address}] = Fault::reconnect;
                site.run(1195s);
                const auto tries = site.transport.times(ill, address);
                REQUIRE(tries.size() > 15);
                CHECK(tries.size() <= 6 + 12 + 1200 / 48);
                for (std::size_t i = tries.size() - 12; i < tries.size(); ++i) CHECK(tries[i] - tries[i - 1] >= 48s);
                // Blind only after each of them: the deadline, the hold, and at most once more that long until the next try.
                const auto& readings = site.readings[healthy];
                CHECK(readings.size() + tries.size() * static_cast<std::size_t>(2 * hold / 1s + 4) >= 1200);
                CHECK(readings.size() >= 600);
                for (std::size_t i = 1; i < readings.size(); ++i) {
                    CHECK(readings[i].taken - readings[i - 1].taken <= 2 * (2 * hold + 4s));
                }
                site.transport.faults.clear();
                site.run(61s);
                CHECK(site.healths["a"].state == SourceState::ok);
                CHECK(site.healths["b"].state == SourceState::ok);
            }
        }
    }
}

TEST_CASE("a unit that makes the gateway close delays others only briefly") {
    Site site({plan("a", 1, {{10, 1}}), plan("b", 2, {{30, 1}})});
    site.transport.closes_first = 1;
    site.transport.faults[{1, 10}] = Fault::reconnect;
    site.run(300s);
    CHECK(site.readings["b"].size() >= 270);
    CHECK(site.transport.count(1, 10) <= 12);
    CHECK(site.healths["a"].state == SourceState::failing);
}

TEST_CASE("gaps of the connection are not gaps of a unit") {
    Site site({plan("a", 1, {{10, 1}}), plan("b", 2, {{30, 1}})});
    site.run(5s);
    site.transport.close();
    site.transport.reachable = false;
    site.run(600s);
    site.transport.reachable = true;
    site.transport.faults[{2, 30}] = Fault::reconnect;
    site.run(60s);
    CHECK(site.transport.count(2, 30) - 6 >= 3);  // the first gaps are short
}

TEST_CASE("the first good answer retries the other failing units") {
    Site site;
    site.transport.faults[{1, 10}] = site.transport.faults[{2, 30}] = Fault::reconnect;
    site.run(200s);
    site.transport.faults.clear();
    site.run(61s);
    REQUIRE(site.readings["a"].size() > 1);
    REQUIRE(site.readings["b"].size() > 1);
    const Duration apart = abs(site.readings["a"].front().taken - site.readings["b"].front().taken);
    CHECK(apart <= 1s);
}

TEST_CASE("skips, reports and rarely retries an unknown further block") {
    Site site;
    site.transport.faults[{1, 20}] = Fault::unsupported;
    site.run(4s);
    CHECK(site.transport.count(1, 20) == 1);
    CHECK(site.readings["a"].size() == 5);
    CHECK_FALSE(site.readings["a"].back().discharge_limit);
    CHECK(site.healths["a"].state == SourceState::ok);
    CHECK(site.healths["a"].last_error == "register 20 unknown to the device");
    site.run(3596s);
    CHECK(site.transport.count(1, 20) == 1 + 11);  // after 5, 15, 35 ... 635 s, then each 10 min
    site.transport.faults.clear();
    site.transport.up = false;
    site.run(1s);
    CHECK(site.transport.count(1, 20) == 13);
    CHECK(site.readings["a"].back().discharge_limit == Amps{1});
    CHECK(site.healths["a"].last_error.empty());
}

TEST_CASE("temporary refusals cost no register for long") {
    for (const std::set<std::pair<int, int>>& passing :
         {std::set<std::pair<int, int>>{{1, 840}},
          {{1, 842}},
          {{1, 840}, {1, 841}, {1, 846}},
          {{1, 840}, {1, 841}, {1, 842}, {1, 843}, {1, 844}, {1, 845}, {1, 846}}}) {
        auto one = plan("a", 1, {{840, 7}});
        one.needed = {840};
        Site site({one});
        for (int round = 0; round < 20; ++round) {  // it happens repeatedly
            site.transport.holes.clear();
            site.run(7s);
            CHECK(site.transport.sizes.back() == 7);
            CHECK(site.healths["a"].last_error.empty());
            site.transport.holes = passing;
            site.run(1s);
            CHECK_FALSE(site.healths["a"].last_error.empty());
        }
    }
}

TEST_CASE("retries an unknown needed register every 5 s with few requests") {
    auto one = plan("a", 1, {{840, 7}});
    one.needed = {840};
    Site site({one});
    for (int address = 840; address < 847; ++address) site.transport.holes.insert({1, address});
    site.run(3600s);
    CHECK(site.healths["a"].last_error == "unit 1, registers 840-846: a hole");
    CHECK(site.transport.asked.size() <= 3600 / 5 * 13);
    CHECK(site.healths["a"].state == SourceState::failing);
    site.transport.holes = {{1, 840}};
    site.run(3600s);
    CHECK(site.healths["a"].last_error == "unit 1, registers 840-846: a hole");
    const auto before = site.transport.asked.size();
    site.run(100s);
    CHECK(site.transport.asked.size() - before <= 100 / 5 + 1);
    site.transport.holes.clear();
    site.run(6s);
    CHECK(site.transport.sizes.back() == 7);
}

TEST_CASE("a failing further block does not affect the voltage") {
    for (const Fault fault : {Fault::retry, Fault::reconnect}) {
        Site site;
        site.run(2s);
        site.transport.faults[{1, 20}] = fault;
        for (int second = 0; second < 25; ++second) {
            site.run(1s);
            CHECK(site.healths["a"].last_error == "unit 1, register 20: fault");  // between the tries too
        }
        CHECK(site.readings["a"].size() == 28);
        CHECK(site.readings["a"].back().discharge_limit == Amps{1});
        CHECK(site.healths["a"].state == SourceState::ok);
        CHECK(site.transport.count(1, 20) <= 3 + 6);
        site.run(10s);
        CHECK_FALSE(site.readings["a"].back().discharge_limit);
        CHECK(site.readings["a"].size() == 38);
        site.transport.faults.clear();
        site.run(61s);
        CHECK(site.healths["a"].last_error.empty());
    }
}

TEST_CASE("uses a refused value for 30 s and retries every 5 s") {
    for (const std::set<std::pair<int, int>>& refused :
         {std::set<std::pair<int, int>>{{1, 20}}, {{1, 21}, {1, 22}}, {{1, 20}, {1, 21}, {1, 22}, {1, 23}}}) {
        auto one = plan("a", 1, {{10, 2}, {20, 4}});
        one.needed = {10, 20, 22};
        one.assemble = [](const Answers& answers) {
            SourceReading reading;
            reading.voltage = value_of<Volts>({.address = 10}, answers);
            reading.discharge_limit = value_of<Amps>({.address = 20}, answers);
            reading.battery_power = value_of<Watts>({.address = 22}, answers);
            return Result<SourceReading>(reading);
        };
        Site site({one});
        site.run(2s);
        site.transport.holes = refused;
        const bool lost = refused.contains({1, 20});
        for (int second = 0; second < 30; ++second) {
            site.run(1s);
            CHECK(site.readings["a"].back().discharge_limit == Amps{1});
            CHECK(site.readings["a"].back().battery_power == Watts{1});
            CHECK(site.healths["a"].last_error.find("unknown") != std::string::npos);
        }
        site.run(600s);
        CHECK(site.readings["a"].back().discharge_limit.has_value() != lost);
        site.transport.holes.clear();
        site.run(6s);
        CHECK(site.readings["a"].back().discharge_limit == Amps{1});
        CHECK(site.readings["a"].back().battery_power == Watts{1});
    }
}

TEST_CASE("an inverter that refuses registers does not block its gateway's thread") {
    const auto inverter = [](const char* source, int unit) {
        auto made = plan(source, unit, {{166, 31}, {109, 6}});
        made.slow_blocks = {{103, 4}};
        made.needed = {182, 183};
        return made;
    };
    for (const bool needed_too : {true, false}) {
        Site site({inverter("a", 1), inverter("b", 2)});
        site.transport.takes = 220ms;
        for (int address = 100; address < 200; ++address) {
            if (needed_too || address != 183) site.transport.holes.insert({1, address});
        }
        const Duration longest = needed_too ? 1s : 5s;
        for (int turn = 0; turn < 20; ++turn) {
            const Time before = site.transport.now;
            site.polling.turn();
            CHECK(site.transport.now - before <= longest + 1s);  // including the other's three requests
            site.transport.now = std::max(site.transport.now, site.polling.next_due());
        }
        const auto& healthy = site.readings["b"];
        REQUIRE(healthy.size() >= 15);
        for (std::size_t i = 1; i < healthy.size(); ++i) CHECK(healthy[i].taken - healthy[i - 1].taken <= longest + 2s);
        CHECK(site.healths["a"].state == (needed_too ? SourceState::failing : SourceState::ok));
    }
}

TEST_CASE("rarely polls an unknown first block that no decision needs") {
    Site site;
    site.transport.faults[{2, 30}] = Fault::unsupported;
    site.run(59s);
    CHECK(site.transport.count(2, 30) == 2);
    CHECK(site.healths["b"].state == SourceState::failing);
    CHECK(site.healths["b"].last_error == "unit 2, register 30: fault");
}

TEST_CASE("impossible answers are a failed poll without a reading") {
    auto hollow = plan("a", 1, {{10, 1}});
    hollow.assemble = [](const Answers&) { return Result<SourceReading>(Failure{Fault::retry, "hollow"}); };
    std::vector<UnitPlan> plans;
    plans.push_back(std::move(hollow));
    Site site(std::move(plans));
    site.run(10s);
    CHECK(site.readings["a"].empty());
    CHECK(site.healths["a"].last_error == "hollow");
    CHECK(site.transport.up);
}

TEST_CASE("a wrong device gives no reading and is rechecked each try") {
    bool right = false;
    auto checked = plan("a", 1, {{10, 1}});
    checked.identity = Identity{1, {0, 1}, [&right](const Answers&) {
                                    return right ? std::nullopt : std::optional(Failure{Fault::wrong_device, "not mine"});
                                }};
    std::vector<UnitPlan> plans;
    plans.push_back(std::move(checked));
    Site site(std::move(plans));
    site.run(30s);
    CHECK(site.readings["a"].empty());
    CHECK(site.healths["a"].state == SourceState::failing);
    CHECK(site.transport.count(1, 0) <= 6);
    right = true;
    site.run(61s);
    const int looked = site.transport.count(1, 0);
    site.run(10s);
    CHECK(site.readings["a"].size() > 10);
    CHECK(site.transport.count(1, 0) == looked);
    site.transport.up = false;
    site.run(1s);
    CHECK(site.transport.count(1, 0) == looked + 1);
    site.transport.up = false;  // again within 5 s: not checked
    site.run(1s);
    CHECK(site.transport.count(1, 0) == looked + 1);
}

TEST_CASE("rechecks an identity that outlived its connection") {
    UnitPlan made = plan("a", 1, {{10, 2}});
    bool other = false;
    made.identity = Identity{1, {5, 1}, [&other](const Answers&) {
                                 return other ? std::optional(Failure{Fault::wrong_device, "exchanged"}) : std::nullopt;
                             }};
    Site site({made});
    site.run(10s);
    site.transport.close();
    site.transport.now += 1s;
    site.run(1s);  // identified 12 s ago: checked at once
    CHECK(site.transport.count(1, 5) == 2);
    site.transport.close();
    other = true;
    site.run(2s);  // a moment ago: not yet
    CHECK(site.healths["a"].state == SourceState::ok);
    CHECK(site.transport.count(1, 5) == 2);
    site.run(4s);
    CHECK(site.healths["a"].state == SourceState::failing);
    CHECK(site.healths["a"].last_error == "exchanged");
    const auto readings = site.readings["a"].size();
    site.run(20s);
    CHECK(site.readings["a"].size() == readings);
}

TEST_CASE("skips an identity register that the device does not know") {
    auto checked = plan("a", 1, {{10, 1}});
    checked.identity = Identity{1, {0, 1}, [](const Answers&) {
                                    return std::optional<Failure>(Failure{Fault::wrong_device, "not mine"});
                                }};
    std::vector<UnitPlan> plans;
    plans.push_back(std::move(checked));
    Site site(std::move(plans));
    site.transport.faults[{1, 0}] = Fault::unsupported;
    site.run(2s);
    CHECK(site.readings["a"].size() == 3);
}

TEST_CASE("soon retries an identity that was temporarily refused") {
    auto checked = plan("a", 1, {{10, 1}});
    checked.identity = Identity{1, {0, 1}, [](const Answers&) {
                                    return std::optional<Failure>(Failure{Fault::wrong_device, "not mine"});
                                }};
    Site site({checked});
    site.transport.faults[{1, 0}] = Fault::unsupported;
    site.run(20s);
    CHECK(site.readings["a"].size() == 21);
    CHECK(site.transport.count(1, 0) == 3);  // at 0, 5 and 15 s
    site.transport.faults.clear();
    site.run(16s);
    CHECK(site.healths["a"].last_error == "not mine");
    CHECK(site.readings["a"].size() < 37);
}

TEST_CASE("skips and reports an unreadable identity, but fails on silence") {
    auto checked = plan("a", 1, {{10, 1}});
    checked.identity = Identity{1, {0, 1}, [](const Answers&) {
                                    return std::optional<Failure>(Failure{Fault::wrong_device, "not mine"});
                                }};
    Site site({checked});
    site.transport.faults[{1, 0}] = Fault::retry;
    site.run(20s);
    CHECK(site.readings["a"].size() == 21);
    CHECK(site.transport.count(1, 0) == 3);  // at 0, 5 and 15 s
    CHECK(site.healths["a"].last_error == "unit 1, register 0: fault");
    site.transport.faults.clear();
    site.run(16s);
    CHECK(site.healths["a"].last_error == "not mine");
    Site silent({checked});
    silent.transport.faults[{1, 0}] = Fault::reconnect;
    silent.run(20s);
    CHECK(silent.readings["a"].empty());
    CHECK(silent.healths["a"].state == SourceState::failing);
}

TEST_CASE("reports nothing after a stop") {
    Site site;
    site.transport.faults[{1, 10}] = Fault::reconnect;
    site.stop.set();
    site.polling.turn();
    CHECK(site.healths.empty());
    CHECK(site.readings.empty());
}

TEST_CASE("finds a hole in a block once per connection") {
    for (const bool first : {true, false}) {
        Site site({first ? plan("a", 1, {{100, 22}}) : plan("a", 1, {{10, 2}, {100, 22}})});
        site.transport.holes = {{1, 107}, {1, 121}};
        site.run(2s);
        const auto learnt = site.transport.asked.size();
        CHECK(learnt <= 40);
        site.run(10s);
        CHECK(site.readings["a"].size() == 13);
        CHECK(site.healths["a"].last_error == "register 107, register 121 unknown to the device");
        const auto a_poll = (site.transport.asked.size() - learnt) / 10;
        CHECK(a_poll <= (first ? 3U : 4U));  // 100-106, 108-120; the two holes once
        site.transport.holes.clear();        // newer firmware: the device restarts
        site.transport.up = false;
        site.run(2s);
        CHECK(site.transport.sizes.back() == 22);
    }
}

TEST_CASE("splits large reads for a device that refuses them") {
    Site site({plan("a", 1, {{100, 100}})});
    site.transport.refused_count = 30;
    site.run(2s);
    const auto learnt = site.transport.asked.size();
    site.run(10s);
    CHECK(site.readings["a"].size() == 13);
    CHECK(site.transport.asked.size() - learnt == 10 * 4);
}

TEST_CASE("a block of holes costs a bounded number of requests") {
    Site site({plan("a", 1, {{10, 2}, {1000, 125}})});
    for (int address = 1000; address < 1125; ++address) site.transport.holes.insert({1, address});
    site.run(100s);
    CHECK(site.readings["a"].size() == 101);
    CHECK(site.transport.asked.size() < 101 + 60 + 4 * 20);  // the first read, and 4 again
}

TEST_CASE("keeps small requests for a gateway after a temporary refusal") {
    auto live = plan("a", 1, {{166, 31}});
    live.sizes = {31, 16, 8};
    Site site({live});
    site.transport.most = 16;
    site.run(60s);
    site.transport.holes = {{1, 170}};
    site.run(1s);
    site.transport.holes.clear();
    const int connects = site.transport.connects;
    site.run(60s);
    CHECK(site.transport.connects == connects);
    CHECK(site.healths["a"].state == SourceState::ok);
    const auto before = site.transport.asked.size();
    site.run(10s);
    CHECK(site.transport.asked.size() - before == 20);
}

TEST_CASE("shrinks requests that a gateway loses, and keeps a working size") {
    for (const int most : {31, 16, 8}) {
        auto live = plan("a", 1, {{166, 31}});
        live.sizes = {31, 16, 8};
        std::vector<UnitPlan> plans;
        plans.push_back(std::move(live));
        Site site(std::move(plans));
        site.transport.most = most;
        site.run(60s);
        REQUIRE(site.readings["a"].size() > 20);
        CHECK(site.transport.sizes.back() <= most);
        CHECK(site.transport.connects <= 5);
        const auto before = site.readings["a"].size();
        site.run(3000s);
        CHECK(site.readings["a"].size() == before + 3000);
        site.run(1000s);  // the larger one is tried once an hour
        CHECK(site.readings["a"].size() >= before + 3990);
        CHECK(site.transport.connects <= 7);
        site.transport.most = 125;
        site.run(4000s);
        CHECK(site.transport.sizes.back() == 31);
    }
}

TEST_CASE("reads the whole block again after a long silence") {
    auto live = plan("a", 1, {{166, 31}});
    live.sizes = {31, 16, 8};
    std::vector<UnitPlan> plans;
    plans.push_back(std::move(live));
    Site site(std::move(plans));
    site.run(5s);
    site.transport.most = 0;
    site.run(2000s);
    site.transport.most = 125;
    site.run(61s);
    CHECK(site.healths["a"].state == SourceState::ok);
    site.run(4000s);
    CHECK(site.transport.sizes.back() == 31);
}

TEST_CASE("polls slow blocks every 10 s") {
    auto slow = plan("a", 1, {{10, 1}});
    slow.slow_blocks = {{50, 1}};
    std::vector<UnitPlan> plans;
    plans.push_back(std::move(slow));
    Site site(std::move(plans));
    site.transport.takes = 5ms;
    site.run(100s);
    CHECK(site.transport.count(1, 10) == 101);
    CHECK(site.transport.count(1, 50) == 11);
    CHECK(site.readings["a"].back().discharge_limit == Amps{1});
}

TEST_CASE("searches for a unit without an id, and again after a move") {
    auto hidden = plan("b", 0, {{30, 1}});
    hidden.search = Search{{2, 3, 4}, {30, 1}, 1, {10, 1}, [](const Answer& candidate, const Answer& reference) {
                               return candidate.words == reference.words;
                           }};
    std::vector<UnitPlan> plans{plan("a", 1, {{10, 1}})};
    plans.push_back(std::move(hidden));
    Site site(std::move(plans));
    for (const int unit : {2, 3, 4}) site.transport.faults[{unit, 30}] = Fault::absent;
    site.run(70s);
    CHECK(site.readings["a"].size() == 71);
    CHECK(site.readings["b"].empty());
    CHECK(site.healths["b"].state == SourceState::absent);
    CHECK(site.healths["b"].failures == 0);
    CHECK(site.transport.count(2, 30) == 2);  // two rounds: slow and polite
    site.run(3600s);
    CHECK(site.transport.count(2, 30) <= 8);
    site.transport.faults.erase({3, 30});
    site.run(970s);
    CHECK(site.healths["b"].state == SourceState::ok);
    CHECK(site.readings["b"].size() > 5);
    site.transport.faults[{3, 30}] = Fault::absent;
    site.transport.faults.erase({4, 30});
    site.run(120s);
    CHECK(site.healths["b"].state == SourceState::ok);
    CHECK(site.transport.count(4, 30) > 5);
}

TEST_CASE("restarts a search at once after the device was away") {
    auto hidden = plan("b", 0, {{30, 1}});
    hidden.search = Search{{2, 3}, {30, 1}, 1, {10, 1}, [](const Answer&, const Answer&) { return true; }};
    Site site({plan("a", 1, {{10, 1}}), hidden});
    for (const int unit : {2, 3}) site.transport.faults[{unit, 30}] = Fault::absent;
    site.run(3000s);  // pauses of 16 min by now
    site.transport.close();
    site.transport.reachable = false;
    site.run(3s);
    site.transport.reachable = true;
    site.transport.faults.clear();
    site.run(6s);
    CHECK(site.healths["b"].state == SourceState::ok);
}

TEST_CASE("searches only once there is a voltage to compare with") {
    auto hidden = plan("b", 0, {{30, 1}});
    hidden.search = Search{{2, 3}, {30, 1}, 1, {10, 1}, [](const Answer&, const Answer&) { return true; }, {}};
    bool shows = false;
    hidden.search->may_begin = [&shows](const Answer&) { return shows; };
    Site site({plan("a", 1, {{10, 1}}), hidden});
    for (const int unit : {2, 3}) site.transport.faults[{unit, 30}] = Fault::absent;
    site.run(600s);
    CHECK(site.transport.count(2, 30) == 0);
    CHECK(site.healths["b"].state == SourceState::absent);
    CHECK(site.healths["b"].last_error == "the search begins once the system shows a voltage");
    shows = true;
    site.run(3000s);  // pauses of 16 min by now
    shows = false;
    site.run(15s);
    site.transport.faults.clear();
    shows = true;
    site.run(3s);
    CHECK(site.healths["b"].state == SourceState::ok);
    CHECK(site.transport.count(3, 30) > 0);  // before the voltage was lost
    CHECK(site.readings["b"].size() >= 1);
}

TEST_CASE("missing services delay no search") {
    auto hidden = plan("b", 0, {{30, 1}});
    hidden.search = Search{{2, 3}, {30, 1}, 1, {10, 1}, [](const Answer&, const Answer&) { return true; }, {}};
    Site site({plan("a", 1, {{10, 1}}), hidden});
    site.transport.faults = {{{1, 10}, Fault::absent}, {{2, 30}, Fault::absent}};
    site.run(600s);
    CHECK(site.transport.count(2, 30) == 0);
    site.transport.faults.erase({1, 10});
    site.run(4s);
    CHECK(site.transport.count(2, 30) == 1);
    CHECK(site.healths["b"].state == SourceState::ok);
}

TEST_CASE("reports a device's complaint with a good poll") {
    auto ill = plan("a", 1, {{10, 1}});
    ill.assemble = [](const Answers&) {
        SourceReading reading;
        reading.complaint = "alarm LowVoltage (268)";
        return Result<SourceReading>(reading);
    };
    std::vector<UnitPlan> plans;
    plans.push_back(std::move(ill));
    Site site(std::move(plans));
    site.run(1s);
    CHECK(site.healths["a"].state == SourceState::ok);
    CHECK(site.healths["a"].last_error == "alarm LowVoltage (268)");
    CHECK_FALSE(site.healths["a"].fault);
}

TEST_CASE("skips an identity on another unit that is absent") {
    auto checked = plan("a", 1, {{10, 1}});
    checked.identity = Identity{100, {800, 6}, [](const Answers&) {
                                    return std::optional<Failure>(Failure{Fault::wrong_device, "not mine"});
                                }};
    std::vector<UnitPlan> plans;
    plans.push_back(std::move(checked));
    Site site(std::move(plans));
    site.transport.faults[{100, 800}] = Fault::absent;
    site.run(2s);
    CHECK(site.readings["a"].size() == 3);
}

TEST_CASE("retries unknown registers later on the same connection") {
    for (const bool first : {true, false}) {
        Site site({first ? plan("a", 1, {{100, 22}}) : plan("a", 1, {{10, 2}, {100, 2}})});
        site.transport.holes =
            first ? std::set<std::pair<int, int>>{{1, 107}} : std::set<std::pair<int, int>>{{1, 100}, {1, 101}};
        site.run(300s);
        site.transport.holes.clear();  // the service behind it has started
        site.transport.sizes.clear();
        site.run(301s);
        CHECK(std::ranges::count(site.transport.sizes, first ? 22 : 2) > (first ? 0 : 301));
        CHECK(site.transport.connects == 1);
    }
}

TEST_CASE("a unit found again inherits no values") {
    auto hidden = plan("b", 0, {{30, 1}});
    hidden.slow_blocks = {{50, 1}};
    hidden.search = Search{{2, 3}, {30, 1}, 1, {10, 1}, [](const Answer&, const Answer&) { return true; }};
    std::vector<UnitPlan> plans{plan("a", 1, {{10, 1}})};
    plans.push_back(std::move(hidden));
    Site site(std::move(plans));
    site.transport.faults[{3, 30}] = Fault::absent;
    site.run(5s);
    REQUIRE(site.readings["b"].back().discharge_limit);
    site.transport.faults = {{{2, 30}, Fault::absent}, {{3, 50}, Fault::retry}};
    site.run(34s);
    REQUIRE(site.transport.count(3, 30) > 0);
    CHECK_FALSE(site.readings["b"].back().discharge_limit);
}
