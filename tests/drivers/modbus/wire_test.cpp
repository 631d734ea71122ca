// Every fault of a network or gateway, in front of the real driver. Colors identify the register and unit of a word: words of
// another request must never be accepted.
#include <doctest/doctest.h>

#include <condition_variable>
#include <cstdlib>
#include <mutex>

#include "drivers/modbus/poller.hpp"
#include "drivers/modbus/sol_ark.hpp"
#include "drivers/modbus/transport.hpp"
#include "drivers/source.hpp"
#include "tests/fakes/colour_server.hpp"
#include "tests/fakes/fault_proxy.hpp"
#include "tests/fakes/modbus_server.hpp"
#include "tests/fakes/patience.hpp"

using namespace volt;
using namespace volt::modbus;
using fakes::Harm;

namespace {

/// splitmix64, so that a run is repeatable.
struct Noise {
    std::uint64_t state;
    std::uint64_t operator()() {
        state += 0x9E3779B97F4A7C15ULL;
        std::uint64_t mixed = state;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
        return mixed ^ (mixed >> 31U);
    }
};

std::uint64_t exchanges() {
    const char* wanted = std::getenv("VOLT_WIRE_EXCHANGES");
    return wanted == nullptr ? 8'000 : std::strtoull(wanted, nullptr, 10);
}

constexpr Duration limit = 20ms;

/// Damages one reply in 40. Modbus TCP has no checksum, so a flipped bit among register words cannot be noticed: there only the
/// framing and naming bytes are damaged. Raw RTU has neither transaction nor address, so a kept reply of the same length cannot
/// be noticed: there none is swapped.
fakes::Fault wild_fault(Noise& noise, Framing framing) {
    if (noise() % 40 != 0) return {};
    const auto harm = static_cast<Harm>(1 + noise() % (fakes::harms - 1));
    const bool rtu = framing == Framing::rtu;
    if (harm == Harm::black_hole || (rtu && harm == Harm::swap)) return {Harm::one_way};
    const std::uint64_t pick = noise();
    switch (harm) {
        case Harm::drip: return {harm, pick % 2 == 0 ? 1ms : 5ms};
        case Harm::duplicate: return {harm, rtu ? 0ms : Duration(pick % 30)};
        case Harm::delay:
        case Harm::stall: return {harm, Duration(pick % 40)};
        case Harm::corrupt: return {harm, 0ms, rtu ? 0U : 9U, pick};
        case Harm::pass:
        case Harm::cut:
        case Harm::reset:
        case Harm::black_hole:
        case Harm::one_way:
        case Harm::swap: return {harm};
    }
    return {};
}

struct Tally {
    std::uint64_t good = 0, lost = 0, connects = 0, other = 0;
};

Tally exchange_wildly(Framing framing, std::uint64_t wanted, std::uint64_t seed) {
    fakes::ColourServer device(framing);
    fakes::FaultProxy proxy(device.port());
    Noise harms{seed};
    proxy.choose([&harms, framing](std::uint64_t) { return wild_fault(harms, framing); });
    StopEvent stop;
    // RTU: a copy of a reply is recognizable only if it comes before the next request.
    const Duration gap = framing == Framing::rtu ? 1ms : 0ms;
    const auto transport = make_transport({"127.0.0.1", proxy.port(), framing, limit, gap}, stop);
    Noise asks{seed + 1};
    Tally tally;
    for (std::uint64_t i = 0; i < wanted; ++i) {
        if (!transport->connected() && !transport->connect()) ++tally.connects;
        if (!transport->connected()) continue;
        const int unit = 1 + static_cast<int>(asks() % 247);
        // A different address each time: a reply to an earlier request is recognizable even from the same unit.
        const Stretch stretch{static_cast<std::uint16_t>(i * 131 % 65'000), static_cast<std::uint16_t>(2 + asks() % 124)};
        const auto words = transport->read(unit, stretch);
        if (!words) ++tally.lost;
        else if (words.value() == fakes::colours(unit, stretch)) ++tally.good;
        else ++tally.other;
    }
    MESSAGE((framing == Framing::tcp ? "tcp: " : "rtu: ") << tally.good << " good, " << tally.lost << " lost, " << proxy.harmed()
                                                          << " harmed, " << tally.connects << " connections");
    CHECK(proxy.harmed() > wanted / 100);
    return tally;
}

/// Remembers the newest report about one source.
class Watched {
public:
    SourceSink sink() {
        return {[this](const SourceReading& reading) {
                    const std::lock_guard lock(mutex_);
                    ++readings_;
                    if (reading.voltage != true_) ++wrong_;
                    changed_.notify_all();
                },
                [this](const SourceHealth& health) {
                    const std::lock_guard lock(mutex_);
                    state_ = health.state;
                    changed_.notify_all();
                }};
    }
    explicit Watched(Volts voltage) : true_(voltage) {}

    bool comes_to(SourceState state) {
        return eventually([&] { return state_ == state; });
    }
    bool reads_anew() {
        std::unique_lock lock(mutex_);
        const int before = readings_;
        return changed_.wait_for(lock, testing::patience, [&] { return readings_ > before + 1; });
    }
    int wrong() {
        const std::lock_guard lock(mutex_);
        return wrong_;
    }

private:
    template <class Condition>
    bool eventually(Condition condition) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, testing::patience, condition);
    }

    Volts true_;
    std::mutex mutex_;
    std::condition_variable changed_;
    int readings_ = 0, wrong_ = 0;
    SourceState state_ = SourceState::stale;
};

const PollTiming quick{.absent_gap = 40ms, .first_gap = 10ms, .longest_gap = 80ms, .keep_block = 30s};

struct Case {
    const char* name;
    fakes::Fault fault;
    bool fails;  ///< no reading arrives while it lasts
};

// Longer than the time-out if it should fail.
const Case cases[] = {
    {"pass", {}, false},
    {"delay", {Harm::delay, 10ms}, false},
    {"long delay", {Harm::delay, 400ms}, true},
    {"stall", {Harm::stall, 10ms}, false},
    {"long stall", {Harm::stall, 400ms}, true},
    {"cut", {Harm::cut}, true},
    {"reset", {Harm::reset}, true},
    {"drip", {Harm::drip, 40ms}, true},
    {"black hole", {Harm::black_hole}, true},
    {"one way", {Harm::one_way}, true},
    {"duplicate", {Harm::duplicate, 1ms}, false},
    {"swap", {Harm::swap}, true},
    {"corrupt", {Harm::corrupt, 0ms, 8, 7}, true},
};

/// Puts each fault in turn in front of a polled device: it must be noticed, never believed, and recovered from.
template <class Start>
void check_each_fault(int device_port, Volts voltage, Start start) {
    fakes::FaultProxy proxy(device_port);
    Watched watched(voltage);
    const auto poller = start(proxy.port(), watched.sink());
    REQUIRE(watched.comes_to(SourceState::ok));
    for (const Case& one : cases) {
        CAPTURE(std::string(one.name));
        proxy.set(one.fault);
        if (one.fails) CHECK(watched.comes_to(SourceState::failing));
        else CHECK(watched.reads_anew());
        proxy.set({});
        const Time healing = monotonic_now();
        CHECK(watched.comes_to(SourceState::ok));
        CHECK(watched.reads_anew());
        const Duration took = monotonic_now() - healing;
        CHECK(took < 5s);
        CHECK(watched.wrong() == 0);
    }
}

}  // namespace

TEST_CASE("Modbus TCP: never accepts a reply of another request") {
    const Tally tally = exchange_wildly(Framing::tcp, exchanges() * 3 / 4, 1);
    CHECK(tally.other == 0);
    CHECK(tally.good > exchanges() / 2);
}

TEST_CASE("raw RTU: never accepts a reply of another request") {
    const Tally tally = exchange_wildly(Framing::rtu, exchanges() / 4, 2);
    CHECK(tally.other == 0);
    CHECK(tally.good > exchanges() / 8);
}

TEST_CASE("GX: notices and survives each fault without false values") {
    fakes::ModbusServer device;
    device.window(100, 840, {523, 0xFFCE, 0xFEFA, 85, 2, 220, 100});
    device.window(100, 800, {0x6131, 0x6232, 0x6333, 0x6534, 0x6635, 0x6136});
    check_each_fault(device.port(), 5230_cV, [](int port, const SourceSink& sink) {
        VictronConfig config;
        config.host = "127.0.0.1";
        config.port = port;
        config.poll = 20ms;
        config.timeout = 150ms;
        config.battery_unit = 225;  // absent all the time, without influence
        SourceSink system = sink;
        system.health = [all = sink.health](const SourceHealth& health) {
            if (health.name == "victron.system") all(health);
        };
        return start_victron(config, {}, system, quick);
    });
}

TEST_CASE("Sol-Ark: notices and survives each fault without false values") {
    for (const Framing framing : {Framing::tcp, Framing::rtu}) {
        fakes::ColourServer device(framing);
        const auto words = fakes::colours(1, {166, 31});
        const Volts voltage{words[183 - 166]};
        check_each_fault(device.port(), voltage, [framing](int port, const SourceSink& sink) {
            PollTiming timing = quick;
            timing.period = 20ms;
            // a shorter silence between two requests than on a real line, to keep the trial short
            return start_poller({"127.0.0.1", port, framing, 150ms, 10ms}, {sol_ark::plan({})}, sink, timing);
        });
    }
}
