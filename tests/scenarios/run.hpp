// Runs a story tick by tick.
#pragma once

#include <cstddef>
#include <string>

#include "tests/scenarios/bank.hpp"
#include "tests/scenarios/story.hpp"

namespace volt::stories {

struct Outcome {
    std::string failure;  ///< empty on success; else place, step, expected and actual values, the gates
    std::size_t ticks = 0;
};

/// Runs the story until the first step that fails. Throws BadStory for an unknown word.
Outcome run(const Story& story, const Bank& bank = {});

}  // namespace volt::stories
