#include "drivers/store/settings/settings.hpp"

#include <sqlite3.h>

#include "drivers/store/schema/migrations.hpp"
#include "drivers/store/settings/io.hpp"
#include "drivers/store/settings/row.hpp"
#include "drivers/store/settings/sum.hpp"
#include "rules/names.hpp"

namespace volt {

namespace {

/// Selects the site's preferences: those of the first user, or of the default rows' fixed id if it exists.
const char* const site_preferences =
    "SELECT * FROM user_preferences ORDER BY user_id <> 'a0000000-0000-0000-0000-000000000001', created_at, id LIMIT 1";

/// Notes the remaining rows, which exceed the limit.
void note_left_out(Statement& row, const char* table, Settings& into) {
    constexpr std::size_t most_named = 10;
    std::size_t count = 0;
    std::string names;
    do {
        if (++count <= most_named) names += (count > 1 ? ", " : "") + row.text(row.column("slug"));
    } while (row.row());
    if (count > most_named) names += " and " + std::to_string(count - most_named) + " more";
    into.left_out.push_back(std::string(table) + " has " + std::to_string(most_settings_rows + count) + " rows, at most " +
                            std::to_string(most_settings_rows) + " are used; skipped: " + names);
}

}  // namespace

void add_problems(Settings& settings, const std::string& row, const std::vector<SettingProblem>& problems, const char* instead) {
    for (const SettingProblem& problem : problems) settings.problems.push_back(row + ": " + text_of(problem) + "; " + instead);
}

std::int64_t settings_revision(Connection& db) { return db.number("SELECT revision FROM settings_revision").value_or(-1); }

Settings default_settings() {
    Settings settings;
    Result<Connection> db = Connection::open(":memory:", OpenMode::create);
    if (db && migrate(db.value(), built_in_migrations()).ok())
        if (Result<Settings> read = read_settings(db.value(), settings); read) settings = std::move(read.value());
    settings.revision = no_file;
    return settings;
}

SqlStatus read_settings_inside(Connection& db, const Settings& previous, Settings& into) {
    into.revision = settings_revision(db);
    Statement preferences = db.prepare(site_preferences);
    if (preferences.row()) {
        read_preferences(db, preferences, previous, into);
    } else {
        if (!preferences.status().ok()) return preferences.status();
        into = previous;
        into.miners.clear(), into.zones.clear();
        into.revision = settings_revision(db);
        into.problems = {"user_preferences: no row; using the last good values, or the defaults"};
    }
    Statement miners = db.prepare("SELECT * FROM miner_profiles ORDER BY priority_level, created_at, id");
    bool more = false;
    while ((more = miners.row()) && into.miners.size() < most_settings_rows) add_miner(miners, previous, into);
    if (more) note_left_out(miners, "miner_profiles", into);
    if (!miners.status().ok()) return miners.status();
    Statement zones = db.prepare("SELECT * FROM hvac_zones ORDER BY created_at, id");
    while ((more = zones.row()) && into.zones.size() < most_settings_rows) add_zone(zones, previous, into);
    if (more) note_left_out(zones, "hvac_zones", into);
    return zones.status();
}

Result<Settings> read_settings(Connection& db, const Settings& previous) {
    Settings settings;
    if (SqlStatus begun = db.execute("BEGIN"); !begun.ok()) return begun.failure("cannot read the settings");
    const SqlStatus read = read_settings_inside(db, previous, settings);
    db.execute("COMMIT");
    if (!read.ok()) return read.failure("cannot read the settings");
    return settings;
}

std::string mode_in(Connection& db) {
    Statement query = db.prepare("SELECT operating_mode FROM user_preferences WHERE id = (SELECT id FROM (" +
                                 std::string(site_preferences) + "))");
    return query.row() ? query.text(0) : std::string();
}

SqlStatus write_mode(Connection& db, SiteMode mode, const std::string& who, const std::string& over, bool* overtaken) {
    Transaction transaction(db);
    if (!transaction.status().ok()) return transaction.status();
    if (!over.empty() && mode_in(db) != over) {
        *overtaken = true;
        return transaction.commit();
    }
    bool mended = false;
    if (SqlStatus checked = mend_settings(db, mended); !checked.ok()) return checked;
    if (SqlStatus named = begin_edit(db, who); !named.ok()) return named;
    SqlStatus written = db.prepare("UPDATE user_preferences SET operating_mode = ?1 WHERE id = (SELECT id FROM (" +
                                   std::string(site_preferences) + "))")
                            .bind(1, std::string_view(name_of(mode)))
                            .run();
    if (!written.ok()) return written;
    if (db.changes() != 1) return {SQLITE_CONSTRAINT, "there are no preferences to write the mode to"};
    if (SqlStatus ended = end_edit(db); !ended.ok()) return ended;
    return transaction.commit();
}

Result<std::optional<std::string>> read_rule_state(Connection& db) {
    Statement query = db.prepare("SELECT state FROM rule_state WHERE id = 1");
    if (query.row()) return std::optional<std::string>(query.text(0));
    if (!query.status().ok()) return query.status().failure("cannot read the rule state");
    return std::optional<std::string>();
}

}  // namespace volt
