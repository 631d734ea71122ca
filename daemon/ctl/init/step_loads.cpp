// Step: rooms with their fans and heaters, then miners, each with an output.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "daemon/ctl/init/answers.hpp"
#include "daemon/ctl/init/bank.hpp"
#include "daemon/ctl/init/conversation.hpp"
#include "daemon/settings/settings_text.hpp"
#include "drivers/mqtt/payload.hpp"
#include "drivers/store/settings/slug.hpp"

namespace volt::ctl::init {

namespace {

constexpr int most_rooms = 16, most_miners = 64, usual_heater_w = 1500, usual_miner_w = 3250;
constexpr int most_inverter_w = 200'000;
constexpr int least_running_w = 100;    ///< a load that draws less is not running, so its draw is not meaningful
constexpr int most_apart_percent = 20;  ///< maximum difference between nominal and measured power
constexpr std::size_t most_name_characters = 64;

std::string wrong_field(SettingsTable table, const std::string& column, const std::string& answer) {
    return wrong_value(field_at(table, column), answer);
}

/// Asks for a name that no other row of the answers has.
std::string ask_name(Conversation& c, const std::string& key, const std::string& text, const std::string& fallback,
                     const Json& rows, const char* column) {
    Question question{key, text, fallback};
    question.wrong = [&](const std::string& answer) {
        const std::string slug = make_slug(answer);
        if (slug.empty() || answer.size() > most_name_characters) return std::string("a name with a letter or digit");
        for (const Json& row : rows)
            if (make_slug(word(row, column)) == slug) return std::string("that name is already used");
        return std::string();
    };
    return c.talk.ask(question);
}

std::string ask_setting_of(Conversation& c, SettingsTable table, const std::string& key, const char* column,
                           const std::string& text, const std::string& fallback) {
    Question question{key, text, fallback};
    question.help = field_at(table, column).about;
    question.wrong = [&](const std::string& answer) { return wrong_field(table, column, answer); };
    return c.talk.ask(question);
}

int seen_watts(const std::optional<ChosenOutput>& output, int usual) {
    const bool running = output && output->power && output->power->steps >= least_running_w;
    return running ? static_cast<int>(output->power->steps) : usual;
}

int inverter_watts(const Conversation& c) {
    return static_cast<int>(number(c.answers, "inverter_max_w").value_or(most_inverter_w));
}

/// Asks for the inverter's power again if one load alone exceeds it: that load would never start.
void ask_inverter_of(Conversation& c, const std::string& at, int watts) {
    const int most = inverter_watts(c);
    if (watts <= most) return;
    c.talk.print(fmt::format("  {} W is more than the {} W that you gave for the inverter.", watts, most));
    c.answers["inverter_max_w"] =
        c.talk.ask_number(at + ".inverter", "Most that the inverter supplies, in W", watts, watts, most_inverter_w,
                          "Its continuous power. If the watts of the load are wrong, b goes back.");
}

/// Temperatures over MQTT, then those of the GX: words to choose from, and the sensor_id of each. An empty id means none yet.
struct Temperatures {
    std::vector<std::string> words{"none"}, lines{"none"}, ids{""};
    std::vector<const SeenSensor*> seen{nullptr};
};

Temperatures temperatures_of(const Conversation& c) {
    Temperatures list;
    for (const SeenSensor& it : c.announcements.sensors()) {
        list.words.push_back(it.announced.name);
        list.lines.push_back(it.announced.name + (it.celsius ? fmt::format(" {:.1f} °C", *it.celsius) : "") + ", " +
                             it.announced.topic);
        list.ids.push_back(output_id(it.announced.name));
        list.seen.push_back(&it);
    }
    const Json& gx = part(c.answers, "victron");
    if (!gx.is_object()) return list;
    for (const Json& it : gx.value("temperatures", Json::array())) {
        list.words.push_back(word(it, "id"));
        list.lines.push_back(word(it, "id") + ", of the GX");
        list.ids.push_back(word(it, "id"));
        list.seen.push_back(nullptr);
    }
    return list;
}

/// Returns the sensor_id. Adds the sensor to the answers the first time.
std::string ask_sensor(Conversation& c, const std::string& key) {
    const Temperatures list = temperatures_of(c);
    if (list.words.size() == 1) return "";
    const std::size_t chosen = c.talk.ask_one(key, "Its temperature", list.words, list.lines, 0);
    const SeenSensor* seen = list.seen[chosen];
    if (seen == nullptr) return list.ids[chosen];
    Json& sensors = c.answers["sensors"];
    if (!sensors.is_array()) sensors = Json::array();
    for (const Json& it : sensors)
        if (word(it, "topic") == seen->announced.topic && word(it, "field") == seen->announced.field) return word(it, "id");
    Json sensor{{"id", list.ids[chosen]}, {"topic", seen->announced.topic}};
    if (!seen->announced.field.empty()) sensor["field"] = seen->announced.field;
    if (seen->announced.fahrenheit) sensor["unit"] = "F";
    sensors.push_back(sensor);
    return list.ids[chosen];
}

/// Asks for a temperature in the owner's unit, which settings also use. `most_c`: upper bound, exclusive.
std::string ask_degrees(Conversation& c, const std::string& key, const char* column, const std::string& text,
                        const std::optional<double>& most_c) {
    const bool f = word(c.answers, "temperature_unit") == "F";
    const double usual = number_of(field_at(SettingsTable::zones, column).fallback).value_or(0);
    const auto celsius = [f](const std::string& answer) {
        const auto number = number_of(answer);
        return number ? fmt::format("{:.1f}", f ? (*number - 32) / 1.8 : *number) : answer;
    };
    Question question{key, fmt::format("{}, in °{}", text, f ? "F" : "C"), fmt::format("{:.0f}", f ? usual * 1.8 + 32 : usual)};
    question.help = field_at(SettingsTable::zones, column).about;
    question.wrong = [&](const std::string& answer) {
        const std::string wrong = wrong_field(SettingsTable::zones, column, celsius(answer));
        if (!wrong.empty() || !most_c || number_of(celsius(answer)).value_or(0) < *most_c) return wrong;
        return std::string("lower than where it begins");
    };
    return celsius(c.talk.ask(question));
}

void ask_fan_temperatures(Conversation& c, const std::string& at, Json& zone) {
    const std::string hot = ask_degrees(c, at + ".hot", "temp_too_hot", "The fan runs from", std::nullopt);
    zone["temp_too_hot"] = hot + " C";
    zone["temp_hot_ok"] = ask_degrees(c, at + ".ok", "temp_hot_ok", "It stops again at", number_of(hot)) + " C";
}

Json ask_zone(Conversation& c, int index, const Json& zones) {
    const std::string at = fmt::format("zones[{}]", index);
    const std::string name =
        ask_name(c, at + ".zone_name", "Name of the zone", index == 0 ? "Heat Room" : "", zones, "zone_name");
    const std::string id = output_id(name);
    Json zone{{"zone_name", name}};
    const auto fan = ask_output(c, {at + ".fan", "Its fan", id + "-fan", true});
    zone["exhaust_fan_device_id"] = fan ? Json(fan->id) : Json();
    zone["exhaust_fan_enabled"] = fan.has_value();
    if (fan && fan->wiring.kind == OutputKind::level) zone["fan_max_level"] = fan->wiring.max_level;
    if (fan) ask_fan_temperatures(c, at, zone);
    const auto heater = ask_output(c, {at + ".heater", "Its heater", id + "-heater", false});
    zone["heater_device_id"] = heater ? Json(heater->id) : Json();
    zone["heating_enabled"] = heater.has_value();
    zone["heating_priority_1"] = heater ? "heater" : "none";
    zone["heating_priority_2"] = "none";
    if (heater) {
        const int usual = seen_watts(heater, std::min(usual_heater_w, inverter_watts(c)));
        const std::string watts = ask_setting_of(c, SettingsTable::zones, at + ".heater_power_w", "heater_power_w",
                                                 "Watts of the heater", std::to_string(usual));
        zone["heater_power_w"] = watts;
        ask_inverter_of(c, at, std::atoi(watts.c_str()));
    }
    const std::string sensor = ask_sensor(c, at + ".sensor");
    zone["sensor_id"] = sensor.empty() ? Json() : Json(sensor);
    zone["block_charging_enabled"] =
        c.talk.ask_yes(at + ".guard", "Is the battery in this zone, so that charging must stop while it freezes?", false,
                       "Charging a freezing LiFePO4 battery damages it. voltd then raises an alarm, and stops the charging where "
                       "it is allowed to.");
    return zone;
}

/// Asks for each miner's voltages for a custom bank. Otherwise they follow from the bank.
void ask_voltages(Conversation& c, const std::string& at, Json& miner) {
    const BankKind* kind = bank_kind(word(part(c.answers, "bank"), "kind"));
    if (kind == nullptr || kind->chemistry != nullptr) return;
    constexpr std::pair<const char*, const char*> asked[] = {{"start_voltage", "It starts at or above, in volts"},
                                                             {"stop_voltage", "It stops below"},
                                                             {"emergency_stop_voltage", "It stops at once at or below"}};
    for (const auto& [column, text] : asked)
        miner[column] = ask_setting_of(c, SettingsTable::miners, at + "." + column, column, text, "");
}

Json ask_miner(Conversation& c, int index, const Json& miners) {
    const std::string at = fmt::format("miners[{}]", index);
    const std::string name = ask_name(c, at + ".name", "Name of the miner", fmt::format("Miner {}", index + 1), miners, "name");
    Json miner{{"name", name}};
    const auto output = ask_output(c, {at + ".output", "Its relay", output_id(name), false});
    const int watts = seen_watts(output, std::min(usual_miner_w, inverter_watts(c)));
    const std::string nominal = ask_setting_of(c, SettingsTable::miners, at + ".power_draw_w", "power_draw_w",
                                               "Its nominal watts", std::to_string(watts));
    const int given = std::atoi(nominal.c_str());
    if (output && output->power && output->power->steps >= least_running_w &&
        std::abs(given - watts) * 100 > watts * most_apart_percent)
        c.talk.print(fmt::format("  it draws {} W now; is {} W right? b goes back", watts, given));
    ask_inverter_of(c, at, given);
    miner["power_draw_w"] = nominal;
    miner["device_id"] = output ? Json(output->id) : Json();
    miner["require_sunny"] = false;  // nothing publishes the weather yet
    std::vector<std::string> rooms{"none"};
    if (!has_none(c.answers, "zones"))
        for (const Json& zone : c.answers["zones"]) rooms.push_back(word(zone, "zone_name"));
    const std::size_t room = rooms.size() == 1 ? 0 : c.talk.ask_one(at + ".room", "Its zone", rooms, rooms, 1);
    miner["hvac_zone_id"] = room == 0 ? Json() : Json(rooms[room]);
    ask_voltages(c, at, miner);
    return miner;
}

}  // namespace

void ask_zones(Conversation& c) {
    c.talk.print("\nZones: places with a fan, a heater or the battery:");
    const int count =
        c.talk.ask_number("zones", "How many", 1, 0, most_rooms, "Each has its own temperature; a miner can be in one.");
    c.answers["outputs"] = Json::array();
    c.answers.erase("sensors");
    c.used.clear();
    Json zones = Json::array();
    for (int i = 0; i < count; ++i) zones.push_back(ask_zone(c, i, zones));
    const bool guarded =
        std::any_of(zones.begin(), zones.end(), [](const Json& it) { return flag(it, "block_charging_enabled"); });
    c.answers["zones"] = zones.empty() ? Json("none") : zones;
    c.answers.erase("charge_guard");
    c.end_guard = guard_may_end(c.answers);
    if (guarded || c.end_guard) return;
    c.end_guard = c.talk.ask_yes("guard", "Nothing here prevents charging below freezing. Continue?", true);
    if (!c.end_guard) throw GoBack{};
    c.answers["charge_guard"] = "none";
}

void ask_miners(Conversation& c) {
    c.talk.print("\nMiners, the most important one first: it may use the battery; the others run on excess sun alone.");
    const int count = c.talk.ask_number("miners", "How many", 1, 0, most_miners);
    Json miners = Json::array();
    for (int i = 0; i < count; ++i) miners.push_back(ask_miner(c, i, miners));
    c.answers["miners"] = miners.empty() ? Json("none") : miners;
    if (c.answers["outputs"].empty()) c.answers["outputs"] = "none";
}

}  // namespace volt::ctl::init
