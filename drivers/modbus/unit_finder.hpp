// Searches for a unit without a configured id: asks candidates one after another and keeps the match.
#pragma once

#include <functional>
#include <vector>

#include "drivers/modbus/registers.hpp"
#include "drivers/modbus/transport.hpp"

namespace volt::modbus {

/// Candidate ids of a unit, and how to recognize it.
struct Search {
    std::vector<int> units;  ///< in the order of asking; at most 64
    Stretch asked;           ///< of each candidate
    int reference_unit = 0;  ///< asked beside it
    Stretch reference;
    std::function<bool(const Answer& candidate, const Answer& reference)> is_it;
};

class UnitFinder {
public:
    explicit UnitFinder(Search search);

    /// Asks the reference and the next candidate. True: the candidate is the one. A Failure: the link is lost, or the
    /// reference cannot be read; the candidate is asked again.
    Result<bool> step(Transport& transport);
    /// The candidate of the last step.
    int unit() const { return search_.units[at_]; }
    /// The last step was the last candidate of the round.
    bool round_done() const { return at_ + 1 == search_.units.size(); }

private:
    Search search_;
    std::size_t at_;
    bool asked_ = true;  ///< candidate at_ has been judged
};

}  // namespace volt::modbus
