// Joins several stretches of one unit in one request, with the registers between them, if the device has those: a hole anywhere
// in a request fails all of it. Pure; time comes in.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "drivers/modbus/registers.hpp"
#include "drivers/result.hpp"
#include "rules/time.hpp"

namespace volt::modbus {

class JoinedRead {
public:
    using Read = std::function<Result<std::vector<std::uint16_t>>(Stretch)>;

    /// Makes a joined read. After a refusal the stretches are read separately for `first_gap`, doubled by each further one up to
    /// `longest_gap`; after silence, which costs the connection, for `longest_gap`.
    JoinedRead(Duration first_gap, Duration longest_gap) : first_gap_(first_gap), longest_gap_(longest_gap), gap_(first_gap) {}

    /// Reads all `stretches` (two or more) at once, unless they exceed `most` registers or are read separately now.
    void ask(const std::vector<Stretch>& stretches, std::uint16_t most, Time now, const Read& read);
    /// Returns the words of a part of the answer, until clear().
    std::optional<std::vector<std::uint16_t>> part(Stretch stretch) const;
    void clear() { got_.reset(); }
    /// Returns true if the last request was refused or lost.
    bool is_apart() const { return is_apart_; }
    /// Reads separately until then, as after a refusal.
    void stay_apart(Time until);
    /// Forgets refusals: the device may be another one, or have other firmware.
    void forget();

private:
    Duration first_gap_, longest_gap_, gap_;
    Time apart_until_{};
    bool is_apart_ = false;
    std::optional<Answer> got_;
};

}  // namespace volt::modbus
