// Searches for a unit without a configured id: polls candidates one after another and keeps the match.
#pragma once

#include <functional>
#include <vector>

#include "drivers/modbus/registers.hpp"
#include "drivers/modbus/transport.hpp"

namespace volt::modbus {

/// Candidate ids of a unit, and the way to recognize it.
struct Search {
    std::vector<int> units;  ///< in polling order; at most 250
    Stretch asked;           ///< stretch to read from each candidate
    int reference_unit = 0;  ///< unit to read together with it
    Stretch reference;
    std::function<bool(const Answer& candidate, const Answer& reference)> is_it;
    /// Returns true once the reference has a value to compare with. If not set, it always has. No candidate is polled before.
    std::function<bool(const Answer& reference)> may_begin{};
};

/// Result of one step of a search.
enum class Sought : std::uint8_t { waits, other, found };

class UnitFinder {
public:
    explicit UnitFinder(Search search);

    /// Polls the reference and, if `candidate_too`, the next candidate. Returns `waits` if the reference has nothing to compare
    /// with; the search then restarts with the first candidate. Fails if the link is lost, or the reference cannot be read; the
    /// candidate is polled again.
    Result<Sought> step(Transport& transport, bool candidate_too);
    /// Returns the candidate of the last step.
    int unit() const { return search_.units[at_]; }
    /// Returns true if the last step was the last candidate of the round.
    bool round_done() const { return at_ + 1 == search_.units.size(); }

private:
    void begin_anew();
    bool waits_for(const Result<std::vector<std::uint16_t>>& reference) const;

    Search search_;
    std::size_t at_ = 0;
    bool asked_ = false;  ///< candidate at_ has been judged
};

}  // namespace volt::modbus
