// Needs of a waiting load: every gate that blocks it, as actions, a time and levels.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/explain/explain.hpp"

namespace volt {

struct Needs {
    /// Condition that the site must reach, from one gate or several of one kind.
    struct Level {
        GateName gate{};
        std::string text;                ///< "8 kW of sun, 1.8 kW more"
        Duration hold{};                 ///< how long it must then hold
        std::int64_t need = 0, gap = 0;  ///< for voltage, sun and the night, in their smallest steps
    };
    struct Act {
        GateName gate{};
        std::string text;  ///< action for a person: "enable it: `voltctl miners set …`"
    };
    std::vector<Act> acts;
    std::optional<Duration> wait;  ///< until the last gate that only time opens
    GateName waits_for{};
    std::vector<Level> levels;     ///< sorted: what usually takes longest comes first
    std::optional<Duration> hold;  ///< hold time of conditions that are already met
    GateName held{};
    std::size_t blocking = 0;  ///< number of blocking gates

    /// Returns the first-named gate.
    std::optional<GateName> first() const;
};

Needs needs_of(const ExplainContext& scene, std::size_t load);

/// Returns "Earliest 10:00, with 8 kW of sun, 6.5 kW more; and 54.50 V, 2.1 V more".
std::string explain_needs(const ExplainContext& scene, const Needs& needs);

}  // namespace volt
