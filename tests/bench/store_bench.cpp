// Measures the store. store_bench DIRECTORY [--stat /sys/block/X/stat] [--json] [--hours N] [--bytes] [--batch S] [--lazytime];
// see store.sh. --bytes: only written bytes, by cause. --batch: seconds between two commits of telemetry (default: the daemon's).
// --lazytime: DIRECTORY is mounted with that option.
#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "tests/bench/store_aged.hpp"
#include "tests/bench/store_day.hpp"

using namespace volt::bench;

namespace {

struct Arguments {
    std::string directory, stat;
    bool json = false, only_bytes = false, lazytime = false;
    int hours = 24, batch_s = 0;
};

Arguments read_arguments(int argc, char** argv) {
    Arguments arguments;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--json") arguments.json = true;
        else if (word == "--bytes") arguments.only_bytes = true;
        else if (word == "--lazytime") arguments.lazytime = true;
        else if (word == "--stat" && i + 1 < argc) arguments.stat = argv[++i];
        else if (word == "--hours" && i + 1 < argc) arguments.hours = std::stoi(argv[++i]);
        else if (word == "--batch" && i + 1 < argc) arguments.batch_s = std::stoi(argv[++i]);
        else arguments.directory = word;
    }
    return arguments;
}

std::string fresh(const Arguments& arguments, const std::string& name) {
    const std::string directory = arguments.directory + "/" + name;
    std::filesystem::create_directories(directory);
    return directory;
}

constexpr std::array<int, 3> changes_a_day = {0, 10, 100};
/// MB per day by cause, for each number of changes.
using Causes = std::map<std::string, std::array<double, changes_a_day.size()>>;

void add_days(const Arguments& arguments, std::vector<Figure>& figures, Causes& causes) {
    fmt::print(stderr, "making the three days before\n");
    const std::string before = std::filesystem::exists("/dev/shm") ? "/dev/shm" : "/tmp";
    const std::string file = before + "/voltd-bench-" + std::to_string(::getpid()) + ".db";
    make_days_before(file);
    for (std::size_t i = 0; i < changes_a_day.size(); ++i) {
        const int changes = changes_a_day[i];
        const DayOptions options{.directory = fresh(arguments, "day-" + std::to_string(changes)),
                                 .days_before = file,
                                 .device_stat = arguments.stat,
                                 .changes = changes,
                                 .hours = arguments.hours,
                                 .batch_s = arguments.batch_s,
                                 .lazytime = arguments.lazytime};
        const DayResult day = run_day(options, [&](int hour) {
            if (hour % 6 == 0) fmt::print(stderr, "a day with {} changes of loads: hour {}\n", changes, hour);
        });
        const double megabytes = day.bytes_a_day / 1e6;
        figures.push_back({fmt::format("written a day, {} changes of loads ({} flushes)", changes, day.flushes), megabytes,
                           megabytes, megabytes, "MB", 10});
        for (const auto& [cause, bytes] : day.causes) causes[cause][i] = bytes / 1e6;
        std::filesystem::remove_all(options.directory);
    }
    for (const char* part : {"", "-wal", "-shm", ".settings"}) std::filesystem::remove(file + part);
}

void add_speeds(const Arguments& arguments, std::vector<Figure>& figures) {
    fmt::print(stderr, "making a database of 400 days\n");
    const std::string aged = fresh(arguments, "aged") + "/voltd.db";
    make_aged(aged);
    for (const Figure& each : measure_aged(aged)) figures.push_back(each);
    fmt::print(stderr, "posting\n");
    for (const Figure& each : measure_posts(fresh(arguments, "posts") + "/voltd.db")) figures.push_back(each);
}

void print_table(const std::vector<Figure>& figures, bool device) {
    fmt::print("{:<58} {:>10} {:>10} {:>10} {:<3} {}\n", "", "value", "least", "worst", "", "goal");
    for (const Figure& each : figures)
        fmt::print("{:<58} {:>10.3f} {:>10.3f} {:>10.3f} {:<3} {}\n", each.what, each.value, each.least, each.greatest, each.unit,
                   each.goal > 0 ? fmt::format("< {:g}{}", each.goal, each.value < each.goal ? "" : "  MISSED") : "");
    fmt::print(
        "queries: CPU time, the middle of 11; least and worst by the clock on the wall, on a machine that may do other things\n");
    fmt::print("written: {}\n", device ? "at the block device (ext4 on a loop device), everything flushed 5 s after each commit"
                                       : "as the kernel counts it for the writing thread, without the file system's own journal");
}

void print_causes(const Causes& causes) {
    fmt::print("\n{:<58}", "written a day by cause, MB; changes of loads a day:");
    for (const int changes : changes_a_day) fmt::print(" {:>8}", changes);
    std::vector<std::pair<double, std::string>> order;
    for (const auto& [cause, megabytes] : causes) order.emplace_back(-megabytes.back(), cause);
    std::sort(order.begin(), order.end());
    for (const auto& [unused, cause] : order) {
        fmt::print("\n{:<58}", cause);
        for (const double megabytes : causes.at(cause)) fmt::print(" {:>8.3f}", megabytes);
    }
    fmt::print("\n");
}

void print_json(const std::vector<Figure>& figures, const Causes& causes, bool device) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const Figure& each : figures)
        list.push_back({{"what", each.what},
                        {"value", each.value},
                        {"least", each.least},
                        {"worst", each.greatest},
                        {"unit", each.unit},
                        {"goal", each.goal}});
    fmt::print("{}\n",
               nlohmann::ordered_json({{"written_at", device ? "block device" : "thread"}, {"figures", list}, {"causes", causes}})
                   .dump(2));
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const Arguments arguments = read_arguments(argc, argv);
        std::vector<Figure> figures;
        Causes causes;
        add_days(arguments, figures, causes);
        if (!arguments.only_bytes) add_speeds(arguments, figures);
        if (arguments.json) {
            print_json(figures, causes, !arguments.stat.empty());
            return 0;
        }
        print_table(figures, !arguments.stat.empty());
        print_causes(causes);
    } catch (const std::exception& problem) {
        fmt::print(stderr, "store_bench: {}\n", problem.what());
        return 1;
    }
}
