// Farewell: outputs that a reload takes out of voltd.yaml, or wires to another device, are not left on behind it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "drivers/output.hpp"

namespace volt {

/// What became of the outputs that were left behind and not off; ids of the old configuration.
struct Farewell {
    std::vector<std::string> off;         ///< told to be off, and said so
    std::vector<std::string> unanswered;  ///< told, or to be told, and not heard to be off in time
    std::vector<std::string> kept;        ///< on, and safe that way: a fan

    bool empty() const { return off.empty() && unanswered.empty() && kept.empty(); }
};

/// Sends OFF to each output of `before` that is not in `after`, or there has another device behind it, unless it is off, or
/// safe when on (`on_exit: off` wins over that). Then waits with `wait` (a short step of the loop) until they are off, at
/// most `farewell_limit`. `outputs` are still those of `before`.
Farewell take_leave(Outputs& outputs, const std::vector<OutputConfig>& before, const std::vector<OutputConfig>& after,
                    const std::function<void()>& wait);

/// At an orderly end: no output shows on that was told to be off by its `on_exit` (`safe` of a fan is left to itself).
bool have_left(const Outputs& outputs, const std::vector<OutputConfig>& configs);

/// The sentences for the log; nothing where nothing was left behind.
std::vector<std::string> sentences(const Farewell& farewell);

constexpr Duration farewell_limit = 1000ms;

}  // namespace volt
