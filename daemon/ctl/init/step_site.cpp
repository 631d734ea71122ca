// Machine, site, bank.
#include <algorithm>

#include "daemon/ctl/init/answers.hpp"
#include "daemon/ctl/init/bank.hpp"
#include "daemon/ctl/init/conversation.hpp"
#include "daemon/ctl/init/site_rows.hpp"
#include "daemon/settings/settings_text.hpp"
#include "drivers/mqtt/payload.hpp"
#include "drivers/store/settings/slug.hpp"
#include "drivers/zone_name.hpp"

namespace volt::ctl::init {

namespace {

constexpr SettingsTable preferences = SettingsTable::preferences;
constexpr std::size_t most_site_characters = 64;

/// Why a typed value does not fit its column.
std::string wrong_setting(const std::string& column, const std::string& answer) {
    const SettingsField& field = field_at(preferences, column);
    const auto problem = check_value(field, fitted(field, value_of_text(field, answer)));
    return problem ? problem->text : "";
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

void ask_place(Conversation& c, const char* key, const char* text) {
    Question question{key, text};
    question.optional = true;
    question.help = "In degrees, such as 37.34; only for what is displayed. Enter skips it.";
    question.wrong = [key](const std::string& answer) { return wrong_setting(key, answer); };
    const std::string answer = c.talk.ask(question);
    if (const auto number = number_of(answer)) c.answers[key] = *number;
}

/// Asks for each threshold until all of them agree with each other.
void ask_thresholds(Conversation& c) {
    c.talk.print("Enter each voltage from the data sheet of your bank; ? explains it.");
    for (int tries = 0; tries < Talk::most_tries; ++tries) {
        Json own = Json::object();
        for (const std::string& column : bank_columns()) ask_setting(c, own, column, column, column == "reserve_voltage");
        WantedRows wanted;
        const Json columns = bank_preferences({{"kind", "own"}}, own);
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
    Question zone{"timezone", "Time zone of the site", c.machine.zone};
    zone.help = std::string("As in ") + zone_directory + "; schedules and days follow it.";
    zone.wrong = [](const std::string& answer) {
        return is_zone_name(answer) ? "" : "Unknown time zone. Example: America/Los_Angeles";
    };
    c.answers["timezone"] = c.talk.ask(zone);
    ask_place(c, "latitude", "Latitude, north positive (Enter: none)");
    if (c.answers.contains("latitude")) ask_place(c, "longitude", "Longitude, east positive");
}

void ask_bank(Conversation& c) {
    std::vector<std::string> names, lines;
    for (const BankKind& it : bank_kinds()) {
        names.push_back(it.name);
        lines.push_back(it.name + ": " + it.about);
    }
    c.talk.print("\nThe battery bank:");
    const std::size_t chosen =
        c.talk.ask_one("bank.kind", "Its type", names, lines, 1,
                       "Thresholds, the curve at rest and the miners' voltages follow from it; all can be changed later.");
    Json bank{{"kind", names[chosen]}};
    c.answers.erase("thresholds");
    if (bank_kinds()[chosen].cells == 0) ask_thresholds(c);
    if (bank_kinds()[chosen].typical) c.talk.print("Its curve is that of typical cells, not measured on yours.");
    Question capacity{"bank.capacity_ah", "Capacity in Ah, as on the label (Enter: not known)"};
    capacity.optional = true;
    capacity.help = "With it, voltd keeps the energy that the house needs until the sun is back.";
    capacity.wrong = [](const std::string& answer) {
        const auto number = number_of(answer);
        return number && *number >= 1 && *number <= 100'000 ? "" : "a capacity in Ah";
    };
    const std::string answer = c.talk.ask(capacity);
    if (const auto number = number_of(answer)) bank["capacity_ah"] = *number;
    else
        c.talk.print(
            "Without it there is no night budget: a reserve voltage and a high first start keep the night safe, and cost solar "
            "time.");
    c.answers["bank"] = bank;
}

}  // namespace volt::ctl::init
