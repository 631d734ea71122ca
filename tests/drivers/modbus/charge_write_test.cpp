// Register 2705 against a server whose bytes the test controls: what is written, how often, and which devices are never written.
#include "drivers/modbus/charge_write.hpp"

#include <doctest/doctest.h>

#include <set>

#include "drivers/modbus/poller.hpp"
#include "tests/fakes/byte_server.hpp"
#include "tests/fakes/process.hpp"

using namespace volt;
using namespace volt::fakes;

namespace {

constexpr std::uint16_t limit_register = 2705;

/// A GX with only register 2705, which remembers each request.
class Gx {
public:
    int port() const { return server_.port(); }
    int holds() {
        const std::lock_guard lock(mutex_);
        return holds_;
    }
    void hold(int amps) {
        const std::lock_guard lock(mutex_);
        holds_ = amps;
    }
    void set_ignoring(bool ignores) { ignores_ = ignores; }
    void set_mute_on_write(bool mute) { mute_ = mute; }
    void set_read_only(bool is) { read_only_ = is; }
    std::vector<Bytes> writes() {
        const std::lock_guard lock(mutex_);
        return writes_;
    }
    std::set<std::uint8_t> functions() {
        const std::lock_guard lock(mutex_);
        return functions_;
    }
    bool was_asked_for_2705() {
        const std::lock_guard lock(mutex_);
        return asked_;
    }

private:
    Script answer(const Asked& asked) {
        const std::lock_guard lock(mutex_);
        const std::uint8_t function = asked.bytes[7];
        functions_.insert(function);
        if (function == 6) {
            writes_.emplace_back(asked.bytes.begin() + 6, asked.bytes.end());
            if (read_only_) return answer_with(framed(asked, {0x86, 2}));
            if (!ignores_) holds_ = static_cast<std::int16_t>(asked.count);
            return mute_ ? Script{} : answer_with(framed(asked, Bytes(asked.bytes.begin() + 7, asked.bytes.end())));
        }
        if (asked.address != limit_register) return answer_with(good_reply(asked));
        asked_ = true;
        const auto word = static_cast<std::uint16_t>(holds_);
        return answer_with(framed(asked, {3, 2, static_cast<std::uint8_t>(word >> 8U), static_cast<std::uint8_t>(word & 0xFFU)}));
    }

    std::mutex mutex_;
    int holds_ = 60;
    bool asked_ = false;
    std::atomic<bool> ignores_{false}, mute_{false}, read_only_{false};
    std::vector<Bytes> writes_;
    std::set<std::uint8_t> functions_;
    ByteServer server_{[this](const Asked& asked) { return answer(asked); }};
};

struct Rig {
    void turn(Duration later = 1s) {
        now += later;
        if (!transport->connected()) REQUIRE_FALSE(transport->connect());
        writer.turn(*transport);
    }
    void order(int amps, Duration lasts = 10s) { desk->send({desk->order().number + 1, amps, now + lasts}); }

    Gx gx;
    StopEvent stop;
    Time now = 1000s;
    std::unique_ptr<Transport> transport = make_transport({.host = "127.0.0.1",
                                                           .port = gx.port(),
                                                           .timeout = 300ms,
                                                           .gap = 0ms,
                                                           .writable = {charge_register(VictronConfig{}).place}},
                                                          stop);
    std::shared_ptr<ChargeLimitExchange> desk = std::make_shared<ChargeLimitExchange>();
    ChargeWriter writer{charge_register(VictronConfig{}), desk, [this] { return now; }};
};

}  // namespace

TEST_CASE("reads 2705 periodically and writes nothing without an order") {
    Rig rig;
    rig.turn();
    CHECK(rig.desk->seen().limit_a == 60);
    rig.gx.hold(-1);
    rig.turn();
    CHECK(rig.desk->seen().limit_a == 60);  // not read at each turn
    rig.turn(ChargeWriter::read_every);
    CHECK(rig.desk->seen().limit_a == -1);
    CHECK(rig.gx.writes().empty());
}

TEST_CASE("writes an order once, as documented, and reads it back") {
    Rig rig;
    rig.turn();
    rig.order(0);
    rig.turn();
    CHECK(rig.gx.writes() == std::vector<Bytes>{{0x64, 0x06, 0x0A, 0x91, 0x00, 0x00}});
    CHECK(rig.desk->seen().number == 1);
    CHECK(rig.desk->seen().written);
    rig.turn((2s));
    CHECK(rig.desk->seen().limit_a == 0);
    rig.order(-1);
    rig.turn();
    CHECK(rig.gx.writes().back() == Bytes{0x64, 0x06, 0x0A, 0x91, 0xFF, 0xFF});
    for (int i = 0; i < 100; ++i) rig.turn();
    CHECK(rig.gx.writes().size() == 2);
}

TEST_CASE("names the setting to change on a read-only GX") {
    Rig rig;
    rig.gx.set_read_only(true);
    rig.turn();
    rig.order(0);
    rig.turn();
    CHECK(rig.desk->seen().refusal.find("Modbus TCP server") != std::string::npos);
    CHECK(rig.desk->seen().limit_a == 60);
}

TEST_CASE("does not write a value that the register already has") {
    Rig rig;
    rig.order(60);
    rig.turn();
    CHECK(rig.gx.writes().empty());
    CHECK(rig.desk->seen().number == 1);
    CHECK_FALSE(rig.desk->seen().written);
}

TEST_CASE("drops an order that is late") {
    Rig rig;
    rig.turn();
    rig.order(0, 10s);
    rig.turn(11s);
    CHECK(rig.gx.writes().empty());
    CHECK(rig.desk->seen().number == 1);
}

TEST_CASE("does not repeat a write whose answer is lost") {
    Rig rig;
    rig.turn();
    rig.gx.set_mute_on_write(true);
    rig.order(0);
    rig.turn();
    CHECK_FALSE(rig.desk->seen().error.empty());
    rig.turn((2s));
    CHECK(rig.desk->seen().limit_a == 0);
    CHECK(rig.desk->seen().error.empty());
    for (int i = 0; i < 40; ++i) rig.turn();
    CHECK(rig.gx.writes().size() == 1);
}

TEST_CASE("detects an ignored write by reading back") {
    Rig rig;
    rig.gx.set_ignoring(true);
    rig.order(0);
    rig.turn();
    rig.turn((2s));
    CHECK(rig.desk->seen().limit_a == 60);
    CHECK(rig.gx.writes().size() == 1);
}

TEST_CASE("never writes or contacts a device that is not writable") {
    Gx gx;
    const StopEvent stop;
    const auto transport = make_transport({.host = "127.0.0.1", .port = gx.port(), .timeout = 300ms, .gap = 0ms}, stop);
    REQUIRE_FALSE(transport->connect());
    const auto failure = transport->write(1, 210, 0);
    REQUIRE(failure);
    CHECK(failure->fault == Fault::refused);
    REQUIRE(transport->read(1, {210, 1}));
    CHECK(gx.functions() == std::set<std::uint8_t>{3});
}

namespace {

/// A Sol-Ark with only register 210.
class SolArk {
public:
    enum class Write { obeys, ignores, refuses, wrong_echo, mute };
    int port() const { return server_.port(); }
    std::atomic<Write> write{Write::obeys};
    std::atomic<int> holds{185};
    std::atomic<int> type{3};  ///< register 0; -1 hides the type of the device
    std::vector<Bytes> writes() {
        const std::lock_guard lock(mutex_);
        return writes_;
    }

private:
    Script answer(const Asked& asked) {
        const std::lock_guard lock(mutex_);
        if (asked.bytes[7] != 3) {
            writes_.emplace_back(asked.bytes.begin() + 6, asked.bytes.end());
            if (asked.bytes[7] != 16 || asked.bytes.size() != 15) return {};  // code 6 is never answered
            if (write == Write::refuses) return answer_with(framed(asked, {0x90, 3}));
            if (write == Write::obeys || write == Write::wrong_echo) holds = asked.bytes[13] * 256 + asked.bytes[14];
            Bytes echo(asked.bytes.begin() + 7, asked.bytes.begin() + 12);
            if (write == Write::wrong_echo) ++echo[2];
            return write == Write::mute ? Script{} : answer_with(framed(asked, echo));
        }
        if (asked.address < 8 && type < 0) return answer_with(exception_reply(asked, 2));
        if (asked.address < 8) return answer_with(framed(asked, identity(asked.address, asked.count)));
        if (asked.address != 210) return answer_with(good_reply(asked));
        const int word = holds;
        return answer_with(framed(asked, {3, 2, static_cast<std::uint8_t>(word >> 8), static_cast<std::uint8_t>(word & 0xFF)}));
    }

    /// Returns the type, two words, and its serial number.
    Bytes identity(int address, int count) const {
        const std::string serial = std::to_string(10'000 + port()) + "12345";
        Bytes words{0, static_cast<std::uint8_t>(type.load()), 0, 0, 0, 0};
        words.insert(words.end(), serial.begin(), serial.end());
        words.resize(static_cast<std::size_t>(2 * (address + count)));
        Bytes pdu{3, static_cast<std::uint8_t>(2 * count)};
        pdu.insert(pdu.end(), words.begin() + 2 * address, words.end());
        return pdu;
    }

    std::mutex mutex_;
    std::vector<Bytes> writes_;
    ByteServer server_{[this](const Asked& asked) { return answer(asked); }};
};

struct SolArkRig {
    void turn(Duration later = 1s) {
        now += later;
        if (!transport->connected()) REQUIRE_FALSE(transport->connect());
        writer.turn(*transport);
    }
    void order(int amps) { desk->send({desk->order().number + 1, amps, now + 10s}); }

    SolArk device;
    StopEvent stop;
    Time now = 1000s;
    std::unique_ptr<Transport> transport = make_transport({.host = "127.0.0.1",
                                                           .port = device.port(),
                                                           .timeout = 300ms,
                                                           .gap = 0ms,
                                                           .writable = {charge_register(SolArkConfig{}).place}},
                                                          stop);
    std::shared_ptr<ChargeLimitExchange> desk = std::make_shared<ChargeLimitExchange>();
    ChargeWriter writer{charge_register(SolArkConfig{}), desk, [this] { return now; }};
};

}  // namespace

TEST_CASE("Sol-Ark: writes 210 once by code 16 and reads it back") {
    SolArkRig rig;
    rig.turn();
    CHECK(rig.desk->seen().limit_a == 185);
    rig.order(0);
    rig.turn();
    CHECK(rig.device.writes() == std::vector<Bytes>{{0x01, 0x10, 0x00, 0xD2, 0x00, 0x01, 0x02, 0x00, 0x00}});
    CHECK(rig.desk->seen().wrote_at == rig.now);
    CHECK_FALSE(rig.desk->seen().read_back);
    rig.turn(4s);
    CHECK_FALSE(rig.desk->seen().read_back);
    rig.turn(1s);
    CHECK(rig.desk->seen().read_back);
    CHECK(rig.desk->seen().limit_a == 0);
    CHECK(rig.desk->seen().refusal.empty());
    rig.order(185);
    rig.turn();
    CHECK(rig.device.writes().back() == Bytes{0x01, 0x10, 0x00, 0xD2, 0x00, 0x01, 0x02, 0x00, 0xB9});
    for (int i = 0; i < 100; ++i) rig.turn();
    CHECK(rig.device.writes().size() == 2);
}

TEST_CASE("Sol-Ark: never repeats a failed write, and reads it back") {
    struct Row {
        SolArk::Write how;
        int stands;
        const char* said;  ///< message about the write, or empty if it was accepted
    };
    for (const Row row :
         {Row{SolArk::Write::ignores, 185, ""}, Row{SolArk::Write::refuses, 185, "exception 3"},
          Row{SolArk::Write::wrong_echo, 0, "echo of a write differs"}, Row{SolArk::Write::mute, 185, "no complete reply"}}) {
        SolArkRig rig;
        rig.turn();
        rig.device.write = row.how;
        rig.order(0);
        rig.turn();
        CHECK(rig.desk->seen().written);
        CHECK(rig.desk->seen().refusal.find(row.said) != std::string::npos);
        CHECK(rig.desk->seen().refusal.empty() == (*row.said == '\0'));
        rig.turn(5s);
        CHECK(rig.desk->seen().read_back);
        CHECK(rig.desk->seen().limit_a == row.stands);
        CHECK(rig.desk->seen().refusal.find(row.said) != std::string::npos);
        for (int i = 0; i < 40; ++i) rig.turn();
        CHECK(rig.device.writes().size() == 1);
    }
}

TEST_CASE("only the one register of the one unit is writable") {
    SolArkRig rig;
    rig.turn();
    for (const auto& [unit, address] : {std::pair{1, 211}, {2, 210}, {1, 2705}, {1, 285}}) {
        const auto failure = rig.transport->write(unit, static_cast<std::uint16_t>(address), 0);
        REQUIRE(failure);
        CHECK(failure->fault == Fault::refused);
    }
    CHECK(rig.device.writes().empty());
}

TEST_CASE("pollers: write only the Sol-Ark with write enabled") {
    const modbus::PollTiming quick{.absent_gap = 40ms, .first_gap = 10ms, .longest_gap = 40ms, .keep_block = 30s};
    SolArk one, two;
    SolArkConfig first, second;
    first.host = second.host = "127.0.0.1";
    first.port = one.port();
    second.port = two.port();
    first.poll = 300s;
    second.poll = 20ms;
    first.charge_limit = ChargeLimit::write;
    const SolArkChargeLimits desks{std::make_shared<ChargeLimitExchange>(), std::make_shared<ChargeLimitExchange>()};
    std::atomic<int> polls{0};
    const auto pollers = start_sol_arks(first, second, {{}, [&](const SourceHealth&) { ++polls; }}, quick, desks);
    REQUIRE(testing::eventually([&] { return desks.first->seen().limit_a == 185; }));
    for (const auto& desk : {desks.first, desks.second}) desk->send({1, 0, monotonic_now() + 60s});
    CHECK(testing::eventually([&] { return one.holds == 0; }));
    const int seen = polls;
    REQUIRE(testing::eventually([&] { return polls > seen + 20; }));
    CHECK(two.writes().empty());
    CHECK(one.writes().size() == 1);
}

TEST_CASE("pollers: write an inverter only after its type is known") {
    for (const int stranger : {5, -1}) {
        CAPTURE(stranger);
        SolArk device;
        device.type = stranger;
        SolArkConfig config;
        config.host = "127.0.0.1";
        config.port = device.port();
        config.poll = 20ms;
        config.charge_limit = ChargeLimit::write;
        modbus::PollTiming quick{.absent_gap = 40ms, .first_gap = 10ms, .longest_gap = 40ms, .keep_block = 30s};
        quick.ask_holes_first = 50ms;
        const SolArkChargeLimits desks{std::make_shared<ChargeLimitExchange>(), nullptr};
        std::atomic<int> polls{0};
        const auto pollers = start_sol_arks(config, {}, {{}, [&](const SourceHealth&) { ++polls; }}, quick, desks);
        REQUIRE(testing::eventually([&] { return polls > 3; }));
        desks.first->send({1, 0, monotonic_now() + 60s});
        const int seen = polls;
        REQUIRE(testing::eventually([&] { return polls > seen + 5; }));
        CHECK(device.writes().empty());
        CHECK_FALSE(desks.first->seen().limit_a);
        if (stranger < 0) CHECK(desks.first->seen().error == "the device at that address is not identified");
        device.type = 3;
        CHECK(testing::eventually([&] { return device.holds == 0; }));
        CHECK(device.writes().size() == 1);
    }
}

TEST_CASE("pollers: write a GX with write, and only read others") {
    const auto desk = std::make_shared<ChargeLimitExchange>();
    const modbus::PollTiming quick{.absent_gap = 40ms, .first_gap = 10ms, .longest_gap = 40ms, .keep_block = 30s};
    VictronConfig config;
    config.host = "127.0.0.1";
    config.poll = 20ms;
    config.battery_unit = 225;
    {
        Gx gx;
        config.port = gx.port();
        config.charge_limit = ChargeLimit::write;
        const auto poller = start_victron(config, {}, {}, quick, desk);
        REQUIRE(testing::eventually([&] { return desk->seen().limit_a == 60; }));
        desk->send({1, 0, monotonic_now() + 10s});
        REQUIRE(testing::eventually([&] { return gx.holds() == 0; }));
        REQUIRE(testing::eventually([&] { return desk->seen().limit_a == 0; }));
        CHECK(gx.writes().size() == 1);
    }
    Gx report, sol_ark;
    config.port = report.port();
    config.charge_limit = ChargeLimit::report;
    SolArkConfig other;
    other.host = "127.0.0.1";
    other.port = sol_ark.port();
    other.poll = 20ms;
    std::atomic<int> polls{0};
    const SourceSink count{{}, [&](const SourceHealth&) { ++polls; }};
    const auto one = start_victron(config, {}, count, quick, desk);
    const auto two = start_sol_ark(other, count, quick);
    desk->send({2, 30, monotonic_now() + 10s});
    REQUIRE(testing::eventually([&] { return polls > 40; }));
    CHECK(report.functions() == std::set<std::uint8_t>{3});
    CHECK(sol_ark.functions() == std::set<std::uint8_t>{3});
    CHECK_FALSE(report.was_asked_for_2705());
}
