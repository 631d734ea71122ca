// Measures the whole daemon on real sockets and a real broker: cost of a minute, and response time to a voltage drop.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/integration/site.hpp"

using namespace volt::testing;
using Clock = std::chrono::steady_clock;

namespace {

/// Returns the CPU time of all threads of a process so far, in ms (schedstat counts nanoseconds, stat only hundredths).
double cpu_ms(pid_t pid) {
    double total = 0;
    for (const auto& task : std::filesystem::directory_iterator(fmt::format("/proc/{}/task", pid))) {
        double run_ns = 0;
        std::ifstream(task.path() / "schedstat") >> run_ns;
        total += run_ns / 1e6;
    }
    return total;
}

std::string pss(pid_t pid) {
    std::ifstream file(fmt::format("/proc/{}/smaps_rollup", pid));
    std::string line, found;
    while (std::getline(file, line))
        if (line.rfind("Pss:", 0) == 0 || line.rfind("Rss:", 0) == 0) found += " " + line;
    return found;
}

void wait_on(const Site& site) {
    if (!eventually([&] { return site.state("miner/primary-s21-revenue").value("state", "") == "on"; }, std::chrono::minutes{2}))
        throw std::runtime_error("the miner does not start: " + site.voltd->text());
}

void cost_of_a_minute() {
    Site site;
    site.tele_period_s = 60;
    site.write_config();
    std::string text = read_file(site.config_path());
    for (const char* fast : {"poll_s: 0.2, ", ", poll_s: 0.2", "tick_s: 0.2, "})
        for (auto at = text.find(fast); at != std::string::npos; at = text.find(fast)) text.erase(at, std::string(fast).size());
    write_file(site.config_path(), text);
    site.start_devices();
    site.start_voltd();
    site.quicken();
    wait_on(site);
    const pid_t pid = site.voltd->pid();
    const double before = cpu_ms(pid);
    const auto begin = Clock::now();
    std::this_thread::sleep_for(std::chrono::seconds{60});
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    fmt::print("voltd at default polling (GX 1 s, Sol-Ark 5 s, tick 1 s), {:.0f} s: {:.2f} ms CPU a second; {}\n", seconds,
               (cpu_ms(pid) - before) / seconds, pss(pid));
}

/// Measures from the drop of the simulated bank to OFF at an independent listener. Includes polls, the confirming second sample
/// and the ticks.
void fall_to_off(const char* what, const std::string& tick, const std::string& poll) {
    std::vector<double> times;
    for (int round = 0; round < 5; ++round) {
        Site site;
        site.write_config();
        std::string text = read_file(site.config_path());
        for (auto at = text.find("poll_s: 0.2"); at != std::string::npos; at = text.find("poll_s: 0.2", at + 1))
            text.replace(at, 11, poll);
        text.replace(text.find("tick_s: 0.2"), 11, tick);
        write_file(site.config_path(), text);
        site.start_devices();
        site.start_voltd();
        site.quicken();
        wait_on(site);
        const std::size_t from = site.commands("miner1").size();
        site.pin({44.9, 8450, 1850});
        const auto begin = Clock::now();
        if (!site.wait_for_command("miner1", "OFF", from)) throw std::runtime_error("no OFF");
        times.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
    }
    std::sort(times.begin(), times.end());
    fmt::print("fall to 44.9 V -> OFF at a listener, {}: min {:.2f} s, median {:.2f} s, max {:.2f} s\n", what, times.front(),
               times[times.size() / 2], times.back());
}

}  // namespace

int main(int argc, char** argv) {
    try {
        if (argc > 1 && std::string(argv[1]) == "cost") return cost_of_a_minute(), 0;
        fall_to_off("poll 0.2 s, tick 0.2 s", "tick_s: 0.2", "poll_s: 0.2");
        fall_to_off("poll 1 s, tick 1 s", "tick_s: 1", "poll_s: 1");
        cost_of_a_minute();
    } catch (const std::exception& problem) {
        fmt::print(stderr, "site_bench: {}\n", problem.what());
        return 1;
    }
}
