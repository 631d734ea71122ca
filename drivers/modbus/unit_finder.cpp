#include "drivers/modbus/unit_finder.hpp"

#include <cassert>

namespace volt::modbus {

UnitFinder::UnitFinder(Search search) : search_(std::move(search)), at_(search_.units.size() - 1) {
    assert(!search_.units.empty() && search_.units.size() <= 64);
}

Result<bool> UnitFinder::step(Transport& transport) {
    if (asked_) at_ = (at_ + 1) % search_.units.size();
    asked_ = false;
    auto reference = transport.read(search_.reference_unit, search_.reference);
    if (!reference) return reference.failure();
    auto candidate = transport.read(unit(), search_.asked);
    // A gateway that is silent about an absent unit costs the connection, not the round.
    asked_ = true;
    if (!candidate) return candidate.failure().fault == Fault::reconnect ? Result<bool>(candidate.failure()) : false;
    return search_.is_it({search_.asked.address, std::move(candidate.value())},
                         {search_.reference.address, std::move(reference.value())});
}

}  // namespace volt::modbus
