#include "drivers/store/recovery/maintenance.hpp"

#include <stdlib.h>

#include <filesystem>

#include "drivers/store/recovery/database.hpp"
#include "drivers/store/recovery/inspect.hpp"
#include "drivers/store/recovery/restore_notes.hpp"
#include "drivers/store/recovery/settings_copies.hpp"
#include "drivers/store/schema/difference.hpp"
#include "drivers/store/settings/accounts.hpp"
#include "drivers/store/settings/io.hpp"
#include "drivers/store/settings/sum.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "drivers/store/sqlite/lock.hpp"

namespace volt {

namespace {

Failure no_database(const std::string& path) { return {Fault::refused, "there is no database " + path}; }

std::vector<FileBeside> with_sizes(const std::vector<std::string>& files) {
    std::vector<FileBeside> sized;
    for (const std::string& file : files) sized.push_back({file, file_size(file)});
    return sized;
}

/// A temporary file.
class Scratch {
public:
    Scratch() {
        std::error_code failed;
        std::string name = (std::filesystem::temp_directory_path(failed) / "voltd-trial-XXXXXX").string();
        if (mkdtemp(name.data()) != nullptr) directory_ = name;
    }
    ~Scratch() {
        std::error_code ignored;
        if (!directory_.empty()) std::filesystem::remove_all(directory_, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    std::string file() const { return directory_ + "/trial.db"; }

private:
    std::string directory_;
};

/// Makes a copy of the database for trials, empty if there is no database.
Result<Connection> trial_copy(const std::string& path, const Scratch& scratch) {
    if (file_size(path) == 0) return Connection::open(scratch.file(), OpenMode::create);
    Result<Connection> db = open_reading(path, {});
    if (!db) return db;
    if (SqlStatus copied = db.value().execute("VACUUM INTO " + sql_quoted(scratch.file())); !copied.ok())
        return copied.failure("cannot copy " + path + " to " + scratch.file());
    return Connection::open(scratch.file(), OpenMode::read_write);
}

bool has_sessions(Connection& db) { return db.number("SELECT 1 FROM web_sessions LIMIT 1").has_value(); }

/// Adds findings about the settings' sum, and surplus rows.
void add_settings_complaints(Connection& db, std::vector<std::string>& complaints) {
    list_damage(db, complaints);
    if (const Result<Settings> settings = read_settings(db, Settings{}))
        for (const std::string& left_out : settings.value().left_out) complaints.push_back("settings_cut: " + left_out);
}

}  // namespace

Failure database_in_use(const std::string& path) {
    return {Fault::refused, path +
                                " is in use by voltd (or another `voltctl db`): stop it with `systemctl stop voltd`, "
                                "then run this command again"};
}

Result<DatabaseState> database_state(const std::string& path, const std::vector<Migration>& migrations) {
    DatabaseState state;
    state.path = path;
    state.in_use = DatabaseLock::is_held(path);
    state.bytes = file_size(path);
    state.wal_bytes = file_size(path + "-wal");
    state.copies = with_sizes(copies_of(path));
    state.aside = with_sizes(aside_of(path));
    if (const std::string copy = settings_copy_of(path); file_exists(copy)) state.settings_copy = {copy, file_size(copy)};
    state.exists = file_exists(path);
    if (state.bytes == 0) {
        state.schema = SchemaStatus{0, static_cast<int>(migrations.size()), {}};
        for (const Migration& migration : migrations) state.schema->pending.push_back(migration.name);
        return state;
    }
    Result<Connection> db = open_reading(path, {});
    if (!db) return db.failure();
    state.tables = count_rows(db.value());
    if (auto applied = recorded_migrations(db.value(), migrations)) state.applied = std::move(applied.value());
    Result<SchemaStatus> schema = schema_status(db.value(), migrations);
    if (schema) {
        state.schema = schema.value();
        state.note = standing_note(db.value()).value_or("");
    } else if (schema.failure().fault == Fault::refused) {
        state.refused = schema.failure().text;
    } else {
        return schema.failure();
    }
    return state;
}

Result<MigrationReport> migrate_database(const std::string& path, const std::vector<Migration>& migrations) {
    const std::string directory = std::filesystem::absolute(path).parent_path();
    if (!is_directory(directory))
        return Failure{Fault::refused, "there is no directory " + directory +
                                           ": check the path. voltd creates its own when it starts; "
                                           "for a database elsewhere, create the directory first, owned by voltd"};
    const auto lock = DatabaseLock::take(path);
    if (!lock) {
        // nothing to do is not an error
        const auto state = database_state(path, migrations);
        if (state && state.value().schema && state.value().schema->pending.empty()) return MigrationReport{};
        return Failure{Fault::refused, path + " is in use by voltd, which migrates when it starts: `systemctl restart voltd`"};
    }
    const Inspection found = inspect(path, migrations, {});
    if (found.condition == Condition::broken)
        return Failure{Fault::wrong_device, path + " is damaged (" + found.text +
                                                "): restore a backup with `voltctl db restore`, or start voltd, which "
                                                "moves it aside and uses the newest copy"};
    if (found.condition == Condition::refused || found.condition == Condition::unreadable)
        return Failure{Fault::refused, path + ": " + found.text};
    Result<OpenedDatabase> opened = open_database(path, migrations, {});
    if (!opened) return opened.failure();
    MigrationReport report;
    report.copy = opened.value().copy;
    report.names = opened.value().applied;
    report.notes = opened.value().notes;
    return report;
}

Result<TrialReport> try_migrations(const std::string& path, const std::vector<Migration>& migrations) {
    const Scratch scratch;
    Result<Connection> copy = trial_copy(path, scratch);
    if (!copy) return copy.failure();
    Connection& db = copy.value();
    const std::vector<SchemaObject> before = schema_of(db);
    Result<std::vector<std::string>> applied = migrate(db, migrations);
    if (!applied) return applied.failure();
    TrialReport report{applied.value(), schema_difference(before, schema_of(db)), {}};
    Result<std::vector<std::string>> complaints = verify(db, migrations);
    if (!complaints) return complaints.failure();
    report.complaints = complaints.value();
    return report;
}

Result<std::vector<std::string>> verify_database(const std::string& path, const std::vector<Migration>& migrations) {
    if (file_size(path) == 0) return no_database(path);
    Result<Connection> db = open_reading(path, {});
    if (!db) return db.failure();
    std::vector<std::string> complaints = integrity_complaints(db.value());
    Result<std::vector<std::string>> more = verify(db.value(), migrations);
    // Without a schema no query could complain.
    if (const auto schema = schema_status(db.value(), migrations); schema && schema.value().version == 0)
        complaints.push_back(
            "it has no voltd tables: no migration was applied. voltd fills it when it starts (so does "
            "`voltctl db migrate`); if it had settings, restore a backup with `voltctl db restore`");
    // A damaged file may not have a readable version: then the damage is the answer.
    if (!more && (complaints.empty() || more.failure().fault == Fault::refused)) return more.failure();
    if (more) complaints.insert(complaints.end(), more.value().begin(), more.value().end());
    add_settings_complaints(db.value(), complaints);
    return complaints;
}

Result<std::int64_t> acknowledge_restore(const std::string& path, const std::vector<Migration>& migrations) {
    if (file_size(path) == 0) return no_database(path);
    Result<Connection> db = Connection::open(path, OpenMode::read_write);
    if (!db) return db.failure();
    db.value().busy_timeout(DatabaseOptions{}.busy_ms);
    const Result<SchemaStatus> schema = schema_status(db.value(), migrations);
    if (!schema) return schema.failure();
    return acknowledge_notes(db.value());
}

Result<MigrationReport> roll_back_database(const std::string& path, const std::vector<Migration>& migrations, int version) {
    if (file_size(path) == 0) return no_database(path);
    const auto lock = DatabaseLock::take(path);
    if (!lock) return database_in_use(path);
    const Inspection found = inspect(path, migrations, {});
    if (found.condition != Condition::sound) return Failure{Fault::refused, path + ": " + found.text};
    Result<Connection> opened = Connection::open(path, OpenMode::read_write);
    if (!opened) return opened.failure();
    Connection& db = opened.value();
    db.busy_timeout(DatabaseOptions{}.busy_ms);
    Result<SchemaStatus> schema = schema_status(db, migrations);
    if (!schema) return schema.failure();
    if (std::string wrong = rollback_problem(schema.value(), version); !wrong.empty()) return Failure{Fault::refused, wrong};
    MigrationReport report;
    if (schema.value().version == version) return report;
    const bool had_sessions = has_sessions(db);
    Result<std::string> copy = copy_database(db, path);
    if (!copy) return copy.failure();
    report.copy = copy.value();
    Result<std::vector<std::string>> undone = roll_back(db, migrations, version);
    if (!undone) return Failure{undone.failure().fault, undone.failure().text + "; the previous state is in " + report.copy};
    report.names = undone.value();
    if (had_sessions && !has_sessions(db)) report.notes.emplace_back(sign_in_again);
    return report;
}

}  // namespace volt
