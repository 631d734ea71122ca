// Runs the fuzzer's stored inputs once more, so that fixed findings stay fixed.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "tests/fuzz/input.hpp"
#include "tests/proof/chooser.hpp"

TEST_CASE("survives every input of the corpus") {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(VOLT_SOURCE_DIR "/tests/fuzz/corpus"))
        if (entry.is_regular_file()) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    REQUIRE_FALSE(files.empty());
    for (const auto& file : files) {
        CAPTURE(file.string());
        std::ifstream in(file, std::ios::binary);
        const std::vector<char> text{std::istreambuf_iterator<char>(in), {}};
        const std::vector<std::uint8_t> bytes(text.begin(), text.end());
        volt::fuzz::run(bytes);
    }
    MESSAGE("inputs: ", files.size());
}

// Uses plain chance instead of a guiding compiler: VOLT_INPUTS=100000 for a longer hunt.
TEST_CASE("survives random bytes") {
    const char* more = std::getenv("VOLT_INPUTS");
    const std::uint64_t inputs = more != nullptr ? std::strtoull(more, nullptr, 10) : 300;
    for (std::uint64_t seed = 1; seed <= inputs; ++seed) {
        CAPTURE(seed);
        volt::proof::Dice dice(seed);
        std::vector<std::uint8_t> bytes(static_cast<std::size_t>(dice.roll(1, 1500)));
        for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(dice.roll(0, 255));
        volt::fuzz::run(bytes);
    }
}
