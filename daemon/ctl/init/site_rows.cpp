#include "daemon/ctl/init/site_rows.hpp"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "daemon/ctl/init/answers.hpp"
#include "daemon/ctl/init/bank.hpp"
#include "daemon/settings/settings_text.hpp"
#include "drivers/store/recovery/database.hpp"

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

/// A directory that goes with everything in it.
struct Scaffold {
    std::string path;
    ~Scaffold() {
        std::error_code ignored;
        if (!path.empty()) fs::remove_all(path, ignored);
    }
};

Edit<Edited> edit(Connection& db, const WantedRows& wanted, bool end_guard) {
    EditRequest request{author};
    request.end_guard = end_guard;
    return replace_records(db, wanted, request);
}

}  // namespace

WantedRows wanted_rows(const Json& answers) {
    WantedRows wanted;
    const Json& bank = part(answers, "bank");
    Json preferences = bank_preferences(bank, part(answers, "thresholds"));
    for (const char* key : {"timezone", "latitude", "longitude"})
        if (!has_none(answers, key)) preferences[key] = answers[key];
    wanted.preferences = assignments_of(SettingsTable::preferences, preferences);
    for (const Json& zone : rows_at(answers, "zones")) wanted.zones.push_back(assignments_of(SettingsTable::zones, zone));
    const Json miners = rows_at(answers, "miners");
    for (std::size_t i = 0; i < miners.size(); ++i) {
        Json miner = miners[i];
        const Json voltages = miner_voltages(bank, i);
        for (const auto& [field, value] : voltages.items())
            if (!miner.contains(field)) miner[field] = value;
        if (!miner.contains("priority_level")) miner["priority_level"] = std::to_string(std::min<std::size_t>(i + 1, 10));
        wanted.miners.push_back(assignments_of(SettingsTable::miners, miner));
    }
    return wanted;
}

Edit<Edited> try_rows(const WantedRows& wanted, bool end_guard) {
    Result<Connection> db = Connection::open(":memory:", OpenMode::create);
    if (!db) return EditFailure{EditFault::unavailable, db.failure().text, {}, {}};
    if (const auto made = migrate(db.value(), built_in_migrations()); !made.ok())
        return EditFailure{EditFault::unavailable, made.failure().text, {}, {}};
    return edit(db.value(), wanted, end_guard);
}

bool give_to_voltd(const std::string& path, unsigned mode) {
    const passwd* account = ::getpwnam(service_account);
    return account != nullptr && ::chown(path.c_str(), account->pw_uid, account->pw_gid) == 0 && ::chmod(path.c_str(), mode) == 0;
}

std::optional<std::string> make_database(const std::string& path, const WantedRows& wanted, bool end_guard, bool owner) {
    std::string beside = fs::path(path).parent_path() / ".init-XXXXXX";
    if (::mkdtemp(beside.data()) == nullptr) return "no database can be made in " + fs::path(path).parent_path().string();
    const Scaffold scaffold{beside};
    const std::string draft = beside + "/voltd.db";
    {
        Result<OpenedDatabase> made = open_database(draft, built_in_migrations(), {});
        if (!made) return made.failure().text;
        const Edit<Edited> edited = edit(made.value().connection, wanted, end_guard);
        if (!edited) return edited.failure().text;
    }
    if (owner) give_to_voltd(draft, 0660);
    std::error_code wrong;
    fs::rename(draft, path, wrong);
    return wrong ? std::optional("the database cannot be put at " + path + ": " + wrong.message()) : std::nullopt;
}

}  // namespace volt::ctl::init
