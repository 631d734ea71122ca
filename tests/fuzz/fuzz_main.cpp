// Entry point for libFuzzer; see ./dev fuzz.
#include "tests/fuzz/input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    volt::fuzz::run({data, size});
    return 0;
}
