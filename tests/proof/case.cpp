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
        Event event;
        event.at = static_cast<int>(dice.roll(0, ticks - 1));
        event.what = kind_of(dice);
        event.who = static_cast<std::size_t>(dice.roll(0, 20));
        event.value = value_of(dice, event.what, made.site);
        event.lasts = static_cast<int>(dice.roll(1, dice.one_in(3) ? 600 : 40));
        made.events.push_back(event);
    }
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
                                            "override_heat"};
    static_assert(std::size(names) == static_cast<std::size_t>(kinds));
    return names[static_cast<std::size_t>(what)];
}

}  // namespace volt::proof
