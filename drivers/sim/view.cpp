#include "drivers/sim/view.hpp"

#include <algorithm>

namespace volt::sim {

namespace {

struct Key {
    std::string_view name;
    int decimals;
    std::int64_t low, high;
};

constexpr std::array<Key, 9> keys = {{{"voltage", 2, 0, 9'999},
                                      {"pv", 0, 0, 65'000},
                                      {"load", 0, 0, 32'000},
                                      {"house", 0, 0, 32'000},
                                      {"grid", 0, -32'000, 32'000},
                                      {"battery", 0, -32'000, 32'000},
                                      {"soc", 1, 0, 1'000},
                                      {"battery-temperature", 1, -500, 1'000},
                                      {"heat-room", 1, -500, 1'500}}};
constexpr Key main_room = {"main-room", 1, -500, 1'500};

const Key* key_named(std::string_view name) {
    if (name == main_room.name) return &main_room;
    const auto found = std::find_if(keys.begin(), keys.end(), [name](const Key& key) { return key.name == name; });
    return found == keys.end() ? nullptr : &*found;
}

std::int64_t rounded(double value) { return static_cast<std::int64_t>(value < 0 ? value - 0.5 : value + 0.5); }

std::int64_t divided(std::int64_t dividend, std::int64_t divisor) {
    if (divisor == 0) return 0;
    return (dividend < 0 ? dividend - divisor / 2 : dividend + divisor / 2) / divisor;
}

void show_powers(SiteMeasurements& view, const Plant& plant, const Pins& pins, double loads_w) {
    view.pv_w = pins.find("pv").value_or(rounded(plant.pv_w()));
    view.load_w = rounded(plant.load_w());
    if (const auto house = pins.find("house")) view.load_w = *house + rounded(loads_w);
    if (const auto load = pins.find("load")) view.load_w = *load;
    view.grid_w = pins.find("grid").value_or(0);
    view.battery_w = pins.find("battery").value_or(view.pv_w + view.grid_w - view.load_w);
    view.battery_ca = divided(view.battery_w * 10'000, view.battery_cv);
}

void show_meters(SiteMeasurements& view, const Meters& meters) {
    view.pv_dkwh = rounded(meters.pv_wh / 100);
    view.load_dkwh = rounded(meters.load_wh / 100);
    view.charged_dkwh = rounded(meters.charged_wh / 100);
    view.discharged_dkwh = rounded(meters.discharged_wh / 100);
}

std::string weather_of(const Plant& plant) {
    if (!plant.daylight()) return plant.sunny() ? "clear-night" : "cloudy";
    return plant.sunny() ? "sunny" : "cloudy";
}

}  // namespace

std::optional<std::int64_t> steps_of(std::string_view text, int decimals) {
    const bool minus = text.starts_with('-');
    if (minus) text.remove_prefix(1);
    const auto dot = std::min(text.find('.'), text.size());
    std::string digits(text.substr(0, dot));
    if (digits.empty()) return std::nullopt;
    std::string rest(dot < text.size() ? text.substr(dot + 1) : std::string_view{});
    while (rest.size() > static_cast<std::size_t>(decimals) && rest.back() == '0') rest.pop_back();
    if (rest.size() > static_cast<std::size_t>(decimals)) return std::nullopt;
    rest.resize(static_cast<std::size_t>(decimals), '0');
    digits += rest;
    if (digits.size() > 12) return std::nullopt;
    if (digits.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
    std::int64_t value = 0;
    for (const char digit : digits) value = value * 10 + (digit - '0');
    return minus ? -value : value;
}

std::optional<std::string> Pins::set(std::string_view key, std::string_view text) {
    const bool release = text == "auto";
    if (key == "all" && release) {
        *this = {};
        return std::nullopt;
    }
    if (key == "weather") {
        weather = release ? std::nullopt : std::optional(std::string(text.substr(0, 32)));
        return std::nullopt;
    }
    const Key* known = key_named(key);
    if (!known) {
        return "no such value: " + std::string(key) +
               " (voltage pv load house grid battery soc battery-temperature heat-room main-room weather, all auto)";
    }
    if (release) {
        values.erase(std::string(key));
        return std::nullopt;
    }
    const auto steps = steps_of(text, known->decimals);
    if (!steps || *steps < known->low || *steps > known->high) {
        return std::string(key) + ": not a value in range: " + std::string(text);
    }
    values[std::string(key)] = *steps;
    return std::nullopt;
}

std::optional<std::int64_t> Pins::find(std::string_view key) const {
    const auto found = values.find(key);
    return found == values.end() ? std::nullopt : std::optional(found->second);
}

SiteMeasurements view_of(const Plant& plant, const Pins& pins, double loads_w) {
    SiteMeasurements view;
    view.utc_s = plant.utc_ms() / 1000;
    view.powered = plant.powered();
    view.battery_cv = pins.find("voltage").value_or(rounded(plant.bank().volts() * 100));
    show_powers(view, plant, pins, loads_w);
    const double soc = std::clamp(plant.bank().soc_pct(), 0.0, 100.0);
    view.soc_permille = pins.find("soc").value_or(rounded(soc * 10));
    view.capacity_dah = rounded(plant.bank().config().capacity_ah * 10);
    view.consumed_dah = view.capacity_dah * (1000 - view.soc_permille) / 1000;
    view.battery_ddeg = pins.find("battery-temperature").value_or(rounded(plant.battery_c() * 10));
    view.heat_room_ddeg = pins.find("heat-room").value_or(rounded(plant.heat_room_c() * 10));
    view.main_room_ddeg = pins.find("main-room").value_or(rounded(plant.main_room_c() * 10));
    view.weather = pins.weather.value_or(weather_of(plant));
    show_meters(view, plant.meters());
    return view;
}

}  // namespace volt::sim
