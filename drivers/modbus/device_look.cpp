#include "drivers/modbus/device_look.hpp"

#include <algorithm>
#include <memory>

#include "drivers/modbus/block.hpp"
#include "drivers/modbus/charge_write.hpp"
#include "drivers/modbus/copy_watch.hpp"
#include "drivers/modbus/gx_registers.hpp"
#include "drivers/modbus/probe_kinds.hpp"
#include "drivers/modbus/scale_watch.hpp"
#include "drivers/modbus/sol_ark.hpp"
#include "drivers/modbus/transport.hpp"
#include "drivers/modbus/victron_gx.hpp"

namespace volt::modbus {
namespace {

constexpr Duration longest_look = 12s, longest_answer = 2s;  // limits for a device, and for one exchange with it
constexpr std::uint16_t gx_clock = 830;

/// One connection with its remaining time.
class LookLine {
public:
    LookLine(const std::string& host, int port, Framing framing, Duration timeout, Duration gap)
        : transport_(make_transport({host, port, framing, std::min(timeout, longest_answer), gap}, never_)) {}

    std::optional<Failure> connect() { return transport_->connect(); }
    /// Sends one request. Connects again if the previous one lost the connection.
    Result<std::vector<std::uint16_t>> ask(int unit, Stretch stretch) {
        if (monotonic_now() >= end_) return Failure{Fault::reconnect, "not asked: the device was too slow before"};
        if (!transport_->connected())
            if (auto failure = transport_->connect()) return *failure;
        return transport_->read(unit, stretch);
    }

    /// Watches for as long as needed, at most `longest`. The time for other requests does not run meanwhile.
    std::string watch_for_copy(int unit, Duration longest) {
        const Time start = monotonic_now();
        const auto words = [&]() -> std::optional<std::vector<std::uint16_t>> {
            if (!transport_->connected() && transport_->connect()) return std::nullopt;
            auto answer = transport_->read(unit, sol_ark::live_block);
            return answer ? std::optional(std::move(answer.value())) : std::nullopt;
        };
        const auto go_on = [this](Time until) { return !never_.wait_until(until); };
        std::string verdict = modbus::watch_for_copy(words, go_on, longest);
        end_ += monotonic_now() - start;
        return verdict;
    }

    void close() { transport_->close(); }
    /// Returns true if the earlier connection still works.
    bool stands(int unit, Stretch stretch) { return transport_->connected() && transport_->read(unit, stretch).ok(); }

private:
    const StopEvent never_;
    Time end_ = monotonic_now() + longest_look;
    std::unique_ptr<Transport> transport_;
};

UnitLook look_at(LookLine& line, UnitPlan& plan) {
    UnitLook look{plan.source, plan.unit, {}, {}, {}};
    std::vector<Stretch> stretches = plan.blocks;
    stretches.insert(stretches.end(), plan.slow_blocks.begin(), plan.slow_blocks.end());
    for (const Stretch& stretch : stretches) {
        Block block(stretch, plan.sizes.front(), plan.needed);
        const auto failure = block.ask([&](Stretch part) { return line.ask(plan.unit, part); });
        if (failure && look.answers.empty()) look.failure = failure->text;
        if (!look.failure.empty()) return look;
        if (!failure) look.answers.insert(look.answers.end(), block.answers().begin(), block.answers().end());
    }
    auto reading = plan.assemble(look.answers);
    if (!reading) look.failure = reading.failure().text;
    else look.reading = std::move(reading.value());
    return look;
}

/// Returns the key of voltd.yaml whose scale is wrong, or an empty string if both fit, or too little power flows to judge.
std::string wrong_scale(const UnitLook& look) {
    using sol_ark::Agreement;
    const Agreement grid = sol_ark::judge_grid_scale(look.reading, look.answers);
    if (grid == Agreement::ten_times_too_small || grid == Agreement::ten_times_too_large) return "grid_power_scale";
    if (sol_ark::judge_power_scale(look.reading, look.answers) >= Agreement::ten_times_too_small) return "power_scale";
    return sol_ark::judge_current_scale(look.reading) >= Agreement::ten_times_too_small ? "battery_current_scale" : "";
}

template <class Device>
void look_at_charge_limit(LookLine& line, const Device& device, DeviceLook& look) {
    if (device.charge_limit != ChargeLimit::write) return;
    const ChargeRegister target = charge_register(device);
    const auto words = line.ask(target.place.unit, {target.place.address, 1});
    if (!words) look.charge_limit_failure = words.failure().text;
    else look.charge_limit = target.negative ? static_cast<std::int16_t>(words.value().front()) : words.value().front();
}

bool answers(const SolArkConfig& config, Framing framing, int unit) {
    LookLine line(config.host, config.port, framing, config.timeout, sol_ark::request_gap);
    return line.ask(unit, {sol_ark_kind().signature, 1}).ok();
}

/// Returns the device that was found instead. Each try opens its own connection, since a gateway may close one that gets no
/// answer.
std::string found_instead(const SolArkConfig& config) {
    const Framing other = config.framing == Framing::tcp ? Framing::rtu : Framing::tcp;
    if (answers(config, other, config.unit)) return std::string("framing: ") + name_of(other);
    for (const int unit : sol_ark_units())
        if (unit != config.unit && answers(config, config.framing, unit)) return "unit: " + std::to_string(unit);
    return {};
}

}  // namespace

DeviceLook look_at_gx(const VictronConfig& config, const GxUse& use) {
    DeviceLook look;
    LookLine line(config.host, config.port, Framing::tcp, config.timeout, Duration{});
    if (const auto failure = line.connect()) {
        look.unreachable = failure->text;
        return look;
    }
    for (UnitPlan& plan : gx::plans(config, use))
        if (!plan.search) look.units.push_back(look_at(line, plan));
    const Register& clock = *find(gx::system_map(), gx_clock);
    const auto words = line.ask(config.system_unit, {clock.address, span_of(clock)});
    const Decoded time = words ? decode(clock, words.value()) : Decoded{};
    if (time.good()) look.clock = std::chrono::seconds{time.steps};
    look_at_charge_limit(line, config, look);
    return look;
}

DeviceLook look_at_sol_ark(const SolArkConfig& config, const std::string& source, Duration watch) {
    DeviceLook look;
    LookLine line(config.host, config.port, config.framing, config.timeout, sol_ark::request_gap);
    if (const auto failure = line.connect()) {
        look.unreachable = failure->text;
        return look;
    }
    UnitPlan plan = sol_ark::plan(config, source);
    look.units.push_back(look_at(line, plan));
    const UnitLook& unit = look.units.front();
    if (!unit.failure.empty()) {
        line.close();  // a gateway may serve one client only
        look.instead = found_instead(config);
        return look;
    }
    look.wrong_scale = wrong_scale(unit);
    look_at_charge_limit(line, config, look);
    if (watch > Duration{}) look.copy = line.watch_for_copy(config.unit, watch);
    look.second_client = answers(config, config.framing, config.unit) && line.stands(config.unit, {sol_ark_kind().signature, 1});
    return look;
}

std::optional<SourceReading> reading_of(const std::string& source, const Answers& answers, const SolArkConfig& sol_ark) {
    if (source.starts_with("sol_ark")) {
        auto reading = sol_ark::reading(answers, sol_ark);
        return reading ? std::optional(std::move(reading.value())) : std::nullopt;
    }
    if (source == "victron.system") return gx::system_reading(answers);
    if (source == "victron.battery") return gx::battery_reading(answers);
    if (source == "victron.vebus") return gx::vebus_reading(answers);
    return gx::temperature_reading(answers);
}

}  // namespace volt::modbus
