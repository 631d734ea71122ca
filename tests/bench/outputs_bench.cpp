// Measures the outputs on a real broker: time from the decision to the wire and to the confirmation, traffic of a quiet day, cost
// of a hundred outputs. `--json` for scripts, `--short` measures for seconds instead of a minute.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>

#include "daemon/loop/cycle.hpp"
#include "daemon/site/mqtt_site_io.hpp"
#include "tests/drivers/mqtt/broker_site.hpp"
#include "tests/fakes/store.hpp"
#include "tests/fakes/tasmota.hpp"
#include "tests/fakes/tasmota_fleet.hpp"

using namespace volt;
using namespace volt::testing;
using Clock = std::chrono::steady_clock;

namespace {

double ms_between(Clock::time_point from, Clock::time_point to) {
    return std::chrono::duration<double, std::milli>(to - from).count();
}

double process_cpu_ms() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto ms = [](const timeval& t) { return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) / 1e3; };
    return ms(used.ru_utime) + ms(used.ru_stime);
}

struct Spread {
    double median = 0, p99 = 0;
};

Spread spread_of(std::vector<double> values) {
    if (values.empty()) throw std::runtime_error("nothing was measured");
    std::sort(values.begin(), values.end());
    return {values[values.size() / 2], values[values.size() * 99 / 100]};
}

/// Forwards between voltd and its broker, and records when bytes with `mark` pass.
class Tap {
public:
    Tap(int broker_port, std::string mark)
        : mark_(std::move(mark)), listener_(open(0, true)), thread_([this, broker_port] { run(broker_port); }) {}
    ~Tap() {
        stop_ = true;
        thread_.join();
        close(listener_);
    }
    Tap(const Tap&) = delete;
    Tap& operator=(const Tap&) = delete;
    int port() const {
        sockaddr_in address{};
        socklen_t size = sizeof address;
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        return ntohs(address.sin_port);
    }
    std::size_t count() {
        const std::lock_guard lock(mutex_);
        return times_.size();
    }
    /// Returns the time at which the n-th marked packet passed, from 1.
    std::optional<Clock::time_point> seen(std::size_t number) {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, std::chrono::seconds{5}, [&] { return times_.size() >= number; })) return std::nullopt;
        return times_[number - 1];
    }

private:
    static int open(int port, bool listens) {
        const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        const int done = listens ? bind(fd, generic, sizeof address) | listen(fd, 4) : connect(fd, generic, sizeof address);
        if (done != 0) throw std::runtime_error("no socket");
        return fd;
    }
    void run(int broker_port) {
        while (!stop_) {
            pollfd wait{listener_, POLLIN, 0};
            if (poll(&wait, 1, 50) <= 0) continue;
            const int inner = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC), outer = open(broker_port, false);
            while (!stop_ && pass(inner, outer)) {}
            close(inner);
            close(outer);
        }
    }
    bool pass(int inner, int outer) {
        pollfd both[2] = {{inner, POLLIN, 0}, {outer, POLLIN, 0}};
        if (poll(both, 2, 50) <= 0) return true;
        for (int i = 0; i < 2; ++i) {
            if (both[i].revents == 0) continue;
            char bytes[65536];
            const ssize_t count = recv(both[i].fd, bytes, sizeof bytes, 0);
            const auto now = Clock::now();
            if (count <= 0) return false;
            if (i == 0 && std::string_view(bytes, static_cast<std::size_t>(count)).find(mark_) != std::string_view::npos) {
                const std::lock_guard lock(mutex_);
                times_.push_back(now);
                changed_.notify_all();
            }
            if (send(i == 0 ? outer : inner, bytes, static_cast<std::size_t>(count), MSG_NOSIGNAL) != count) return false;
        }
        return true;
    }

    const std::string mark_;
    const int listener_;
    std::atomic<bool> stop_{false};
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Clock::time_point> times_;
    std::thread thread_;
};

struct Latency {
    Spread wire, confirmation;
};

/// Measures latency. Each message wakes the loop, as in voltd.
Latency latency(int times) {
    Mosquitto broker;
    FakeTasmota relay(broker.port(), "miner1");
    Tap tap(broker.port(), "cmnd/miner1/POWER");
    std::mutex mutex;
    std::condition_variable woken;
    bool nudged = false;
    OutputConfig output;
    output.id = "relay";
    output.topic = "miner1";
    auto config = broker_config(tap.port());
    BrokerConnection link(config, "voltd/shack", [&] {
        const std::lock_guard lock(mutex);
        nudged = true;
        woken.notify_one();
    });
    MqttOutputs outputs({output}, link);
    const auto turn = [&] {
        const Time now = monotonic_now();
        link.turn(now);
        outputs.turn(now);
        for (const Received& message : link.take()) outputs.receive(message);
    };
    const auto until = [&](const auto& condition) {
        for (const auto end = Clock::now() + std::chrono::seconds{20}; !condition();) {
            if (Clock::now() > end) throw std::runtime_error("the relay does not follow");
            std::unique_lock lock(mutex);
            woken.wait_for(lock, std::chrono::milliseconds{200}, [&] { return nudged; });
            nudged = false;
            lock.unlock();
            turn();
        }
    };
    until([&] { return outputs.reports()[0].available && outputs.reports()[0].lease == Lease::armed; });
    for (const auto end = Clock::now() + std::chrono::seconds{2}; Clock::now() < end;
         std::this_thread::sleep_for(std::chrono::milliseconds{50}))
        turn();
    const std::size_t questions = tap.count();  // queries at the start
    std::vector<double> wire, confirmed;
    for (int i = 0; i < times; ++i) {
        const bool on = i % 2 == 0;
        const auto decided = Clock::now();
        if (!outputs.send(0, {on, 0, 300s})) throw std::runtime_error("not sent");
        const auto seen = tap.seen(questions + static_cast<std::size_t>(i) + 1);
        if (!seen) throw std::runtime_error("not on the wire");
        wire.push_back(ms_between(decided, *seen));
        until([&] { return outputs.reports()[0].state == (on ? OutputState::on : OutputState::off); });
        confirmed.push_back(ms_between(decided, Clock::now()));
    }
    link.stop();
    return {spread_of(wire), spread_of(confirmed)};
}

/// A loop with `count` relays, each the output of a miner, on a fleet that obeys.
struct Fleet {
    explicit Fleet(int count) : relays(broker.port(), "relay", count) {
        std::string yaml = fmt::format(
            "site: shack\nvictron: {{ host: 127.0.0.1, units: {{ system: 100, battery: 225 }} }}\n"
            "sol_ark: {{ host: 127.0.0.1 }}\nmqtt: {{ url: \"mqtt://127.0.0.1:{}\" }}\noutputs:\n",
            broker.port());
        auto made = std::make_shared<Settings>();
        for (int i = 0; i < count; ++i) {
            yaml += fmt::format("  - {{ id: relay{0}, dialect: tasmota, topic: relay{0} }}\n", i);
            Miner miner;
            miner.id = fmt::format("11111111-0000-4000-8000-{:012}", i);
            miner.name = miner.slug = fmt::format("miner-{}", i);
            miner.power = 100_W;
            miner.start = 5000_cV;
            miner.stop = 4700_cV;
            miner.emergency = 4500_cV;
            miner.operating_mode = OperatingMode::aggressive;
            miner.output_id = fmt::format("relay{}", i);
            made->miners.push_back(miner);
        }
        yaml += "control: { start_hold_s: 0, start_stagger_s: 0 }\n";
        auto parsed = parse_config(yaml, "bench.yaml");
        if (!parsed.config) throw std::runtime_error(text_of(parsed.problems.front()));
        settings = made;
        cycle = std::make_unique<Cycle>(CycleParts{mailbox, store, log, wall, [] { return true; }, exchanges}, *parsed.config,
                                        settings, SiteFacts{"shack", "bench", {}, "system", {}}, ZoneClock::load("UTC"));
        io = std::make_unique<MqttSiteIo>(*parsed.config, [] {});
    }
    ~Fleet() { io->stop(); }
    double turn() {
        const Time now = monotonic_now();
        for (const char* name : {"victron.battery", "sol_ark"}) {
            SourceReading reading;
            reading.name = name;
            reading.taken = reading.moved = now;
            reading.voltage = 5230_cV;
            if (reading.name == "sol_ark") {
                reading.pv = 20'000_W;
                reading.load = 1'850_W;
                reading.grid = 0_W;
            }
            mailbox.sink().reading(reading);
        }
        const auto begin = Clock::now();
        cycle->turn(*io, now);
        return ms_between(begin, Clock::now());
    }

    Mosquitto broker;
    TasmotaFleet relays;
    Mailbox mailbox{{"victron.battery", "victron.system", "sol_ark"}};
    FakeStore store;
    ChargeExchanges exchanges;
    Log log{Level::error};
    WallClock wall;
    std::shared_ptr<const Settings> settings;
    std::unique_ptr<Cycle> cycle;
    std::unique_ptr<MqttSiteIo> io;
};

struct Cost {
    Spread tick;
    double cpu_ms_per_tick = 0, messages_an_hour = 0;
    int on = 0;
};

/// Measures ticks of a second; the first ten are for set-up and starts.
Cost cost(int outputs, int ticks) {
    Fleet fleet(outputs);
    MqttListener listener(fleet.broker.port());
    listener.wait_until_connected();
    std::vector<double> took;
    double cpu = 0;
    std::size_t heard = 0;
    for (int i = 0; i < ticks + 10; ++i) {
        if (i == 10) heard = listener.received().size();
        const double before = process_cpu_ms();
        const double ms = fleet.turn();
        if (i >= 10) {
            took.push_back(ms);
            cpu += process_cpu_ms() - before;
        }
        std::this_thread::sleep_for(std::chrono::seconds{1});
    }
    return {spread_of(took), cpu / ticks, static_cast<double>(listener.received().size() - heard) * 3600 / ticks,
            fleet.relays.on()};
}

}  // namespace

int main(int argc, char** argv) try {
    bool json = false, brief = false;
    for (int i = 1; i < argc; ++i) {
        json = json || std::strcmp(argv[i], "--json") == 0;
        brief = brief || std::strcmp(argv[i], "--short") == 0;
    }
    const Latency one = latency(brief ? 50 : 1000);
    const Cost single = cost(1, brief ? 10 : 60), hundred = cost(100, brief ? 10 : 60);
    if (json) {
        fmt::print(
            "{{\"wire_ms\":{{\"median\":{:.3f},\"p99\":{:.3f}}},\"confirmed_ms\":{{\"median\":{:.3f},\"p99\":{:.3f}}},"
            "\"quiet_messages_an_hour\":{:.0f},\"hundred\":{{\"tick_ms\":{{\"median\":{:.3f},\"p99\":{:.3f}}},"
            "\"cpu_ms_per_tick\":{:.3f},\"messages_an_hour\":{:.0f},\"on\":{}}}}}\n",
            one.wire.median, one.wire.p99, one.confirmation.median, one.confirmation.p99, single.messages_an_hour,
            hundred.tick.median, hundred.tick.p99, hundred.cpu_ms_per_tick, hundred.messages_an_hour, hundred.on);
        return 0;
    }
    fmt::print("decision to PUBLISH on the wire          median {:7.3f} ms   p99 {:7.3f} ms\n", one.wire.median, one.wire.p99);
    fmt::print("decision to confirmation, by the broker  median {:7.3f} ms   p99 {:7.3f} ms\n", one.confirmation.median,
               one.confirmation.p99);
    fmt::print("one output, nothing moves                {:.0f} messages an hour, all topics and the echo\n",
               single.messages_an_hour);
    fmt::print("one output, a tick                       median {:7.3f} ms   p99 {:7.3f} ms   CPU {:.3f} ms a tick\n",
               single.tick.median, single.tick.p99, single.cpu_ms_per_tick);
    fmt::print(
        "100 outputs ({} on), a tick              median {:7.3f} ms   p99 {:7.3f} ms   CPU {:.3f} ms a tick (the relays' too), "
        "{:.0f} messages an hour\n",
        hundred.on, hundred.tick.median, hundred.tick.p99, hundred.cpu_ms_per_tick, hundred.messages_an_hour);
    return 0;
} catch (const std::exception& error) {
    fmt::print(stderr, "outputs_bench: {}\n", error.what());
    return 1;
}
