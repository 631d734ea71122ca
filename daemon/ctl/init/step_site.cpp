// Step: machine, site, bank.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/ctl/init/answers.hpp"
#include "daemon/ctl/init/bank.hpp"
#include "daemon/ctl/init/conversation.hpp"
#include "daemon/ctl/init/site_rows.hpp"
#include "daemon/host/clock.hpp"
#include "daemon/host/sun.hpp"
#include "daemon/settings/settings_text.hpp"
#include "drivers/mqtt/payload.hpp"
#include "drivers/source.hpp"
#include "drivers/store/settings/slug.hpp"
#include "drivers/zone_name.hpp"

namespace volt::ctl::init {

namespace {

constexpr SettingsTable preferences = SettingsTable::preferences;
constexpr std::size_t most_site_characters = 64;
constexpr const char* no_curve =
    "  voltd does not know how this battery's voltage at rest follows its charge, so it plans no night by its size; the\n"
    "  reserve_voltage protects it. With its data sheet: voltctl prefs set voltage_curve=46.0:0,48.0:20,... bank_wh=WH";

std::string wrong_setting(const std::string& column, const std::string& answer) {
    return wrong_value(field_at(preferences, column), answer);
}

void ask_setting(Conversation& c, Json& into, const std::string& column, const std::string& text, bool optional) {
    const SettingsField& field = field_at(preferences, column);
    Question question{column, text, into.contains(column) ? word(into, column.c_str()) : ""};
    question.help = field.about;
    question.optional = optional;
    question.wrong = [&](const std::string& answer) { return wrong_setting(column, answer); };
    const std::string answer = c.talk.ask(question);
    if (!answer.empty()) into[column] = answer;
}

void ask_place(Conversation& c, const char* key, const char* text, bool optional) {
    Question question{key, text};
    question.optional = optional;
    question.help =
        "In degrees: San Jose, California, is 37.34 and -121.89; Berlin 52.52 and 13.40. voltd calculates sunrise and sunset "
        "from it, for its first days; it publishes it nowhere. Enter skips it.";
    question.wrong = [key](const std::string& answer) { return wrong_setting(key, answer); };
    const std::string answer = c.talk.ask(question);
    if (const auto number = number_of(answer)) c.answers[key] = *number;
}

/// Shows today's sun by location and zone, for the owner to compare with the sky.
void show_sun(Conversation& c) {
    const auto place = place_of(c.answers);
    if (!place) return;
    const std::string zone = word(c.answers, "timezone");
    const auto clock = ZoneClock::load(zone);
    const auto sun = clock ? sun_of(*place, wall_now(), clock->local(wall_now())) : std::nullopt;
    if (sun)
        c.talk.print(fmt::format("  There, by {}, the sun rises at {:02}:{:02} today and sets at {:02}:{:02}.", zone,
                                 sun->rise / 3600, sun->rise % 3600 / 60, sun->set / 3600, sun->set % 3600 / 60));
    if (const std::string doubt = zone_doubt(zone, *place, wall_now()); !doubt.empty())
        c.talk.print("  " + doubt + "; b goes back");
}

/// Offers the unit of the zone's country.
void ask_unit(Conversation& c) {
    constexpr std::string_view fahrenheit[] = {"America/New_York",    "America/Chicago",   "America/Denver",   "America/Phoenix",
                                               "America/Los_Angeles", "America/Anchorage", "America/Detroit",  "America/Boise",
                                               "America/Indiana/",    "America/Kentucky/", "Pacific/Honolulu", "US/"};
    const std::string zone = word(c.answers, "timezone");
    const bool f =
        std::any_of(std::begin(fahrenheit), std::end(fahrenheit), [&](std::string_view it) { return zone.starts_with(it); });
    Question unit{"temperature_unit", "Temperatures in C or F", f ? "F" : "C"};
    unit.help = field_at(preferences, "temperature_unit").about;
    unit.wrong = [](const std::string& answer) { return wrong_setting("temperature_unit", answer); };
    c.answers["temperature_unit"] = c.talk.ask(unit);
}

std::optional<double> ask_size(Conversation& c, const char* key, const char* text) {
    Question question{key, text};
    question.optional = true;
    question.help = "With it, voltd keeps the energy that the house needs until the sun is back.";
    question.wrong = [](const std::string& answer) {
        const auto number = number_of(answer);
        return number && *number >= 1 && *number <= 100'000 ? "" : "a capacity in Ah";
    };
    return number_of(c.talk.ask(question));
}

/// Asks once more if the capacity is unknown, and explains the disadvantage.
std::optional<double> ask_capacity(Conversation& c, const BankKind& kind) {
    const auto first =
        ask_size(c, "bank.capacity_ah", "Capacity in Ah: add up the labels of all packs in parallel (Enter: unknown)");
    if (first) return first;
    const bool own = kind.chemistry == nullptr;
    c.talk.print("Without it there is no night budget. " +
                 std::string(own ? "Set a reserve_voltage, or nothing protects the night: the"
                                 : "A reserve voltage and a high first start protect the night instead: the"));
    c.talk.print("miners earn about an eighth less, and a dull week can still take the battery to its critical voltage.");
    return ask_size(c, "bank.capacity_again", "Once more, the Ah of all packs together (Enter: unknown)");
}

/// Asks for a limit of inverter or battery. Offers the value that follows from the bank.
void ask_limit(Conversation& c, const Json& columns, const char* column, const char* text) {
    Question question{column, text, columns.contains(column) ? word(columns, column) : field_at(preferences, column).fallback};
    question.help =
        std::string(field_at(preferences, column).about) + " A data sheet gives it in amperes: times the nominal volts.";
    question.wrong = [column](const std::string& answer) { return wrong_setting(column, answer); };
    c.answers[column] = std::stoi(c.talk.ask(question));
}

/// Asks for the chemistry of a custom bank, which gives its curve. A straight line between empty and full can be far off.
void ask_chemistry(Conversation& c, Json& bank) {
    std::vector<std::string> names, lines;
    for (const BankKind& it : bank_chemistries()) {
        names.push_back(it.name);
        lines.push_back(it.name + ": " + it.about);
    }
    names.emplace_back("other");
    lines.emplace_back("other: you set its curve later; until then voltd plans no night by its charge");
    const std::size_t chosen = c.talk.ask_one("bank.chemistry", "Its cells", names, lines, bank_chemistries().size(),
                                              "voltd reads the charge from the voltage at rest, by the curve of these cells.");
    if (chosen == bank_chemistries().size()) return;
    const BankKind& cells = bank_chemistries()[chosen];
    bank["chemistry"] = cells.name;
    bank["cells"] = c.talk.ask_number("bank.cells", "Cells in series", cells.of_cells, 1, most_bank_cells,
                                      "The nominal voltage of the bank divided by that of one cell.");
}

/// Asks for each threshold until all of them are consistent.
void ask_thresholds(Conversation& c, const Json& bank) {
    c.talk.print("Enter each voltage from the data sheet of your bank; ? explains it.");
    const Json given = bank_preferences(bank, {});
    for (int tries = 0; tries < Talk::most_tries; ++tries) {
        Json own = Json::object();
        for (const std::string& column : bank_columns()) {
            if (bank.contains("chemistry") && given.contains(column)) continue;
            c.talk.print(std::string("  ") + field_at(preferences, column).about);
            ask_setting(c, own, column, column + ", in V", column == "reserve_voltage");
        }
        WantedRows wanted;
        const Json columns = bank_preferences(bank, own);
        for (const auto& [column, value] : columns.items())
            wanted.preferences.push_back(assignment_of(preferences, column + "=" + value.get<std::string>()));
        const Edit<Edited> tried = try_rows(wanted, true);
        c.answers["thresholds"] = own;
        if (tried) return;
        for (const EditProblem& it : tried.failure().problems) c.talk.print("  " + it.text);
        if (tried.failure().problems.empty()) c.talk.print("  " + tried.failure().text);
    }
    throw Ended{};
}

}  // namespace

void ask_machine(Conversation& c) {
    c.machine = c.world.machine();
    const ThisMachine& it = c.machine;
    c.talk.print("This machine: " + it.system + (it.model.empty() ? "" : ", " + it.model) + ", time zone " + it.zone +
                 (it.has_rtc ? "" : ", no real-time clock"));
    if (!it.synchronized)
        c.talk.print("Its clock is not synchronized: voltd runs, but schedules wait until it is (timedatectl).");
    if (!it.is_root) c.talk.print("Without root, the files are written here, and the commands that install them are shown.");
}

void ask_site(Conversation& c) {
    std::string name = make_slug(c.machine.host).substr(0, most_site_characters);
    Question site{"site", "Name of the site", name.empty() ? "site" : name};
    site.help =
        "Lowercase letters, digits and hyphens: the second level of every topic, as in voltd/" + site.fallback + "/status.";
    site.wrong = [](const std::string& answer) {
        const bool plain = std::all_of(answer.begin(), answer.end(),
                                       [](char it) { return (it >= 'a' && it <= 'z') || (it >= '0' && it <= '9') || it == '-'; });
        return plain && answer.size() <= most_site_characters ? "" : "lowercase letters, digits and hyphens";
    };
    c.answers["site"] = c.talk.ask(site);
    c.answers.erase("owner");
    Question owner{"owner", "Your mail address, for the page's list of who may sign in", owner_of(c.answers)};
    owner.help = "It names the first user, and is sent nowhere. More users: voltctl users add.";
    owner.wrong = [](const std::string& answer) {
        const auto tried = try_rows({}, true, answer);
        return tried ? "" : tried.failure().text;
    };
    c.answers["owner"] = c.talk.ask(owner);
    Question zone{"timezone", "Time zone of the site", c.machine.zone};
    zone.help = std::string("As in ") + zone_directory + "; schedules and days follow it.";
    zone.wrong = [](const std::string& answer) {
        if (is_zone_name(answer)) return std::string();
        const std::string meant = zone_of_city(answer);
        return "Unknown time zone. " + (meant.empty() ? "Example: America/Los_Angeles" : "Did you mean " + meant + "?");
    };
    c.answers["timezone"] = c.talk.ask(zone);
    ask_unit(c);
    for (const char* key : {"latitude", "longitude"}) c.answers.erase(key);
    ask_place(c, "latitude", "Latitude of the site, south negative (Enter: none)", true);
    if (c.answers.contains("latitude"))
        ask_place(c, "longitude", "Longitude, west negative: all of the Americas, such as -121.89", false);
    show_sun(c);
}

void ask_bank(Conversation& c) {
    std::vector<std::string> names, lines;
    for (const BankKind& it : bank_kinds()) {
        names.push_back(it.name);
        lines.push_back(it.name + ": " + it.about);
    }
    c.talk.print("\nThe battery bank:");
    const std::size_t chosen =
        c.talk.ask_one("bank.kind", "Its type", names, lines, 0,
                       "Thresholds, the curve at rest and the miners' voltages follow from it; all can be changed later.");
    const BankKind& kind = bank_kinds()[chosen];
    Json bank{{"kind", kind.name}};
    c.answers.erase("thresholds");
    if (kind.chemistry == nullptr) {
        ask_chemistry(c, bank);
        ask_thresholds(c, bank);
    } else if (kind.typical) c.talk.print("Its curve is that of typical cells, not measured on yours.");
    const auto capacity = ask_capacity(c, kind);
    if (capacity) bank["capacity_ah"] = *capacity;
    const Json columns = bank_preferences(bank, part(c.answers, "thresholds"));
    if (capacity) {
        if (columns.contains("bank_wh"))
            c.talk.print(fmt::format("  {:.0f} Ah are {:.1f} kWh.", *capacity, std::stod(word(columns, "bank_wh")) / 1000));
        else c.talk.print(no_curve);
        if (!kind.typical &&
            !c.talk.ask_yes("bank.curve",
                            fmt::format("Its resting curve, V:%: {}. Is it your battery's curve, too?",
                                        field_at(preferences, "voltage_curve").fallback),
                            false, "The night budget reads the charge from it. For a battery of your own, choose its type.")) {
            c.talk.forget("bank.kind");
            throw GoBack{};
        }
    }
    c.answers["bank"] = bank;
    ask_limit(c, columns, "max_battery_discharge_w", "Most that all loads together may take from the battery, in W");
    ask_limit(c, columns, "inverter_max_w", "Most that the inverter supplies, in W");
}

}  // namespace volt::ctl::init
