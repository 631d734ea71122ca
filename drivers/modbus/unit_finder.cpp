#include "drivers/modbus/unit_finder.hpp"

#include <cassert>

namespace volt::modbus {

UnitFinder::UnitFinder(Search search) : search_(std::move(search)) {
    assert(!search_.units.empty() && search_.units.size() <= 250);
    begin_anew();
}

void UnitFinder::begin_anew() {
    at_ = 0;
    asked_ = false;
}

/// Returns true for an answer without the value to compare candidates with.
bool UnitFinder::waits_for(const Result<std::vector<std::uint16_t>>& reference) const {
    if (!reference) return reference.failure().fault == Fault::absent || reference.failure().fault == Fault::unsupported;
    return search_.may_begin && !search_.may_begin({search_.reference.address, reference.value()});
}

Result<Sought> UnitFinder::step(Transport& transport, bool candidate_too) {
    if (asked_ && candidate_too) {
        at_ = (at_ + 1) % search_.units.size();
        asked_ = false;
    }
    auto reference = transport.read(search_.reference_unit, search_.reference);
    if (waits_for(reference)) {
        begin_anew();
        return Sought::waits;
    }
    if (!reference) return reference.failure();
    if (!candidate_too) return Sought::other;
    auto candidate = transport.read(unit(), search_.asked);
    // A gateway that is silent about an absent unit loses the connection, but not the round.
    asked_ = true;
    if (!candidate) return candidate.failure().fault == Fault::reconnect ? Result<Sought>(candidate.failure()) : Sought::other;
    const bool found = search_.is_it({search_.asked.address, std::move(candidate.value())},
                                     {search_.reference.address, std::move(reference.value())});
    return found ? Sought::found : Sought::other;
}

}  // namespace volt::modbus
