#include "drivers/store/settings/tables.hpp"

namespace volt {

namespace {

constexpr Bounds day_hours{1, 24000, 3};

/// Thresholds for a miner whose own cannot be used: above every bank.
constexpr struct {
    Volts start{battery_volts.high}, stop{battery_volts.high - 1}, emergency{battery_volts.high - 2};
} never_starts;

std::optional<Duration> hours(SettingsRow& row, const char* name) {
    const auto thousandths = row.steps_or_null(name, day_hours);
    if (!thousandths) return std::nullopt;
    return Duration{*thousandths * 3600};
}

void read_limits(SettingsRow& row, Miner& m) {
    m.require_excess_solar = row.flag("require_excess_solar", true);
    m.minimum_excess.steps = row.steps("minimum_excess_w", solar_watts, 0);
    if (const auto solar = row.steps_or_null("minimum_solar_w", solar_watts)) m.minimum_solar = Watts{*solar};
    m.require_sunny = row.flag("require_sunny", false);
    m.preferred_start_s = row.second_of_day("preferred_start");
    m.preferred_end_s = row.second_of_day("preferred_end");
    m.allow_outside_schedule = row.flag("allow_outside_schedule", true);
    m.min_on = Duration{row.steps("min_on_s", {0, 86400}, 600) * 1000};
    m.min_off = Duration{row.steps("min_off_s", {0, 86400}, 300) * 1000};
    m.max_starts_per_hour = static_cast<int>(row.steps("max_starts_per_hour", {1, 60}, 3));
    m.max_runtime_day = hours(row, "max_runtime_h_day");
    m.max_continuous = hours(row, "max_continuous_h");
}

Miner read_miner(SettingsRow& row) {
    Miner m;
    m.id = row.text("id", 1);
    m.name = row.text("name", 1);
    m.slug = row.text("slug", 1);
    m.power.steps = row.steps("power_draw_w", {1, 20000}, 20000);
    m.priority_level = static_cast<int>(row.steps("priority_level", {1, 10}, 10));
    m.start.steps = row.steps("start_voltage", battery_volts, never_starts.start.steps);
    m.stop.steps = row.steps("stop_voltage", battery_volts, never_starts.stop.steps);
    m.emergency.steps = row.steps("emergency_stop_voltage", battery_volts, never_starts.emergency.steps);
    read_limits(row, m);
    m.operating_mode = row.word<OperatingMode>("operating_mode",
                                               {{"aggressive", OperatingMode::aggressive},
                                                {"balanced", OperatingMode::balanced},
                                                {"opportunistic", OperatingMode::opportunistic}},
                                               OperatingMode::balanced);
    row.word<int>("control_method", {{"relay", 0}}, 0);
    m.output_id = row.text("device_id", 0);
    m.zone_id = row.text("hvac_zone_id", 0);
    m.enabled = row.flag("enabled", false);
    if (row.problems().empty()) row.add(check(m));
    return m;
}

}  // namespace

void add_miner(const Statement& found, const Settings& previous, Settings& into) {
    SettingsRow row(found);
    Miner miner = read_miner(row);
    if (row.problems().empty()) {
        into.miners.push_back(std::move(miner));
        return;
    }
    const Miner* last = find_by_id(previous.miners, miner.id);
    const std::string name = "miner_profiles " + (miner.slug.empty() ? row.raw("id") : miner.slug);
    tell(into, name, row.problems(),
         last != nullptr ? "using the last good row, or the default one" : "the miner counts as disabled");
    const bool stays_on = miner.enabled && last != nullptr;
    if (last != nullptr) miner = *last;
    if (!stays_on) miner.enabled = false;
    if (!check(miner).empty())
        miner.start = never_starts.start, miner.stop = never_starts.stop, miner.emergency = never_starts.emergency;
    into.miners.push_back(std::move(miner));
}

}  // namespace volt
