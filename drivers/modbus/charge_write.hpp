// The charge limit of a GX (register 2705): read now and then, written when it is ordered. The only writing that this
// program does over Modbus. On the polling thread of the GX, between its polls.
#pragma once

#include <functional>
#include <memory>

#include "drivers/charge_desk.hpp"
#include "drivers/modbus/transport.hpp"
#include "drivers/source.hpp"

namespace volt::modbus {

/// Used by one thread. An order is written once, never repeated: what came of it is read back, and another write is
/// another order. The register is read before it is written, so that nothing is written that stands there already (a
/// GX keeps it in its flash).
class ChargeWriter {
public:
    using Clock = std::function<Time()>;

    /// `unit` is the system unit of the GX (100).
    ChargeWriter(int unit, std::shared_ptr<ChargeDesk> desk, Clock clock = monotonic_now);
    /// At most three exchanges, mostly none. REQUIRES: connected.
    void turn(Transport& transport);

    static constexpr Duration read_every = 30s;
    static constexpr Duration read_back_after = 2s;   ///< a GX takes a setting over a moment later
    static constexpr int read_backs = 3;              ///< after a write, each later by as much again

private:
    bool read(Transport& transport);
    void carry_out(Transport& transport, const ChargeOrder& order);
    void write(Transport& transport, int limit_a);

    int unit_;
    std::shared_ptr<ChargeDesk> desk_;
    Clock clock_;
    ChargeSeen seen_;
    Time read_due_{};
    int back_ = 0;   ///< reads that still follow a write
};

}  // namespace volt::modbus
