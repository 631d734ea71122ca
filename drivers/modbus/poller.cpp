#include "drivers/modbus/poller.hpp"

#include <algorithm>
#include <functional>
#include <thread>

#include "drivers/modbus/charge_write.hpp"
#include "drivers/modbus/sol_ark.hpp"
#include "drivers/modbus/victron_gx.hpp"
#include "drivers/thread.hpp"

namespace volt {

using namespace modbus;

namespace {

constexpr Duration gap_after_exception = 1s;
constexpr Duration chore_every = 500ms;  // for a device that voltd writes: an order at the end of voltd has a second

/// Returns a seed that differs between devices and starts, enough to spread the gaps.
std::uint64_t seed_of(const Endpoint& endpoint) {
    return std::hash<std::string>{}(endpoint.host + ":" + std::to_string(endpoint.port)) ^
           static_cast<std::uint64_t>(monotonic_now().count());
}

class ThreadedPoller : public Poller {
public:
    ThreadedPoller(const Endpoint& endpoint, std::vector<UnitPlan> plans, SourceSink sink, const PollTiming& timing, Chore chore,
                   Polling::Deciding deciding)
        : transport_(make_transport(endpoint, stop_)),
          polling_(std::move(plans), *transport_, timing, std::move(sink), monotonic_now, stop_, seed_of(endpoint),
                   std::move(deciding)),
          chore_(std::move(chore)),
          often_(!endpoint.writable.empty()),
          running_(start_thread(thread_, "modbus", [this] { run(); })) {}

    ~ThreadedPoller() override { finish(); }
    ThreadedPoller(const ThreadedPoller&) = delete;
    ThreadedPoller& operator=(const ThreadedPoller&) = delete;

    void stop() override { finish(); }
    void end() override { stop_.set(); }
    bool running() const override { return running_; }

private:
    void finish() {
        stop_.set();
        if (thread_.joinable()) thread_.join();
    }

    void run() {
        while (!stop_.wait_until(often_ ? std::min(polling_.next_due(), monotonic_now() + chore_every) : polling_.next_due()))
            turn();
        transport_->close();
    }

    /// Runs one turn. Catches all exceptions: one from the sink or from memory costs one turn.
    void turn() {
        try {
            polling_.turn();
            if (chore_ && !stop_.is_set()) chore_(*transport_, polling_);
        } catch (...) {
            transport_->close();
            stop_.wait_until(monotonic_now() + gap_after_exception);
        }
    }

    StopEvent stop_;
    std::unique_ptr<Transport> transport_;
    Polling polling_;
    Chore chore_;
    bool often_;
    std::thread thread_;
    bool running_;  // last: the thread uses all of the above
};

/// Units polled over one connection, and the charge limits that are read or written over it.
struct Line {
    std::vector<UnitPlan> plans{};
    std::vector<Writable> writable{};
    std::vector<Chore> chores{};

    /// Adds a charge limit. `source`: whose identity must be verified before its register is accessed, or empty for none.
    template <class Device>
    void add_charge(const Device& device, const std::shared_ptr<ChargeLimitExchange>& exchange, const std::string& source = {}) {
        if (!exchange) return;
        const ChargeRegister target = charge_register(device);
        const bool writes = device.charge_limit == ChargeLimit::write;
        if (writes) writable.push_back(target.place);
        chores.push_back([writer = ChargeWriter(target, exchange), exchange, writes, source](Transport& transport,
                                                                                             const Polling& polling) mutable {
            if ((!writes && !exchange->watched()) || !transport.connected()) return;
            if (source.empty() || polling.knows(source)) writer.turn(transport);
            else writer.stand_off();
        });
    }
    Chore chore() {
        if (chores.empty()) return {};
        return [all = std::move(chores)](Transport& transport, const Polling& polling) mutable {
            for (Chore& one : all) one(transport, polling);
        };
    }
};

std::unique_ptr<Poller> start_gateway(const SolArkConfig& config, Line line, SourceSink sink, PollTiming timing) {
    timing.period = config.poll;
    return start_poller({config.host, config.port, config.framing, config.timeout, sol_ark::request_gap, line.writable},
                        std::move(line.plans), std::move(sink), timing, line.chore());
}

}  // namespace

std::unique_ptr<Poller> start_poller(const Endpoint& endpoint, std::vector<UnitPlan> plans, SourceSink sink,
                                     const PollTiming& timing, Chore chore, Polling::Deciding deciding) {
    return std::make_unique<ThreadedPoller>(endpoint, std::move(plans), std::move(sink), timing, std::move(chore),
                                            std::move(deciding));
}

std::unique_ptr<Poller> start_victron(const VictronConfig& config, const GxUse& use, SourceSink sink, PollTiming timing,
                                      const std::shared_ptr<ChargeLimitExchange>& charge, Polling::Deciding deciding) {
    timing.period = config.poll;
    timing.slow_period = std::min(timing.slow_period, use.slow);
    Line line{gx::plans(config, use)};
    line.add_charge(config, charge);
    return start_poller({config.host, config.port, Framing::tcp, config.timeout, 0ms, line.writable}, std::move(line.plans),
                        std::move(sink), timing, line.chore(), std::move(deciding));
}

std::unique_ptr<Poller> start_sol_ark(const SolArkConfig& config, SourceSink sink, PollTiming timing) {
    return start_gateway(config, {{sol_ark::plan(config)}}, std::move(sink), timing);
}

std::vector<std::unique_ptr<Poller>> start_sol_arks(const SolArkConfig& first, const std::optional<SolArkConfig>& second,
                                                    const SourceSink& sink, const PollTiming& timing,
                                                    const SolArkChargeLimits& charge) {
    const auto serials = second ? std::make_shared<SerialNumbers>() : nullptr;
    Line line{{sol_ark::plan(first, "sol_ark", serials)}}, other;
    line.add_charge(first, charge.first, "sol_ark");
    if (second) {
        Line& its = same_gateway(first, *second) ? line : other;
        its.plans.push_back(sol_ark::plan(*second, "sol_ark_2", serials));
        its.add_charge(*second, charge.second, "sol_ark_2");
    }
    std::vector<std::unique_ptr<Poller>> pollers;
    pollers.push_back(start_gateway(first, std::move(line), sink, timing));
    if (!other.plans.empty()) pollers.push_back(start_gateway(*second, std::move(other), sink, timing));
    return pollers;
}

}  // namespace volt
