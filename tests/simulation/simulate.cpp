// simulate: runs thousands of days of a site in virtual time with every possible fault, and checks the rules' invariants. A
// development tool; it is not installed.
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iostream>
#include <map>
#include <thread>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "tests/rules/default_site.hpp"
#include "tests/simulation/summary.hpp"

namespace {

using namespace volt;
using namespace volt::simulation;
using Clock = std::chrono::steady_clock;

std::atomic<bool> stop_asked{false};
void ask_to_stop(int) { stop_asked = true; }

struct Options {
    std::int64_t days = 365, stretch_days = 73, tick_s = 1, only_stretch = -1, first_days = 0;
    std::uint64_t seed = 1;
    unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
    Luck luck = Luck::some;
    int bank = 0;
    std::string log, mode = "balanced";
    double reserve_v = 0;
    bool json = false;
};

const std::map<std::string, Luck> lucks = {{"none", Luck::none}, {"some", Luck::some}, {"much", Luck::much}};
const std::map<std::string, int> banks = {{"both", 0}, {"site", 1}, {"cell", 2}};
const std::map<std::string, SiteMode> modes = {
    {"aggressive", SiteMode::aggressive}, {"balanced", SiteMode::balanced}, {"conservative", SiteMode::conservative}};

void add_options(CLI::App& app, Options& o) {
    app.add_option("--days", o.days, "Site-days in all")->check(CLI::Range(1, 1'000'000))->capture_default_str();
    app.add_option("--seed", o.seed, "The same seed gives the same log on every machine")->capture_default_str();
    app.add_option("--stretch-days", o.stretch_days,
                   "Days that hang together; each stretch is by itself, in the season after the one before")
        ->check(CLI::Range(1, 3650))
        ->capture_default_str();
    app.add_option("--jobs", o.jobs, "Stretches at the same time")->check(CLI::Range(1, 256))->capture_default_str();
    app.add_option("--faults", o.luck, "How much goes wrong: none, some, much")->transform(CLI::CheckedTransformer(lucks));
    app.add_option("--bank", o.bank, "The battery's curve: site, cell (flat), both (a cell in each fourth stretch)")
        ->transform(CLI::CheckedTransformer(banks));
    app.add_option("--mode", o.mode, "Site mode: aggressive, balanced, conservative")->check(CLI::IsMember(modes));
    app.add_option("--reserve", o.reserve_v, "reserve_voltage in V; 0: none")->check(CLI::Range(0.0, 70.0));
    app.add_option("--tick-s", o.tick_s, "Seconds of a tick; 1 is the truth")
        ->check(CLI::IsMember({1, 2, 5}))
        ->capture_default_str();
    app.add_option("--log", o.log, "Write each change as a line of integers to FILE");
    app.add_option("--only-stretch", o.only_stretch, "Run nothing but this stretch, as a violation names it")
        ->check(CLI::Range(0, 1'000'000));
    app.add_option("--first-days", o.first_days, "Of each stretch only these days")->check(CLI::Range(1, 3650));
    app.add_flag("--json", o.json, "The summary as JSON");
    app.footer(
        "Examples:\n  simulate --days 3650 --seed 1\n  simulate --days 73 --seed 7 --faults much --log /tmp/log\n"
        "  simulate --days 3650 --seed 1 --only-stretch 12 --first-days 31 --log /tmp/log   # what a violation prints");
}

StretchConfig config_of(const Options& o, std::int64_t number) {
    StretchConfig config;
    config.policy = test::default_site();
    config.policy.preferences.mode = modes.at(o.mode);
    if (o.reserve_v > 0) config.policy.preferences.reserve = Volts{static_cast<std::int64_t>(o.reserve_v * 100 + 0.5)};
    config.seed = o.seed;
    config.number = number;
    config.stretch_days = o.stretch_days;
    config.days =
        o.first_days > 0 ? std::min(o.first_days, o.stretch_days) : std::min(o.stretch_days, o.days - number * o.stretch_days);
    config.tick_s = o.tick_s;
    config.luck = o.luck;
    config.bank = o.bank;
    config.keep_log = !o.log.empty();
    // Four consecutive stretches have neither, a budget, real losses, and both.
    if (number % 2 == 1) config.policy.preferences.bank_wh = 31'200;
    config.losses = number % 4 >= 2;
    config.battery_turns = true;
    config.place_known = number / 4 % 2 == 1;
    config.gateway = number % 5 == 2;
    config.battery_sticks = number % 3 == 1;
    if (config.battery_sticks)
        for (const char* pack : {"pack-1", "pack-2"}) config.policy.battery_temperatures.push_back({pack, 600s, false});
    return config;
}

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double since(Clock::time_point then) { return std::chrono::duration<double>(Clock::now() - then).count(); }

/// Returns the command line that repeats the violation: its stretch, up to its day.
std::string again(const Options& o, std::int64_t stretch, std::int64_t at_s) {
    std::string line = fmt::format("./dev simulate --days {} --seed {} --stretch-days {} --only-stretch {} --first-days {}",
                                   o.days, o.seed, o.stretch_days, stretch, at_s / 86'400 + 1);
    const auto add = [&line](const auto& names, const auto& value, const auto& usual, const char* option) {
        for (const auto& [name, one] : names)
            if (one == value && value != usual) line += fmt::format(" {} {}", option, name);
    };
    add(lucks, o.luck, Luck::some, "--faults");
    add(banks, o.bank, 0, "--bank");
    if (o.mode != "balanced") line += " --mode " + o.mode;
    if (o.reserve_v > 0) line += fmt::format(" --reserve {:.2f}", o.reserve_v);
    if (o.tick_s != 1) line += fmt::format(" --tick-s {}", o.tick_s);
    return line + " --log violation.log";
}

std::string text_of(const Violation& v, const Options& o, std::int64_t stretch) {
    const std::int64_t s = v.at_s % 86'400;
    return fmt::format(
        "VIOLATION {}: load {}: {}\n  seed {}, stretch {}, day {}, {:02}:{:02}:{:02} after its beginning\n  again: {}\n{}",
        v.property, v.load, v.text, o.seed, stretch, v.at_s / 86'400, s / 3600, s / 60 % 60, s % 60, again(o, stretch, v.at_s),
        v.context);
}

class Simulation {
public:
    explicit Simulation(const Options& options) : o_(options) {
        const std::int64_t all = (o_.days + o_.stretch_days - 1) / o_.stretch_days;
        for (std::int64_t i = 0; i < all; ++i)
            if (o_.only_stretch < 0 || i == o_.only_stretch) numbers_.push_back(i);
        results_.resize(numbers_.size());
    }

    bool empty() const { return numbers_.empty(); }

    int run() {
        const auto begun = Clock::now();
        std::vector<std::thread> workers;
        for (unsigned i = 0; i < o_.jobs && i < numbers_.size(); ++i) workers.emplace_back([this] { work(); });
        watch(begun);
        for (std::thread& worker : workers) worker.join();
        return finish(since(begun));
    }

private:
    void work() {
        for (std::size_t i = next_++; i < numbers_.size(); i = next_++) {
            if (!stop_asked) results_[i] = run_stretch(config_of(o_, numbers_[i]), stop_asked, ticks_);
            else results_[i].broken_off = true;
            ++finished_;
        }
    }

    /// Shows the progress on a terminal, four times per second.
    void watch(Clock::time_point begun) const {
        const bool terminal = isatty(STDERR_FILENO) == 1;
        while (finished_ < numbers_.size()) {
            std::this_thread::sleep_for(std::chrono::milliseconds{numbers_.size() < 3 ? 20 : 250});
            if (!terminal) continue;
            const double seconds = since(begun), ticks = static_cast<double>(ticks_.load());
            const double days = ticks * static_cast<double>(o_.tick_s) / 86'400;
            std::cerr << fmt::format("\r{:.1f} of {} site-days, {:.1f} site-days/s, {:.0f} ticks/s   ", days, o_.days,
                                     days / seconds, ticks / seconds)
                      << std::flush;
        }
        if (terminal) std::cerr << "\r\033[K";
    }

    int finish(double wall_s) {
        std::size_t shown = 0;
        constexpr std::size_t most_shown = 10;
        for (std::size_t i = 0; i < results_.size(); ++i)
            for (const Violation& one : results_[i].violations)
                if (shown++ < most_shown) std::cerr << text_of(one, o_, numbers_[i]) << '\n';
        Summary summary = summary_of(results_);
        summary.wall_s = wall_s;
        summary.cpu_s = cpu_seconds();
        std::cout << (o_.json ? json_of(summary) : simulation::text_of(summary)) << std::flush;
        if (!write_log()) return 1;
        return summary.violations == 0 ? 0 : 1;
    }

    bool write_log() const {
        if (o_.log.empty()) return true;
        std::ofstream file(o_.log);
        for (std::size_t i = 0; i < results_.size(); ++i) file << "stretch " << numbers_[i] << '\n' << results_[i].log;
        file.close();
        if (file.fail()) std::cerr << "simulate: cannot write " << o_.log << '\n';
        return !file.fail();
    }

    Options o_;
    std::vector<std::int64_t> numbers_;
    std::vector<StretchResult> results_;
    std::atomic<std::size_t> next_{0}, finished_{0};
    std::atomic<std::int64_t> ticks_{0};
};

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Days of a simulated site, the rules, and what must always be true"};
    Options options;
    add_options(app, options);
    CLI11_PARSE(app, argc, argv);
    Simulation simulation(options);
    if (simulation.empty()) {
        std::cerr << "simulate: there is no such stretch: --only-stretch counts from 0, and --days bounds it\n";
        return 2;
    }
    std::signal(SIGINT, ask_to_stop);
    std::signal(SIGTERM, ask_to_stop);
    return simulation.run();
}
