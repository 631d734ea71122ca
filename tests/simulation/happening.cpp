#include "tests/simulation/happening.hpp"

#include <algorithm>
#include <array>

#include "drivers/sim/random.hpp"

namespace volt::simulation {

namespace {

/// Duration, weight and possible targets of a kind of event.
struct Kind {
    What what;
    int weight;
    std::int64_t shortest_s, longest_s;
    enum class Targets { none, sources, outputs, loads, zones } targets;
};

using T = Kind::Targets;
constexpr std::array<Kind, what_count> kinds = {{
    {What::source_silent, 6, 5, 5400, T::sources},
    {What::source_frozen, 4, 60, 14'400, T::sources},
    {What::source_zeros, 3, 10, 3600, T::sources},
    {What::source_spikes, 4, 60, 3600, T::sources},
    {What::source_shifted, 2, 10, 1800, T::sources},
    {What::source_offset, 4, 60, 14'400, T::sources},
    {What::source_slow, 3, 60, 3600, T::sources},
    {What::battery_turned, 0, 3600, 172'800, T::none},
    {What::output_deaf, 4, 10, 7200, T::outputs},
    {What::output_mute, 4, 10, 7200, T::outputs},
    {What::output_stuck, 2, 60, 7200, T::outputs},
    {What::output_offline, 6, 5, 7200, T::outputs},
    {What::output_reboot, 5, 1, 1, T::outputs},
    {What::output_slow, 3, 60, 7200, T::outputs},
    {What::output_meter_lost, 3, 60, 14'400, T::outputs},
    {What::sensor_lost, 3, 60, 14'400, T::zones},
    {What::battery_sensor_lost, 2, 60, 28'800, T::none},
    {What::battery_sensor_stuck, 0, 3600, 172'800, T::none},
    {What::weather_lost, 2, 3600, 28'800, T::none},
    {What::broker_away, 5, 5, 3600, T::none},
    {What::house_load, 0, 120, 7200, T::none},
    {What::daemon_restart, 6, 1, 1, T::none},
    {What::machine_reboot, 3, 1, 1, T::none},
    {What::tick_gap, 4, 1, 1, T::none},
    {What::power_cut, 2, 10, 14'400, T::none},
    {What::override_load, 6, 60, 14'400, T::loads},
    {What::override_fan, 2, 60, 7200, T::zones},
    {What::foreign_hand, 6, 1, 1, T::outputs},
    {What::safe_mode, 1, 60, 7200, T::none},
    {What::settings_changed, 5, 600, 86'400, T::none},
}};

class Drawer {
public:
    Drawer(std::uint64_t seed, std::int64_t day, const PlanSite& site)
        : random_(seed * 0x9E3779B97F4A7C15ULL + static_cast<std::uint64_t>(day) * 0xD1B54A32D192ED03ULL),
          day_(day),
          site_(site) {
        for (const Kind& kind : kinds) weights_ += kind.weight;
    }
    std::int64_t roll(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(random_.next() % static_cast<std::uint64_t>(high - low + 1));
    }
    const Kind& kind() {
        std::int64_t left = roll(0, weights_ - 1);
        for (const Kind& one : kinds) {
            left -= one.weight;
            if (left < 0) return one;
        }
        return kinds.back();
    }
    /// Draws a length, mostly short, sometimes long: the square of a uniform draw.
    std::int64_t length(const Kind& kind) {
        const std::int64_t part = roll(0, 1000);
        return kind.shortest_s + (kind.longest_s - kind.shortest_s) * part / 1000 * part / 1000;
    }
    Happening draw(const Kind& kind, std::int64_t earliest_s = 0, std::int64_t latest_s = day_s - 1) {
        Happening one;
        one.what = kind.what;
        one.from_s = day_ * day_s + roll(earliest_s, latest_s);
        one.until_s = one.from_s + length(kind);
        one.target = target(kind.targets);
        one.value = value(kind.what);
        return one;
    }

private:
    int target(T targets) {
        switch (targets) {
            case T::none: return 0;
            case T::sources: return static_cast<int>(roll(0, 1));
            case T::outputs: return static_cast<int>(roll(0, site_.outputs - 1));
            case T::loads: return static_cast<int>(roll(0, site_.loads - 1));
            case T::zones: return static_cast<int>(roll(0, site_.zones - 1));
        }
        return 0;
    }
    std::int64_t value(What what) {
        if (what == What::source_offset) return roll(0, 1) == 0 ? roll(30, 400) : -roll(30, 400);
        if (what == What::output_reboot) return roll(0, 2);
        if (what == What::house_load) return roll(600, 4500);
        if (what == What::daemon_restart) return roll(2, 40);
        if (what == What::machine_reboot) return roll(0, 900);
        if (what == What::tick_gap) return roll(2, 90);
        if (what == What::override_load) return roll(0, 1);
        if (what == What::override_fan) return roll(0, 10);
        if (what == What::settings_changed) return roll(1, 1'000'000'000);
        return 0;
    }

    sim::Random random_;
    std::int64_t day_;
    PlanSite site_;
    std::int64_t weights_ = 0;
};

std::int64_t troubles_today(Drawer& drawer, Luck luck) {
    const std::int64_t kind_of_day = drawer.roll(0, 99);
    switch (luck) {
        case Luck::none: return 0;
        case Luck::some: return kind_of_day < 45 ? 0 : kind_of_day < 85 ? drawer.roll(1, 3) : drawer.roll(6, 16);
        case Luck::much: return drawer.roll(10, 40);
    }
    return 0;
}

}  // namespace

const char* name_of(What what) {
    static constexpr std::array<const char*, what_count> names = {
        "source_silent", "source_frozen",  "source_zeros",      "source_spikes",  "source_shifted",      "source_offset",
        "source_slow",   "battery_turned", "output_deaf",       "output_mute",    "output_stuck",        "output_offline",
        "output_reboot", "output_slow",    "output_meter_lost", "sensor_lost",    "battery_sensor_lost", "battery_sensor_stuck",
        "weather_lost",  "broker_away",    "house_load",        "daemon_restart", "machine_reboot",      "tick_gap",
        "power_cut",     "override_load",  "override_fan",      "foreign_hand",   "safe_mode",           "settings_changed"};
    return names[static_cast<std::size_t>(what)];
}

std::vector<Happening> plan_of_day(std::uint64_t seed, std::int64_t day, Luck luck, const PlanSite& site) {
    Drawer drawer(seed, day, site);
    std::vector<Happening> plan;
    for (std::int64_t i = drawer.roll(0, 3); i > 0; --i)
        plan.push_back(drawer.draw(kinds[static_cast<std::size_t>(What::house_load)]));
    // Faults of a bad day come in clusters: half of them within an hour of each other.
    const std::int64_t troubles = troubles_today(drawer, luck), cluster_s = drawer.roll(0, day_s - 3601);
    for (std::int64_t i = 0; i < troubles; ++i)
        plan.push_back(i % 2 == 0 ? drawer.draw(drawer.kind()) : drawer.draw(drawer.kind(), cluster_s, cluster_s + 3600));
    // Separate dice keep the other events of a day unchanged.
    Drawer turns(seed + 1, day, site);
    if (site.battery_turns && luck != Luck::none && turns.roll(0, 9) == 0)
        plan.push_back(turns.draw(kinds[static_cast<std::size_t>(What::battery_turned)]));
    Drawer sticks(seed + 2, day, site);
    if (site.battery_sticks && luck != Luck::none && sticks.roll(0, 9) == 0)
        plan.push_back(sticks.draw(kinds[static_cast<std::size_t>(What::battery_sensor_stuck)]));
    std::stable_sort(plan.begin(), plan.end(), [](const auto& a, const auto& b) { return a.from_s < b.from_s; });
    return plan;
}

}  // namespace volt::simulation
