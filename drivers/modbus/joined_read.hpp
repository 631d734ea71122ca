// Several stretches of one unit in one request, with the registers between them, where the device has those: a hole
// anywhere in a request fails all of it. Pure; time comes in.
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

    /// After a refusal the stretches stay apart for `first_gap`, doubled by each further one up to `longest_gap`; after
    /// silence, which costs the connection, for `longest_gap`.
    JoinedRead(Duration first_gap, Duration longest_gap) : first_gap_(first_gap), longest_gap_(longest_gap), gap_(first_gap) {}

    /// Asks for all of `stretches` (two or more) at once, unless it takes more than `most` registers or they stay apart now.
    void ask(const std::vector<Stretch>& stretches, std::uint16_t most, Time now, const Read& read);
    /// The words of a part of what was answered, until clear().
    std::optional<std::vector<std::uint16_t>> part(Stretch stretch) const;
    void clear() { got_.reset(); }
    /// The last request was refused or lost.
    bool is_apart() const { return is_apart_; }
    /// As after a refusal, until then.
    void stay_apart(Time until);
    /// The device may be another one, or have other firmware.
    void forget();

private:
    Duration first_gap_, longest_gap_, gap_;
    Time apart_until_{};
    bool is_apart_ = false;
    std::optional<Answer> got_;
};

}  // namespace volt::modbus
