// Searches for a unit without a configured id: asks candidates one after another and keeps the match.
#pragma once

#include <functional>
#include <vector>

#include "drivers/modbus/registers.hpp"
#include "drivers/modbus/transport.hpp"

namespace volt::modbus {

/// Candidate ids of a unit, and how to recognize it.
struct Search {
    std::vector<int> units;  ///< in the order of asking; at most 250
    Stretch asked;           ///< of each candidate
    int reference_unit = 0;  ///< asked beside it
    Stretch reference;
    std::function<bool(const Answer& candidate, const Answer& reference)> is_it;
    /// Returns true once the reference has a value to compare with. If not set: always. No candidate is polled before.
    std::function<bool(const Answer& reference)> may_begin{};
};

/// Result of one step of a search.
enum class Sought : std::uint8_t { waits, other, found };

class UnitFinder {
public:
    explicit UnitFinder(Search search);

    /// Asks the reference and, if `candidate_too`, the next candidate. Waits: the reference has nothing to compare with; the next
    /// candidate is the first one again. A Failure: the link is lost, or the reference cannot be read; the candidate is asked again.
    Result<Sought> step(Transport& transport, bool candidate_too);
    /// The candidate of the last step.
    int unit() const { return search_.units[at_]; }
    /// The last step was the last candidate of the round.
    bool round_done() const { return at_ + 1 == search_.units.size(); }

private:
    void begin_anew();
    bool waits_for(const Result<std::vector<std::uint16_t>>& reference) const;

    Search search_;
    std::size_t at_ = 0;
    bool asked_ = false;  ///< candidate at_ has been judged
};

}  // namespace volt::modbus
