// CopyWatch: distinguishes an inverter from a logger's copy of its registers within a minute. A logger answers at once, from
// registers that it renews together every few minutes.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "rules/time.hpp"

namespace volt::modbus {

class CopyWatch {
public:
    static constexpr Duration lasts = 60s, every = 3s;

    /// Records the words of the same registers, answered at `at`.
    void see(const std::vector<std::uint16_t>& words, Time at);
    /// Returns true if they move like an inverter's; no more answers are needed.
    bool is_live() const { return live_; }
    /// Returns a description of the signs of a copy, or "".
    std::string verdict() const;

private:
    std::vector<std::uint16_t> words_;
    std::optional<Time> first_, last_, moved_;
    int moves_ = 0;
    bool together_ = true;  ///< each move changed several registers
    bool live_ = false;
};

/// Reads the registers until they are known to be live, for at most `longest`. `ask` returns their words, or empty without an
/// answer. `go_on` waits until the given time, and returns false to stop.
std::string watch_for_copy(const std::function<std::optional<std::vector<std::uint16_t>>()>& ask,
                           const std::function<bool(Time)>& go_on, Duration longest);

}  // namespace volt::modbus
