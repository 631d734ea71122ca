// Measures polled devices: decoding, traffic and CPU of polling, time to recover from each fault. `--short` measures for seconds
// instead of half a minute (three minutes in all, at most); `--json` prints one object. Exit code 1: a fault did not recover
// within its bound.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <list>
#include <map>
#include <mutex>

#include "drivers/modbus/frame.hpp"
#include "drivers/modbus/poller.hpp"
#include "drivers/modbus/sol_ark.hpp"
#include "drivers/modbus/victron_gx.hpp"
#include "drivers/source.hpp"
#include "tests/fakes/colour_server.hpp"
#include "tests/fakes/fault_proxy.hpp"

using namespace volt;
using namespace volt::modbus;
using fakes::Harm;

namespace {

using Clock = std::chrono::steady_clock;

double cpu_s() {
    rusage used{};
    getrusage(RUSAGE_THREAD, &used);
    const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// Results in the order of measuring, printed one by one, or together as JSON.
class Figures {
public:
    explicit Figures(bool json) : json_(json) {}
    void add(const std::string& name, double value, const char* unit) {
        all_.push_back({name, value});
        if (!json_) std::printf("%-64s %10.3f %s\n", name.c_str(), value, unit);
        std::fflush(stdout);
    }
    void end() const {
        for (std::size_t i = 0; json_ && i < all_.size(); ++i)
            std::printf("%s\"%s\": %.4f%s", i == 0 ? "{\n  " : "  ", all_[i].first.c_str(), all_[i].second,
                        i + 1 < all_.size() ? ",\n" : "\n}\n");
    }

private:
    bool json_;
    std::vector<std::pair<std::string, double>> all_;
};

template <class Act>
void measure_times(Figures& figures, const std::string& what, int times, Act act) {
    std::vector<double> took;
    for (int i = 0; i < times; ++i) {
        const auto start = Clock::now();
        act();
        took.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
    }
    std::ranges::sort(took);
    figures.add(what + ", median, us", took[took.size() / 2], "us");
    figures.add(what + ", p99, us", took[took.size() * 99 / 100], "us");
}

Bytes reply_of(const Request& request, Framing framing) {
    Request reply{request.unit, {3, static_cast<std::uint8_t>(request.reply_size - 2)}, 0};
    reply.pdu.resize(request.reply_size, 0x14);
    return make_frame(framing)->encode(reply, 1);
}

/// Checks and decodes the bytes of a reply into a reading.
void bench_decoding(Figures& figures) {
    const auto frame = make_frame(Framing::tcp);
    const auto run = [&](const char* what, Stretch stretch, const UnitPlan& plan) {
        const Request request = read_request(1, stretch);
        const Bytes bytes = reply_of(request, Framing::tcp);
        measure_times(figures, what, 100'000, [&] {
            if (!frame->size(bytes, request, 1)) std::abort();
            auto words = understand(frame->pdu(bytes).value(), request);
            if (!plan.assemble({{stretch.address, std::move(words.value())}}).ok()) std::abort();
        });
    };
    run("reply to reading, GX battery, 22 registers", {258, 22}, gx::plans({}, {})[0]);
    run("reply to reading, Sol-Ark, 31 registers", {166, 31}, sol_ark::plan({}));
}

struct Health {
    std::mutex mutex;
    std::map<std::string, SourceState> states;
    SourceSink sink() {
        return {{}, [this](const SourceHealth& health) {
                    const std::lock_guard lock(mutex);
                    states[health.name] = health.state;
                }};
    }
    void forget() {
        const std::lock_guard lock(mutex);
        states.clear();
    }
    bool all_ok(std::size_t wanted) {
        const std::lock_guard lock(mutex);
        return states.size() == wanted && std::ranges::all_of(states, [](const auto& s) { return s.second == SourceState::ok; });
    }
};

VictronConfig gx_config(int port) {
    VictronConfig config;
    config.host = "127.0.0.1";
    config.port = port;
    config.battery_unit = 225;
    config.vebus_unit = 227;
    return config;
}

SolArkConfig sol_ark_config(int port) {
    SolArkConfig config;
    config.host = "127.0.0.1";
    config.port = port;
    return config;
}

/// Measures the CPU of the polling alone: a poller's thread is identified by its sink, which runs on it.
class CpuOfThreads {
public:
    SourceSink sink(int poller) {
        return {{}, [this, poller](const SourceHealth&) {
                    const std::lock_guard lock(mutex_);
                    auto& [first, last] = seen_.try_emplace(poller, cpu_s(), 0.0).first->second;
                    last = cpu_s() - first;
                }};
    }
    double sum() {
        const std::lock_guard lock(mutex_);
        double all = 0;
        for (const auto& [poller, times] : seen_) all += times.second;
        return all;
    }

private:
    std::mutex mutex_;
    std::map<int, std::pair<double, double>> seen_;
};

void bench_polling(Figures& figures, int devices_of_each, Duration length) {
    fakes::ColourServer device(Framing::tcp);
    fakes::FaultProxy gx(device.port()), sol_ark(device.port());
    CpuOfThreads cpu;
    std::vector<std::unique_ptr<Poller>> pollers;
    for (int i = 0; i < devices_of_each; ++i) {
        pollers.push_back(start_victron(gx_config(gx.port()), {.power = true}, cpu.sink(2 * i)));
        pollers.push_back(start_sol_ark(sol_ark_config(sol_ark.port()), cpu.sink(2 * i + 1)));
    }
    StopEvent never;
    never.wait_until(monotonic_now() + 6s);  // past identities and first blocks
    const auto gx_replies = gx.replies(), sol_ark_replies = sol_ark.replies();
    const auto bytes = gx.bytes() + sol_ark.bytes();
    const double before = cpu.sum();
    never.wait_until(monotonic_now() + length);
    const double seconds = std::chrono::duration<double>(length).count();
    const std::string who = std::to_string(devices_of_each) + " GX and " + std::to_string(devices_of_each) + " Sol-Ark";
    const auto of_each = [&](auto replies) { return static_cast<double>(replies) / seconds / devices_of_each; };
    figures.add(who + ", exchanges/s of each GX", of_each(gx.replies() - gx_replies), "1/s");
    figures.add(who + ", exchanges/s of each Sol-Ark", of_each(sol_ark.replies() - sol_ark_replies), "1/s");
    figures.add(who + ", bytes/s both ways", static_cast<double>(gx.bytes() + sol_ark.bytes() - bytes) / seconds, "B/s");
    figures.add(who + ", CPU of polling, ms/s", 1000 * (cpu.sum() - before) / seconds, "ms/s");
}

/// Bounds the recovery: the gap between two tries grows to at most 60 s, plus a connect and the first exchanges.
constexpr Duration longest_healing = 65s;

/// One fault in front of a separate GX and Sol-Ark, so that all faults run at the same time.
class Trial {
public:
    Trial(std::string name, fakes::Fault fault)
        : name_(std::move(name)),
          fault_(fault),
          device_(Framing::tcp),
          proxy_(device_.port()),
          gx_(start_victron(gx_config(proxy_.port()), {}, health_.sink())),
          sol_ark_(start_sol_ark(sol_ark_config(proxy_.port()), health_.sink())) {}

    const std::string& name() const { return name_; }
    /// Returns true if every unit of both has answered well, since the start or the end of the fault.
    bool is_well() { return health_.all_ok(units); }
    void begin() { proxy_.set(fault_); }
    void end() {
        health_.forget();
        proxy_.set({});
    }
    std::optional<Time> healed_at;

private:
    static constexpr std::size_t units = 4;  ///< battery, system, vebus, sol_ark
    std::string name_;
    fakes::Fault fault_;
    fakes::ColourServer device_;
    fakes::FaultProxy proxy_;
    Health health_;
    std::unique_ptr<Poller> gx_, sol_ark_;
};

using Trials = std::list<Trial>;

/// Waits until all are well, or the time is over.
void wait_for_all(Trials& trials, Duration longest) {
    StopEvent never;
    for (const Time limit = monotonic_now() + longest; monotonic_now() < limit; never.wait_until(monotonic_now() + 10ms)) {
        bool all = true;
        for (Trial& trial : trials) {
            if (!trial.healed_at && trial.is_well()) trial.healed_at = monotonic_now();
            all = all && trial.healed_at;
        }
        if (all) return;
    }
}

/// Measures the time from the end of a fault to good readings of every unit, with default timing. Returns false if one did not
/// recover in time.
bool bench_healing(Figures& figures, Duration fault_length) {
    const std::pair<const char*, fakes::Fault> faults[] = {
        {"late by 3 s", {Harm::delay, 3s}}, {"half, then silence", {Harm::stall, 1h}},
        {"cut in the middle", {Harm::cut}}, {"reset", {Harm::reset}},
        {"drip", {Harm::drip, 300ms}},      {"black hole", {Harm::black_hole}},
        {"replies lost", {Harm::one_way}},  {"duplicates", {Harm::duplicate, 1ms}},
        {"swapped", {Harm::swap}},          {"corrupted", {Harm::corrupt, 0ms, 8, 7}}};
    Trials trials;
    for (const auto& [name, fault] : faults) trials.emplace_back(name, fault);
    wait_for_all(trials, 30s);
    for (Trial& trial : trials) trial.begin();
    StopEvent().wait_until(monotonic_now() + fault_length);
    const Time start = monotonic_now();
    for (Trial& trial : trials) {
        trial.end();
        trial.healed_at.reset();
    }
    wait_for_all(trials, longest_healing);
    bool all_healed = true;
    for (const Trial& trial : trials) {
        all_healed = all_healed && trial.healed_at;
        figures.add("healed after " + std::to_string(fault_length / 1s) + " s of " + trial.name() + " (65 at most), s",
                    std::chrono::duration<double>(trial.healed_at.value_or(monotonic_now()) - start).count(), "s");
    }
    return all_healed;
}

}  // namespace

int main(int argc, char** argv) {
    const auto has = [&](const char* word) {
        return std::any_of(argv + 1, argv + argc, [word](const char* one) { return std::strcmp(one, word) == 0; });
    };
    const bool brief = has("--short");
    Figures figures(has("--json"));
    bench_decoding(figures);
    bench_polling(figures, 1, brief ? 10s : 30s);
    bench_polling(figures, 10, brief ? 10s : 30s);
    const bool healed = bench_healing(figures, brief ? 5s : 15s);
    figures.end();
    return healed ? 0 : 1;
}
