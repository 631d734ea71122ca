// Tests of resident memory, as the kernel reports it.
#include "daemon/host/memory_trim.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

using namespace volt;

namespace {

/// Returns the KiB of this program's file that are mapped in.
long resident_file_kib() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        if (word != "RssFile:") continue;
        long kib = 0;
        status >> kib;
        return kib;
    }
    return -1;
}

}  // namespace

TEST_CASE("unmaps idle code, which comes back when it runs") {
    std::atomic<bool> stop = false;
    std::atomic<long> turns = 0;
    std::thread other([&] {
        while (!stop) turns += std::to_string(turns.load()).size() > 0 ? 1 : 0;
    });
    const long before = resident_file_kib();
    trim_start_memory();
    const long after = resident_file_kib();
    CHECK(after < before);  // benches measure the amount; under emulation it is the emulator's
    const long then = turns;
    while (turns < then + 1000) std::this_thread::yield();
    stop = true;
    other.join();
    CHECK(std::getenv("PATH") != nullptr);
}
