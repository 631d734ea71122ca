// The charge limit of a device (register 2705 of a GX, 210 of a Sol-Ark): read now and then, written when it is ordered.
// The only writing that this program does over Modbus. On the polling thread of the device, between its polls.
#pragma once

#include <functional>
#include <memory>

#include "drivers/charge_limit_exchange.hpp"
#include "drivers/modbus/transport.hpp"
#include "drivers/source.hpp"

namespace volt::modbus {

/// Where a charge limit stands and how its device takes a write.
struct ChargeRegister {
    Writable place;
    bool negative = false;          ///< an int16, of which -1 is no limit; else 0..65535
    Duration read_back_after = 2s;  ///< a device takes a setting over a moment later
};

/// 2705 of the system unit: an int16 in A, by function 6.
ChargeRegister charge_register(const VictronConfig& config);
/// 210: A, by function 16; the only one that a Sol-Ark obeys. 0 stops all charging, by the Deye map.
ChargeRegister charge_register(const SolArkConfig& config);

/// Used by one thread. An order is written once, never repeated: what came of it is read back, and another write is
/// another order. The register is read before it is written, so that nothing is written that stands there already (a
/// device keeps it in its flash).
class ChargeWriter {
public:
    using Clock = std::function<Time()>;

    ChargeWriter(const ChargeRegister& target, std::shared_ptr<ChargeLimitExchange> exchange, Clock clock = monotonic_now);
    /// At most three exchanges, mostly none. REQUIRES: connected.
    void turn(Transport& transport);
    /// Call instead of turn() while the device is not identified: the register may mean something else there.
    void stand_off();

    static constexpr Duration read_every = 30s;
    static constexpr int read_backs = 3;  ///< after a write; each waits `read_back_after` longer than the one before

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
    int back_ = 0;  ///< reads that still follow a write
};

}  // namespace volt::modbus
