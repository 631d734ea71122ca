// Charge limit of a device (register 2705 of a GX, 210 of a Sol-Ark): read now and then, written when ordered. These are the only
// writes that this program makes over Modbus. Runs on the polling thread of the device, between its polls.
#pragma once

#include <functional>
#include <memory>

#include "drivers/charge_limit_exchange.hpp"
#include "drivers/modbus/transport.hpp"
#include "drivers/source.hpp"

namespace volt::modbus {

/// Address of a charge limit, and the way its device accepts a write.
struct ChargeRegister {
    Writable place;
    bool negative = false;          ///< an int16 with -1 for no limit; else 0..65535
    Duration read_back_after = 2s;  ///< a device applies a setting a moment later
};

/// Returns 2705 of the system unit: an int16 in A, by function 6.
ChargeRegister charge_register(const VictronConfig& config);
/// Returns 210: A, by function 16, the only one that a Sol-Ark obeys. 0 stops all charging, by the Deye map.
ChargeRegister charge_register(const SolArkConfig& config);

/// Writes the charge limit. For one thread. Writes an order once and never repeats it: the result is read back, and another write
/// is another order. Reads the register before writing, so that it never writes a value that is already there (a device keeps it
/// in its flash).
class ChargeWriter {
public:
    using Clock = std::function<Time()>;

    ChargeWriter(const ChargeRegister& target, std::shared_ptr<ChargeLimitExchange> exchange, Clock clock = monotonic_now);
    /// Makes at most three exchanges, mostly none. Requires a connection.
    void turn(Transport& transport);
    /// Replaces turn() while the device is not identified: the register may have another meaning there.
    void stand_off();

    static constexpr Duration read_every = 30s;
    static constexpr int read_backs = 3;  ///< after a write; each waits `read_back_after` longer than the previous one

private:
    bool read(Transport& transport);
    void carry_out(Transport& transport, const ChargeOrder& order);
    std::string refusal_of(const Failure& failure) const;
    void write(Transport& transport, int limit_a);

    ChargeRegister target_;
    std::shared_ptr<ChargeLimitExchange> exchange_;
    Clock clock_;
    ChargeSeen seen_;
    Time read_due_{};
    int back_ = 0;  ///< remaining reads after a write
};

}  // namespace volt::modbus
