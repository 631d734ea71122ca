// Runs a story tick by tick.
#pragma once

#include <cstddef>
#include <string>

#include "tests/scenarios/bank.hpp"
#include "tests/scenarios/story.hpp"

namespace volt::stories {

struct Outcome {
    std::string failure;  ///< empty: all was as told; else place, step, what was expected and seen, the gates
    std::size_t ticks = 0;
};

/// Stops at the first step that is not as told. Throws BadStory for a word that means nothing.
Outcome run(const Story& story, const Bank& bank = {});

}  // namespace volt::stories
