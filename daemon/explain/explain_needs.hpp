// Needs of a waiting load: every gate that blocks it, as acts, a time and levels.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/explain/explain.hpp"

namespace volt {

struct Needs {
    /// A condition that the site must reach, from one gate or several of one kind.
    struct Level {
        GateName gate{};
        std::string text;                ///< "8 kW of sun, 1.8 kW more"
        Duration hold{};                 ///< for how long it must hold then
        std::int64_t need = 0, gap = 0;  ///< of voltage, sun and the night, in their smallest steps
    };
    struct Act {
        GateName gate{};
        std::string text;  ///< what a person does: "enable it: `voltctl miners set …`"
    };
    std::vector<Act> acts;
    std::optional<Duration> wait;  ///< until the last gate that time alone opens
    GateName waits_for{};
    std::vector<Level> levels;     ///< the one that usually takes longest first
    std::optional<Duration> hold;  ///< of conditions that are met already
    GateName held{};
    std::size_t blocking = 0;  ///< gates

    /// The gate named first.
    std::optional<GateName> first() const;
};

Needs needs_of(const ExplainContext& scene, std::size_t load);

/// "Earliest 10:00, with 8 kW of sun, 6.5 kW more; and 54.50 V, 2.1 V more".
std::string explain_needs(const ExplainContext& scene, const Needs& needs);

}  // namespace volt
