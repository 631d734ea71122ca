#include "daemon/ctl/init/site_rows.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "daemon/ctl/init/answers.hpp"
#include "daemon/ctl/init/bank.hpp"
#include "daemon/settings/settings_text.hpp"
#include "drivers/mqtt/payload.hpp"
#include "drivers/store/recovery/database.hpp"
#include "drivers/store/settings/accounts.hpp"
#include "drivers/store/settings/fields.hpp"
#include "drivers/store/settings/io.hpp"
#include "drivers/store/settings/slug.hpp"

namespace volt::ctl::init {

namespace {

namespace fs = std::filesystem;

constexpr const char* author = "voltctl init";
constexpr const char* service_account = "voltd";

Assignment assignment(SettingsTable table, const std::string& field, const Json& value) {
    const std::string text = value.is_string() ? value.get<std::string>() : value.is_null() ? "null" : value.dump();
    return assignment_of(table, field + "=" + text);
}

std::vector<Assignment> assignments_of(SettingsTable table, const Json& row) {
    std::vector<Assignment> fields;
    for (const auto& [field, value] : row.items()) fields.push_back(assignment(table, field, value));
    return fields;
}

Json rows_at(const Json& answers, const char* key) { return has_none(answers, key) ? Json::array() : answers[key]; }

/// Returns true for a miner that keeps voltd's default row: one of that name with the Solar Shack's bank.
bool is_shipped(const Json& bank, const Json& miner) {
    static const Settings shipped = default_settings();
    const BankKind* kind = bank_kind(word(bank, "kind"));
    const std::string slug = make_slug(word(miner, "name"));
    return kind != nullptr && kind->chemistry != nullptr && !kind->typical &&
           std::any_of(shipped.miners.begin(), shipped.miners.end(), [&](const Miner& row) { return row.slug == slug; });
}

/// Returns defaults for missing answers of a miner: the first may use the battery; the others run on excess sun.
Json miner_defaults(const Json& bank, const Json& miner, std::size_t index) {
    Json columns{{"priority_level", std::to_string(std::min<std::size_t>(index + 1, 10))}};
    const Json voltages = is_shipped(bank, miner)
                              ? Json::object()
                              : miner_voltages(bank, index, number_of(word(miner, "power_draw_w")).value_or(0));
    columns.update(voltages);
    if (is_shipped(bank, miner)) return columns;
    if (index == 0) columns["operating_mode"] = "aggressive";
    else columns["require_excess_solar"] = "true";
    return columns;
}

/// Converts the typed temperatures of a zone to °C: `95 F` to `35.0`.
void to_celsius(Json& zone) {
    for (const auto& [column, value] : zone.items())
        if (value.is_string() && is_temperature(column))
            if (const auto typed = temperature_of(value.get<std::string>())) value = fmt::format("{:.1f}", typed->celsius);
}

/// Returns the watts of the largest load. The inverter that runs it supplies at least that.
double largest_load(const Json& answers) {
    double most = 0;
    for (const Json& miner : rows_at(answers, "miners"))
        most = std::max(most, number_of(word(miner, "power_draw_w")).value_or(0));
    for (const Json& zone : rows_at(answers, "zones"))
        if (!word(zone, "heater_device_id").empty()) most = std::max(most, number_of(word(zone, "heater_power_w")).value_or(0));
    return most;
}

/// Temporary directory, removed with all its content.
struct Scaffold {
    std::string path;
    ~Scaffold() {
        std::error_code ignored;
        if (!path.empty()) fs::remove_all(path, ignored);
    }
};

Edit<Edited> edit(Connection& db, const WantedRows& wanted, bool end_guard, const std::string& owner) {
    if (const std::string wrong = owner.empty() ? "" : name_owner(db, owner); !wrong.empty())
        return EditFailure{EditFault::refused, "owner: " + wrong, {}, {}};
    EditRequest request{author};
    request.end_guard = end_guard;
    return replace_records(db, wanted, request);
}

}  // namespace

WantedRows wanted_rows(const Json& answers) {
    WantedRows wanted;
    const Json& bank = part(answers, "bank");
    Json preferences = bank_preferences(bank, part(answers, "thresholds"));
    for (const char* key : settings_of_answers)
        if (!has_none(answers, key)) preferences[key] = answers[key];
    if (has_none(answers, "inverter_max_w")) {
        const std::string usual = preferences.contains("inverter_max_w")
                                      ? word(preferences, "inverter_max_w")
                                      : field_at(SettingsTable::preferences, "inverter_max_w").fallback;
        const double load = largest_load(answers);
        if (load > number_of(usual).value_or(0)) preferences["inverter_max_w"] = fmt::format("{:.0f}", load);
    }
    wanted.preferences = assignments_of(SettingsTable::preferences, preferences);
    for (Json zone : rows_at(answers, "zones")) {
        to_celsius(zone);
        wanted.zones.push_back(assignments_of(SettingsTable::zones, zone));
    }
    const Json miners = rows_at(answers, "miners");
    for (std::size_t i = 0; i < miners.size(); ++i) {
        Json miner = miner_defaults(bank, miners[i], i);
        miner.update(miners[i]);
        wanted.miners.push_back(assignments_of(SettingsTable::miners, miner));
    }
    return wanted;
}

std::vector<std::string> bank_notes(const Json& answers) {
    std::vector<std::string> notes;
    const Json& bank = part(answers, "bank");
    if (!has_none(bank, "capacity_ah") && !has_charge_curve(bank, part(answers, "thresholds")))
        notes.emplace_back(
            "bank: without its curve at rest voltd cannot read its charge, so its size makes no night budget; give its chemistry "
            "and cells, or thresholds.voltage_curve");
    const Json miners = rows_at(answers, "miners");
    for (std::size_t i = 0; i < miners.size(); ++i) {
        if (miners[i].contains("start_voltage") || is_shipped(bank, miners[i])) continue;
        const double draw_w = number_of(word(miners[i], "power_draw_w")).value_or(0);
        const std::string doubt = start_doubt(bank, miner_voltages(bank, i, draw_w), draw_w);
        if (!doubt.empty()) notes.push_back("miner " + word(miners[i], "name") + ": " + doubt);
    }
    return notes;
}

std::string owner_of(const Json& answers) {
    return has_none(answers, "owner") ? "owner@" + word(answers, "site") + ".local" : word(answers, "owner");
}

Edit<Edited> try_rows(const WantedRows& wanted, bool end_guard, const std::string& owner) {
    Result<Connection> db = Connection::open(":memory:", OpenMode::create);
    if (!db) return EditFailure{EditFault::unavailable, db.failure().text, {}, {}};
    if (const auto made = migrate(db.value(), built_in_migrations()); !made.ok())
        return EditFailure{EditFault::unavailable, made.failure().text, {}, {}};
    return edit(db.value(), wanted, end_guard, owner);
}

bool give_to_voltd(const std::string& path, unsigned mode) {
    const passwd* account = ::getpwnam(service_account);
    return account != nullptr && ::chown(path.c_str(), account->pw_uid, account->pw_gid) == 0 && ::chmod(path.c_str(), mode) == 0;
}

std::optional<std::string> make_database(const std::string& path, const WantedRows& wanted, bool end_guard,
                                         const std::string& owner, bool as_service) {
    std::string beside = fs::path(path).parent_path() / ".init-XXXXXX";
    if (::mkdtemp(beside.data()) == nullptr) return "no database can be made in " + fs::path(path).parent_path().string();
    const Scaffold scaffold{beside};
    const std::string draft = beside + "/voltd.db";
    {
        Result<OpenedDatabase> made = open_database(draft, built_in_migrations(), {});
        if (!made) return made.failure().text;
        const Edit<Edited> edited = edit(made.value().connection, wanted, end_guard, owner);
        if (!edited) return edited.failure().text;
    }
    if (as_service) give_to_voltd(draft, 0660);
    std::error_code wrong;
    fs::rename(draft, path, wrong);
    return wrong ? std::optional("the database cannot be put at " + path + ": " + wrong.message()) : std::nullopt;
}

}  // namespace volt::ctl::init
