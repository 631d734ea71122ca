// The kept inputs of the fuzzer, each run once more: what was found stays found.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "input.hpp"

TEST_CASE("every input of the corpus is borne") {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(VOLT_SOURCE_DIR "/tests/fuzz/corpus"))
        if (entry.is_regular_file()) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    REQUIRE(files.size() >= 20);
    for (const auto& file : files) {
        CAPTURE(file.string());
        std::ifstream in(file, std::ios::binary);
        const std::vector<char> text{std::istreambuf_iterator<char>(in), {}};
        const std::vector<std::uint8_t> bytes(text.begin(), text.end());
        volt::fuzz::run(bytes);
    }
    MESSAGE("inputs: ", files.size());
}
