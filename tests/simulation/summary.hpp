// Results of a simulation, for people and for scripts.
#pragma once

#include <string>
#include <vector>

#include "tests/simulation/stretch.hpp"

namespace volt::simulation {

struct Summary {
    Totals totals;
    std::uint64_t hash = 0;
    double wall_s = 0, cpu_s = 0;
    bool broken_off = false;
    std::size_t violations = 0;
};

Summary summary_of(const std::vector<StretchResult>& results);
std::string text_of(const Summary& summary);
std::string json_of(const Summary& summary);

}  // namespace volt::simulation
