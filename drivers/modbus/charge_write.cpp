#include "drivers/modbus/charge_write.hpp"

#include <utility>

#include "drivers/modbus/gx_registers.hpp"

namespace volt::modbus {

ChargeWriter::ChargeWriter(int unit, std::shared_ptr<ChargeDesk> desk, Clock clock)
    : unit_(unit), desk_(std::move(desk)), clock_(std::move(clock)) {
    seen_.number = desk_->order().number;  // an order of before is not for this connection
}

void ChargeWriter::turn(Transport& transport) {
    const ChargeOrder order = desk_->order();
    if (order.number > seen_.number) {
        carry_out(transport, order);
    } else if (clock_() >= read_due_) {
        read(transport);
        if (back_ > 0) --back_;
        read_due_ = clock_() + (back_ > 0 ? read_back_after * (read_backs + 1 - back_) : read_every);
    } else {
        return;
    }
    desk_->tell(seen_);
}

bool ChargeWriter::read(Transport& transport) {
    const auto words = transport.read(unit_, {gx::max_charge_current.address, 1});
    if (words) {
        seen_.limit_a = static_cast<std::int16_t>(words.value().front());
        seen_.read_at = clock_();
        seen_.error.clear();
    } else {
        seen_.error = words.failure().text;
    }
    return words.ok();
}

/// Until it can be read the order stands; then it is done with, whatever comes of it.
void ChargeWriter::carry_out(Transport& transport, const ChargeOrder& order) {
    const bool late = clock_() >= order.until;
    if (!late && !read(transport)) return;
    seen_.number = order.number;
    seen_.written = !late && seen_.limit_a != order.limit_a && clock_() < order.until;
    if (seen_.written) write(transport, order.limit_a);
}

void ChargeWriter::write(Transport& transport, int limit_a) {
    const auto word = static_cast<std::uint16_t>(static_cast<std::int16_t>(limit_a));
    if (auto failure = transport.write(unit_, gx::max_charge_current.address, word)) seen_.error = failure->text;
    back_ = read_backs;
    read_due_ = clock_() + read_back_after;
}

}  // namespace volt::modbus
