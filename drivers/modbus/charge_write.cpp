#include "drivers/modbus/charge_write.hpp"

#include <utility>

#include "drivers/modbus/gx_registers.hpp"

namespace volt::modbus {

namespace {

constexpr std::uint16_t sol_ark_max_charge_current = 210;  // 1 A; by the Deye map, not proven on a Sol-Ark

}  // namespace

ChargeRegister charge_register(const VictronConfig& config) {
    return {{config.system_unit, gx::max_charge_current.address, 6}, true, 2s};
}

ChargeRegister charge_register(const SolArkConfig& config) { return {{config.unit, sol_ark_max_charge_current, 16}, false, 5s}; }

ChargeWriter::ChargeWriter(const ChargeRegister& target, std::shared_ptr<ChargeLimitExchange> exchange, Clock clock)
    : target_(target), exchange_(std::move(exchange)), clock_(std::move(clock)) {
    seen_.number = exchange_->order().number;  // an order from before this connection is not carried out
}

void ChargeWriter::turn(Transport& transport) {
    const ChargeOrder order = exchange_->order();
    if (order.number > seen_.number) {
        carry_out(transport, order);
    } else if (clock_() >= read_due_) {
        read(transport);
        if (back_ > 0) --back_;
        read_due_ = clock_() + (back_ > 0 ? target_.read_back_after * (read_backs + 1 - back_) : read_every);
    } else {
        return;
    }
    exchange_->report(seen_);
}

void ChargeWriter::stand_off() {
    seen_.limit_a.reset();
    seen_.error = "the device at that address is not identified";
    read_due_ = clock_();
    exchange_->report(seen_);
}

bool ChargeWriter::read(Transport& transport) {
    const auto words = transport.read(target_.place.unit, {target_.place.address, 1});
    if (words) {
        const std::uint16_t word = words.value().front();
        seen_.limit_a = target_.negative ? static_cast<std::int16_t>(word) : word;
        seen_.read_at = clock_();
        seen_.read_back = true;
        seen_.error.clear();
    } else {
        seen_.error = words.failure().text;
    }
    return words.ok();
}

/// Carries out an order. It remains until the register can be read; then it is finished, whatever the result.
void ChargeWriter::carry_out(Transport& transport, const ChargeOrder& order) {
    const bool late = clock_() >= order.until;
    if (!late && !read(transport)) return;
    seen_.number = order.number;
    seen_.written = !late && seen_.limit_a != order.limit_a && clock_() < order.until;
    if (seen_.written) write(transport, order.limit_a);
}

/// Returns the reason of a refusal. A GX with a read-only Modbus server answers a write with "no such register", although the
/// register was just read.
std::string ChargeWriter::refusal_of(const Failure& failure) const {
    if (!target_.negative || failure.fault != Fault::unsupported || !seen_.limit_a) return failure.text;
    return "the GX rejects writes (" + failure.text +
           "): on the GX, set Settings, Integrations, Modbus TCP server to read and write";
}

void ChargeWriter::write(Transport& transport, int limit_a) {
    const auto failure = transport.write(target_.place.unit, target_.place.address, static_cast<std::uint16_t>(limit_a));
    seen_.read_back = false;
    seen_.wrote_at = clock_();
    seen_.refusal = failure ? refusal_of(*failure) : "";
    if (failure) seen_.error = seen_.refusal;
    back_ = read_backs;
    read_due_ = clock_() + target_.read_back_after;
}

}  // namespace volt::modbus
