// A GX whose name resolves to another address after some time. The name server is `getaddrinfo` below, for this name only.
#include <dlfcn.h>
#include <doctest/doctest.h>
#include <netdb.h>

#include <atomic>
#include <condition_variable>
#include <cstring>
#include <mutex>

#include "drivers/modbus/poller.hpp"
#include "tests/fakes/modbus_server.hpp"
#include "tests/fakes/patience.hpp"

namespace {

constexpr const char *name = "gx.moved.invalid", *before = "127.0.0.1", *after = "127.0.0.2";
std::atomic<bool> moved = false;

}  // namespace

extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** list) {
    using Real = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
    static const Real real = reinterpret_cast<Real>(dlsym(RTLD_NEXT, "getaddrinfo"));
    const bool ours = node != nullptr && std::strcmp(node, name) == 0;
    return real(ours ? (moved ? after : before) : node, service, hints, list);
}

using namespace volt;
using namespace volt::modbus;

namespace {

/// Fills the system unit of a GX with this serial number, and the voltage in tenths.
void fill(fakes::ModbusServer& gx, std::uint16_t serial, std::uint16_t voltage) {
    gx.window(100, 800, {0x6131, 0x6232, 0x6333, 0x6534, 0x6635, serial});
    gx.window(100, 840, {voltage, 0xFFCE, 0xFEFA, 85, 2, 220, 100});
}

class Heard {
public:
    SourceSink sink() {
        return {[this](const SourceReading& reading) {
                    const std::lock_guard lock(mutex_);
                    voltage_ = reading.voltage;
                    strangers_ += reading.voltage == 4800_cV;
                },
                [this](const SourceHealth& health) {
                    const std::lock_guard lock(mutex_);
                    health_ = health;
                    changed_.notify_all();
                }};
    }
    bool comes_to(SourceState state, const std::string& error = {}) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, testing::patience,
                                 [&] { return health_.state == state && health_.last_error.find(error) != std::string::npos; });
    }
    std::optional<Volts> voltage() {
        const std::lock_guard lock(mutex_);
        return voltage_;
    }
    int strangers() {
        const std::lock_guard lock(mutex_);
        return strangers_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<Volts> voltage_;
    int strangers_ = 0;
    SourceHealth health_;
};

}  // namespace

TEST_CASE("finds a GX at its new address by its name") {
    Heard heard;
    auto gx = std::make_unique<fakes::ModbusServer>();
    const int port = gx->port();
    fill(*gx, 0x6136, 523);
    VictronConfig config;
    config.host = name;
    config.port = port;
    config.poll = 20ms;
    config.timeout = 500ms;
    const PollTiming quick{.absent_gap = 40ms, .first_gap = 10ms, .longest_gap = 40ms, .keep_block = 30s, .keep_identity = 0s};
    const auto poller = start_victron(config, {}, heard.sink(), quick);
    REQUIRE(heard.comes_to(SourceState::ok));
    gx.reset();
    REQUIRE(heard.comes_to(SourceState::failing));

    fakes::ModbusServer stranger(port, before);
    fill(stranger, 0x6137, 480);
    REQUIRE(heard.comes_to(SourceState::failing, "serial"));
    CHECK(heard.strangers() == 0);

    gx = std::make_unique<fakes::ModbusServer>(port, after);
    fill(*gx, 0x6136, 519);
    moved = true;
    REQUIRE(heard.comes_to(SourceState::ok));
    CHECK(heard.voltage() == 5190_cV);
    CHECK(heard.strangers() == 0);
}
