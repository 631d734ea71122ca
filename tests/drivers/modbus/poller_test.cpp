// The whole driver over real sockets: devices that are missing, die, come back, or are the wrong ones.
#include "drivers/modbus/poller.hpp"

#include <doctest/doctest.h>

#include <condition_variable>
#include <map>
#include <mutex>

#include "tests/fakes/byte_server.hpp"
#include "tests/fakes/modbus_server.hpp"
#include "tests/fakes/patience.hpp"
#include "tests/fakes/process.hpp"

using namespace volt;
using namespace volt::modbus;

namespace {

using Words = std::vector<std::uint16_t>;

/// Remembers the newest report about each source; waits for conditions.
class Slots {
public:
    SourceSink sink() {
        return {[this](const SourceReading& reading) {
                    const std::lock_guard lock(mutex_);
                    readings_[reading.name] = reading;
                    ++counts_[reading.name];
                    changed_.notify_all();
                },
                [this](const SourceHealth& health) {
                    const std::lock_guard lock(mutex_);
                    healths_[health.name] = health;
                    changed_.notify_all();
                }};
    }
    SourceReading reading(const std::string& name) {
        const std::lock_guard lock(mutex_);
        return readings_[name];
    }
    SourceHealth health(const std::string& name) {
        const std::lock_guard lock(mutex_);
        return healths_[name];
    }
    int count(const std::string& name) {
        const std::lock_guard lock(mutex_);
        return counts_[name];
    }
    bool comes_to(const std::string& name, SourceState state) {
        return eventually([&] { return healths_.contains(name) && healths_[name].state == state; });
    }
    /// Returns the first source that fails, or an empty string.
    std::string failing() {
        std::string found;
        eventually([&] {
            for (const auto& [name, health] : healths_)
                if (health.state == SourceState::failing) found = name;
            return !found.empty();
        });
        return found;
    }
    bool reads_anew(const std::string& name) {
        const int before = count(name);
        return eventually([&] { return counts_[name] > before + 1; });
    }

private:
    template <class Condition>
    bool eventually(Condition condition) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, testing::patience, condition);
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, SourceReading> readings_;
    std::map<std::string, SourceHealth> healths_;
    std::map<std::string, int> counts_;
};

const PollTiming quick{.absent_gap = 40ms, .first_gap = 10ms, .longest_gap = 40ms, .keep_block = 30s, .slow_period = 20ms};

VictronConfig gx_config(int port) {
    VictronConfig config;
    config.host = "127.0.0.1";
    config.port = port;
    config.poll = 20ms;
    config.timeout = 500ms;
    config.battery_unit = 225;
    return config;
}

void fill(fakes::ModbusServer& server) {
    server.window(100, 840, {523, 0xFFCE, 0xFEFA, 85, 2, 220, 100});
    server.window(225, 258, {0xFEFA, 5234, 0, 0xFFCE, 215, 0, 0, 220, 853});
    server.window(225, 303, {0, 990, 565, 440, 1000, 2000, 2800});
}

void fill_sol_ark(fakes::ModbusServer& server, std::uint16_t type) {
    Words live(31, 0);
    live[182 - 166] = 1250;
    live[183 - 166] = 5230;
    live[184 - 166] = 87;
    server.window(1, 0, {type, 1, 0x0104, 0, 0, 0, 0, 0});
    server.window(1, 103, {0, 0, 0, 0});
    server.window(1, 166, live);
}

SolArkConfig sol_ark_config(int port) {
    SolArkConfig config;
    config.host = "127.0.0.1";
    config.port = port;
    config.poll = 20ms;
    return config;
}

}  // namespace

TEST_CASE("polls a GX with system and battery") {
    fakes::ModbusServer server;
    fill(server);
    Slots slots;
    const auto poller = start_victron(gx_config(server.port()), {}, slots.sink(), quick);
    REQUIRE(slots.comes_to("victron.battery", SourceState::ok));
    REQUIRE(slots.comes_to("victron.system", SourceState::ok));
    CHECK(slots.reading("victron.battery").voltage == 5234_cV);
    CHECK(slots.reading("victron.battery").discharge_limit == Amps{20'000});
    CHECK(slots.reading("victron.system").voltage == 5230_cV);
    CHECK(slots.health("victron.system").rtt.has_value());
    const Time moved = slots.reading("victron.battery").moved;
    REQUIRE(slots.reads_anew("victron.battery"));
    CHECK(slots.reading("victron.battery").moved == moved);
    CHECK(slots.reading("victron.battery").taken > moved);
    server.window(225, 258, {0xFEFA, 5233, 0, 0xFFCE, 215, 0, 0, 220, 853});
    REQUIRE(slots.reads_anew("victron.battery"));
    CHECK(slots.reading("victron.battery").voltage == 5233_cV);
    CHECK(slots.reading("victron.battery").moved > moved);
}

TEST_CASE("handles a device that is missing at start or restarts") {
    int port = 0;
    { port = fakes::ModbusServer().port(); }
    Slots slots;
    const auto poller = start_victron(gx_config(port), {}, slots.sink(), quick);
    REQUIRE(slots.comes_to("victron.system", SourceState::failing));
    CHECK(slots.health("victron.system").last_error.find("no connection to 127.0.0.1") == 0);
    for (int life = 0; life < 3; ++life) {
        fakes::ModbusServer server(port);
        fill(server);
        REQUIRE(slots.comes_to("victron.system", SourceState::ok));
        REQUIRE(slots.comes_to("victron.battery", SourceState::ok));
        REQUIRE(slots.reads_anew("victron.battery"));
        // the server ends here: the next one must be found again
    }
    REQUIRE(slots.comes_to("victron.system", SourceState::failing));
    CHECK(slots.health("victron.system").ever_succeeded);
}

TEST_CASE("one absent unit does not affect the other") {
    fakes::ModbusServer server;
    fill(server);
    Slots slots;
    const auto poller = start_victron(gx_config(server.port()), {}, slots.sink(), quick);
    REQUIRE(slots.comes_to("victron.battery", SourceState::ok));
    server.take_away(225);
    REQUIRE(slots.comes_to("victron.battery", SourceState::absent));
    REQUIRE(slots.reads_anew("victron.system"));
    CHECK(slots.health("victron.battery").state == SourceState::absent);
    CHECK(slots.health("victron.system").consecutive_failures == 0);
    fill(server);
    REQUIRE(slots.comes_to("victron.battery", SourceState::ok));
}

TEST_CASE("finds the battery monitor without an id, also after a move") {
    fakes::ModbusServer server;
    fill(server);
    server.take_away(225);
    VictronConfig config = gx_config(server.port());
    config.battery_unit.reset();
    PollTiming timing = quick;
    timing.search_gap = timing.search_pause = 10ms;
    Slots slots;
    const auto poller = start_victron(config, {}, slots.sink(), timing);
    REQUIRE(slots.comes_to("victron.battery", SourceState::absent));
    CHECK(slots.health("victron.battery").failures == 0);
    for (const int unit : {239, 226}) {
        server.window(unit, 258, {0xFEFA, 5234, 0, 0xFFCE, 215, 0, 0, 220, 853});
        REQUIRE(slots.comes_to("victron.battery", SourceState::ok));
        CHECK(slots.reading("victron.battery").voltage == 5234_cV);
        server.take_away(unit);
        REQUIRE(slots.comes_to("victron.battery", SourceState::absent));
    }
    CHECK(slots.health("victron.system").state == SourceState::ok);
}

TEST_CASE("a silent device times out, reconnects and recovers") {
    std::atomic<bool> silent{true};
    fakes::ByteServer server(
        [&silent](const fakes::Asked& asked) { return silent ? fakes::Script{} : fakes::answer_with(fakes::good_reply(asked)); });
    VictronConfig config = gx_config(server.port());
    config.timeout = 100ms;
    Slots slots;
    const auto poller = start_victron(config, {}, slots.sink(), quick);
    REQUIRE(slots.comes_to("victron.system", SourceState::failing));
    CHECK(slots.health("victron.system").last_error ==
          "unit 100, registers 800-805: no complete reply in time: check framing, or raise timeout_ms for a slow link");
    silent = false;
    REQUIRE(slots.comes_to("victron.system", SourceState::ok));
    CHECK(slots.reading("victron.system").voltage == 8400_cV);  // the color of 840: 84.0 V
}

TEST_CASE("polls a Sol-Ark in both framings") {
    fakes::ModbusServer server;
    fill_sol_ark(server, 3);
    Slots slots;
    const auto poller = start_sol_ark(sol_ark_config(server.port()), slots.sink(), quick);
    REQUIRE(slots.comes_to("sol_ark", SourceState::ok));
    CHECK(slots.reading("sol_ark").voltage == 5230_cV);
    CHECK_FALSE(slots.reading("sol_ark").pv_voltage);  // a hole: exception 2, left out

    fakes::ByteServer serial({}, Framing::rtu);
    SolArkConfig config = sol_ark_config(serial.port());
    config.framing = Framing::rtu;
    Slots others;
    const auto rtu = start_sol_ark(config, others.sink(), quick);
    REQUIRE(others.comes_to("sol_ark", SourceState::ok));
    CHECK(others.reading("sol_ark").voltage == 183_cV);
}

TEST_CASE("two Sol-Arks behind one gateway share its connection") {
    fakes::ByteServer line([](const fakes::Asked& asked) {
        return asked.unit == 1 || asked.unit == 2 ? fakes::answer_with(fakes::good_reply(asked)) : fakes::Script{};
    });
    SolArkConfig first = sol_ark_config(line.port()), second = first;
    second.unit = 2;
    Slots slots;
    const auto pollers = start_sol_arks(first, second, slots.sink(), quick);
    CHECK(pollers.size() == 1);
    REQUIRE(slots.comes_to("sol_ark", SourceState::ok));
    REQUIRE(slots.comes_to("sol_ark_2", SourceState::ok));
    CHECK(line.connections() == 1);
    line.answer([](const fakes::Asked& asked) {
        return fakes::answer_with(asked.unit == 2 ? fakes::exception_reply(asked, 11) : fakes::good_reply(asked));
    });
    REQUIRE(slots.comes_to("sol_ark_2", SourceState::absent));
    CHECK(slots.reads_anew("sol_ark"));
    line.answer({});
    CHECK(slots.comes_to("sol_ark_2", SourceState::ok));
}

TEST_CASE("does not add an inverter that is wired as two") {
    fakes::ModbusServer one, two;
    fill_sol_ark(one, 3);
    fill_sol_ark(two, 3);
    const Words here{3, 1, 0x0104, 0x3231, 0x3030, 0x3030, 0x3031, 0x3233};
    Words there = here;
    there.back() = 0x3939;
    one.window(1, 0, here);
    two.window(1, 0, there);
    {
        Slots slots;
        const auto pollers = start_sol_arks(sol_ark_config(one.port()), sol_ark_config(two.port()), slots.sink(), quick);
        CHECK(pollers.size() == 2);
        CHECK(slots.comes_to("sol_ark", SourceState::ok));
        CHECK(slots.comes_to("sol_ark_2", SourceState::ok));
    }
    two.window(1, 0, here);
    Slots slots;
    const auto pollers = start_sol_arks(sol_ark_config(one.port()), sol_ark_config(two.port()), slots.sink(), quick);
    const std::string refused = slots.failing();  // whichever came second
    CHECK(slots.health(refused).last_error.find("the same inverter would count twice") != std::string::npos);
    CHECK(slots.count(refused) == 0);
}

TEST_CASE("a three-phase inverter is the wrong device") {
    fakes::ModbusServer server;
    fill_sol_ark(server, 5);
    Slots slots;
    const auto poller = start_sol_ark(sol_ark_config(server.port()), slots.sink(), quick);
    REQUIRE(slots.comes_to("sol_ark", SourceState::failing));
    CHECK(slots.health("sol_ark").last_error.find("three-phase") != std::string::npos);
    CHECK(slots.count("sol_ark") == 0);
}

TEST_CASE("stop is quick on a silent device, and nothing follows it") {
    fakes::ByteServer server([](const fakes::Asked&) { return fakes::Script{}; });
    VictronConfig config = gx_config(server.port());
    config.timeout = 10'000ms;
    Slots slots;
    const auto poller = start_victron(config, {}, slots.sink(), quick);
    while (server.requests() == 0) std::this_thread::yield();
    const Time start = monotonic_now();
    poller->stop();
    CHECK(monotonic_now() - start < 5s);
    CHECK(slots.health("victron.battery").failures == 0);
    poller->stop();
}

TEST_CASE("catches exceptions of a sink and continues polling") {
    fakes::ModbusServer server;
    fill(server);
    Slots slots;
    std::atomic<int> thrown{0};
    SourceSink sink = slots.sink();
    sink.reading = [&thrown, keep = sink.reading](const SourceReading& reading) {
        if (thrown++ == 0) throw std::runtime_error("a full slot");
        keep(reading);
    };
    const auto poller = start_victron(gx_config(server.port()), {}, sink, quick);
    CHECK(slots.comes_to("victron.system", SourceState::ok));
    CHECK(thrown >= 2);
}

TEST_CASE("refuses replies meant for another poller, with a hint") {
    fakes::ByteServer server;
    Slots slots;
    std::mutex mutex;
    std::optional<Volts> before;
    int wrong = 0;
    SourceSink sink = slots.sink();
    const auto keep = sink.reading;
    sink.reading = [&](const SourceReading& reading) {
        {
            const std::lock_guard lock(mutex);
            if (reading.name == "victron.system" && before && reading.voltage != *before) ++wrong;
        }
        keep(reading);
    };
    const auto poller = start_victron(gx_config(server.port()), {}, sink, quick);
    REQUIRE(slots.comes_to("victron.system", SourceState::ok));
    {
        const std::lock_guard lock(mutex);
        before = slots.reading("victron.system").voltage;
    }
    server.answer([](const fakes::Asked& asked) {
        if (asked.number % 3 != 0) return fakes::answer_with(fakes::good_reply(asked));
        fakes::Asked theirs = asked;  // same length, other registers
        theirs.transaction = static_cast<std::uint16_t>(asked.transaction + 100);
        theirs.address = static_cast<std::uint16_t>(asked.address + 7);
        return fakes::answer_with(fakes::good_reply(theirs));
    });
    for (int i = 0; i < 5; ++i) REQUIRE(slots.reads_anew("victron.system"));  // it continues between them
    const auto hinted = [&] {
        const std::string name = slots.failing();
        return !name.empty() && slots.health(name).last_error.find("another program polls the same device") != std::string::npos;
    };
    CHECK(testing::eventually(hinted));
    server.answer({});
    REQUIRE(slots.comes_to("victron.system", SourceState::ok));
    const std::lock_guard lock(mutex);
    CHECK(wrong == 0);
}
