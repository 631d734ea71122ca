#include "tests/proof/case.hpp"

#include "tests/proof/chooser.hpp"
#include "tests/proof/site_maker.hpp"

namespace volt::proof {

namespace {

/// Returns a sensible value for an event.
std::int64_t value_of(Chooser& chooser, What what, const Policy& site) {
    switch (what) {
        case What::volts_to: {
            const Preferences& p = site.preferences;
            const Volts near = chooser.pick({p.shutdown, p.critical_low, p.low, p.restart, p.float_v, p.absolute_max});
            if (chooser.one_in(4)) return near.steps + chooser.roll(-3, 3);
            return chooser.one_in(3) ? chooser.roll(4300, 6200) : chooser.roll(5000, 5700);
        }
        case What::volts_spike: return chooser.roll(-1200, 1200);
        case What::source_apart: return chooser.roll(-250, 250);
        case What::pv_to: return chooser.roll(0, chooser.one_in(3) ? 16000 : 5000);
        case What::house_to: return chooser.roll(0, chooser.one_in(4) ? 13000 : 2000);
        case What::bms_limit: return chooser.pick<std::int64_t>({0, 1000, 5000, 20000});
        case What::room_to: return chooser.one_in(2) ? chooser.roll(-150, 150) : chooser.roll(200, 560);
        case What::cached: return chooser.roll(0, 2);
        case What::bank_apart: return chooser.roll(-300, 300);
        case What::bank_to: return chooser.roll(-100, 250);
        case What::draws_percent: return chooser.pick<std::int64_t>({0, 50, 90, 130});
        case What::clock_step: return chooser.roll(-7200, 90000);
        case What::gap: return chooser.roll(1, chooser.one_in(3) ? 4000 : 60);
        case What::restart: return chooser.roll(0, chooser.one_in(3) ? 7200 : 30);
        case What::mode: return chooser.one_in(3) ? 3 : chooser.roll(0, 2);
        case What::sunny_is:
        case What::hand:
        case What::reboot: return chooser.roll(0, 1);
        case What::override_miner:
        case What::override_fan:
        case What::override_heat: return chooser.roll(0, 2);
        case What::edit_miner:
        case What::edit_zone:
        case What::edit_control:
        case What::edit_preferences: return chooser.roll(1, 1'000'000'000);
        case What::source_silent:
        case What::source_no_data:
        case What::source_frozen:
        case What::unit_frozen:
        case What::power_silent:
        case What::pv_no_data:
        case What::load_no_data:
        case What::battery_no_data:
        case What::sunny_silent:
        case What::room_silent:
        case What::room_no_data:
        case What::bank_silent:
        case What::deaf:
        case What::mute:
        case What::away:
        case What::meter_silent:
        case What::no_lease:
        case What::broker_down:
        case What::untrusted:
        case What::safe_mode:
        case What::turn_list: return 0;
    }
    return 0;
}

/// Chooses an event. Voltage and sun change all the time, settings and modes rarely.
What kind_of(Chooser& chooser) {
    const auto any = static_cast<What>(chooser.roll(0, kinds - 1));
    return chooser.one_in(2) ? any : chooser.pick({What::volts_to, What::pv_to, What::pv_to, What::house_to, What::room_to});
}

int tick_of(Chooser& chooser, int ticks) { return static_cast<int>(chooser.roll(0, ticks - 1)); }

Event make_event(Chooser& chooser, int at, What what, const Policy& site) {
    Event event;
    event.at = at;
    event.what = what;
    event.who = static_cast<std::size_t>(chooser.roll(0, 20));
    event.value = value_of(chooser, what, site);
    event.lasts = static_cast<int>(chooser.roll(1, chooser.one_in(3) ? 600 : 40));
    return event;
}

/// More battery temperatures that differ, and gateways with a cache.
void add_caches_and_cold(Chooser& chooser, Case& made) {
    for (const char* pack : {"pack-1", "pack-2"}) made.site.battery_temperatures.push_back({pack, 600s, false});
    const int cold_from = tick_of(chooser, made.ticks);
    made.events.push_back({cold_from, What::bank_to, 0, chooser.roll(-100, -20), 0});
    for (std::int64_t i = chooser.roll(1, 8); i > 0; --i) {
        const int at = tick_of(chooser, made.ticks);
        const What what = chooser.pick({What::cached, What::bank_apart, What::bank_to});
        made.events.push_back(make_event(chooser, at, what, made.site));
    }
}

}  // namespace

Case make_case(std::uint64_t seed, int ticks) {
    Dice dice(seed);
    Case made;
    made.seed = seed;
    made.ticks = ticks;
    made.site = make_site(dice);
    made.noise = !dice.one_in(4);
    const std::int64_t events = dice.roll(0, dice.one_in(4) ? 100 : 25);
    for (std::int64_t i = 0; i < events; ++i) {
        const int at = tick_of(dice, ticks);
        const What what = kind_of(dice);
        made.events.push_back(make_event(dice, at, what, made.site));
    }
    Dice more(mixed(seed, 79));  // separate dice too: half of the cases have none of this
    if (more.one_in(2)) add_caches_and_cold(more, made);
    Dice exits(mixed(seed, 78));  // separate dice, so that exits change nothing before
    for (std::size_t i = 0; i < made.site.outputs.size(); ++i)
        if (static_cast<Index>(i) != made.site.charge_output)
            made.site.outputs[i].on_exit = exits.pick({OnExit::keep, OnExit::off, OnExit::safe});
    return made;
}

const char* name_of(What what) {
    static constexpr const char* names[] = {"volts_to",
                                            "volts_spike",
                                            "source_silent",
                                            "source_no_data",
                                            "source_frozen",
                                            "unit_frozen",
                                            "source_apart",
                                            "pv_to",
                                            "house_to",
                                            "power_silent",
                                            "pv_no_data",
                                            "load_no_data",
                                            "battery_no_data",
                                            "bms_limit",
                                            "sunny_is",
                                            "sunny_silent",
                                            "room_to",
                                            "room_silent",
                                            "room_no_data",
                                            "bank_to",
                                            "bank_silent",
                                            "deaf",
                                            "mute",
                                            "away",
                                            "reboot",
                                            "hand",
                                            "meter_silent",
                                            "draws_percent",
                                            "no_lease",
                                            "broker_down",
                                            "untrusted",
                                            "clock_step",
                                            "gap",
                                            "safe_mode",
                                            "restart",
                                            "mode",
                                            "edit_miner",
                                            "edit_zone",
                                            "edit_control",
                                            "edit_preferences",
                                            "turn_list",
                                            "override_miner",
                                            "override_fan",
                                            "override_heat",
                                            "cached",
                                            "bank_apart"};
    static_assert(std::size(names) == static_cast<std::size_t>(What::bank_apart) + 1);
    return names[static_cast<std::size_t>(what)];
}

}  // namespace volt::proof
