// db: commands status, migrate, verify, rollback, backup, restore, acknowledge. drivers/store does the work.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

#include "daemon/config/config.hpp"
#include "daemon/ctl/commands/commands.hpp"
#include "daemon/ctl/talk/database_option.hpp"
#include "daemon/ctl/talk/error_output.hpp"
#include "daemon/ctl/views/terminal.hpp"
#include "daemon/ctl/views/text.hpp"
#include "drivers/store/recovery/backup.hpp"
#include "drivers/store/recovery/maintenance.hpp"
#include "drivers/store/settings/accounts.hpp"
#include "drivers/store/sqlite/files.hpp"

namespace volt::ctl {

namespace {

constexpr const char* db_examples = R"(
Examples:
  voltctl db status                     version, size, copies
  voltctl db migrate --dry-run          what a migration would change, tried on a copy
  voltctl db verify                     check the file and its contents
  voltctl db backup /mnt/usb/voltd.db   a checked copy; works while voltd runs
  voltctl db acknowledge                clear the database_restored alarm after checking the data
  systemctl stop voltd; voltctl db restore /mnt/usb/voltd.db; systemctl start voltd
  systemctl stop voltd; voltctl db rollback --to 4    before an older voltd is installed

Uses the database of voltd's configuration unless --database is given. A copy is made before a migration or
rollback (<database>.copy-<time>; three are kept).)";

std::string size_text(std::uint64_t bytes) {
    if (bytes < 10'000) return fmt::format("{} bytes", bytes);
    if (bytes < 10'000'000) return fmt::format("{} kB", bytes / 1000);
    return fmt::format("{} MB", bytes / 1'000'000);
}

Json json_of(const std::vector<FileBeside>& files) {
    Json list = Json::array();
    for (const FileBeside& file : files) list.push_back({{"file", file.path}, {"bytes", file.bytes}});
    return list;
}

bool checksums_ok(const DatabaseState& state) {
    for (const AppliedMigration& it : state.applied)
        if (!it.known) return false;
    return true;
}

Json json_of(const DatabaseState& state) {
    Json applied = Json::array();
    for (const AppliedMigration& it : state.applied)
        applied.push_back({{"number", it.number},
                           {"name", it.name},
                           {"applied_at", it.applied_at},
                           {"duration_ms", it.duration_ms},
                           {"sha256", it.sha256},
                           {"checksum_ok", it.known}});
    Json object{{"database", state.path}, {"exists", state.exists}, {"in_use", state.in_use}};
    object["version"] = state.applied.empty() ? 0 : state.applied.back().number;
    object["latest"] = built_in_migrations().size();
    object["pending"] = state.schema ? Json(state.schema->pending) : Json(nullptr);
    object["checksums_ok"] = checksums_ok(state);
    object["refused"] = state.refused.empty() ? Json(nullptr) : Json(state.refused);
    object["bytes"] = state.bytes;
    object["wal_bytes"] = state.wal_bytes;
    object["applied"] = applied;
    object["copies"] = json_of(state.copies);
    object["aside"] = json_of(state.aside);
    object["tables"] = Json::object();
    for (const TableRows& table : state.tables) object["tables"][table.name] = table.rows ? Json(*table.rows) : Json(nullptr);
    object["note"] = state.note.empty() ? Json(nullptr) : Json(state.note);
    object["settings_copy"] = state.settings_copy ? Json(state.settings_copy->path) : Json(nullptr);
    return object;
}

std::string version_line(const DatabaseState& state) {
    const std::int64_t version = state.applied.empty() ? 0 : state.applied.back().number;
    if (!state.schema) return fmt::format("{}; this program's latest is {}", version, built_in_migrations().size());
    if (state.schema->pending.empty()) return fmt::format("{}, the latest", version);
    return fmt::format("{} of {}; pending: {}", version, state.schema->latest, fmt::join(state.schema->pending, ", "));
}

void print_files(const char* title, const std::vector<FileBeside>& files) {
    for (std::size_t i = 0; i < files.size(); ++i)
        fmt::print("{:<10} {} ({})\n", i == 0 ? title : "", files[i].path, size_text(files[i].bytes));
}

void print_state(const DatabaseState& state) {
    fmt::print("{:<10} {}{}\n", "database", state.path, state.in_use ? ", in use by voltd" : "");
    if (!state.exists) {
        fmt::print("{:<10} does not exist yet: voltd creates it when it starts, or run `voltctl db migrate`\n", "");
    } else {
        fmt::print("{:<10} {}\n", "schema", version_line(state));
        fmt::print("{:<10} {}\n", "checksums", checksums_ok(state) ? "ok" : "not those of this program");
        fmt::print("{:<10} {}, WAL {}\n", "size", size_text(state.bytes), size_text(state.wal_bytes));
    }
    for (std::size_t i = 0; i < state.tables.size(); ++i)
        fmt::print("{:<10} {:<26} {:>10}\n", i == 0 ? "rows" : "", state.tables[i].name,
                   state.tables[i].rows ? std::to_string(*state.tables[i].rows) : "many");
    if (!state.note.empty()) fmt::print("{:<10} {} (voltctl db acknowledge)\n", "note", state.note);
    print_files("copies", state.copies);
    print_files("aside", state.aside);
    if (state.settings_copy) print_files("settings", {*state.settings_copy});
}

int status(const std::string& path, bool json) {
    const auto state = database_state(path, built_in_migrations());
    if (!state) return refuse(json, state.failure().text);
    if (json) std::cout << json_of(state.value()).dump(2) << '\n';
    else print_state(state.value());
    std::cout.flush();
    if (state.value().refused.empty()) return exit_ok;
    std::cerr << "voltctl: voltd rejects it: " << state.value().refused << '\n';
    return exit_failed;
}

std::string difference_text(const std::vector<std::string>& lines) {
    const Paint paint = paint_for_output();
    std::string text;
    for (const std::string& line : lines) {
        const Colour colour = line[0] == '+' ? Colour::green : line[0] == '-' ? Colour::red : Colour::plain;
        text += paint(colour, line) + "\n";
    }
    return text;
}

int try_migrate(const std::string& path, bool json) {
    const auto trial = try_migrations(path, built_in_migrations());
    if (!trial) return refuse(json, trial.failure().text);
    const TrialReport& report = trial.value();
    const bool good = report.complaints.empty();
    if (json) {
        const Json object{{"would_apply", report.names}, {"difference", report.difference}, {"complaints", report.complaints}};
        std::cout << object.dump(2) << '\n';
        return good ? exit_ok : exit_failed;
    }
    if (report.names.empty()) fmt::print("Nothing to do: {} is at the latest version.\n", path);
    else
        fmt::print("{}Tried on a copy; {} is unchanged. Would apply: {}\n", difference_text(report.difference), path,
                   fmt::join(report.names, ", "));
    for (const std::string& complaint : report.complaints) fmt::print("problem afterwards: {}\n", complaint);
    return good ? exit_ok : exit_failed;
}

int print_migrations(const Result<MigrationReport>& done, bool json, const char* verb, const char* nothing) {
    if (!done) return refuse(json, done.failure().text);
    const MigrationReport& report = done.value();
    if (json) {
        const Json object{{verb, report.names}, {"copy", report.copy.empty() ? Json(nullptr) : Json(report.copy)}};
        std::cout << object.dump(2) << '\n';
        return exit_ok;
    }
    if (!report.copy.empty()) fmt::print("copied to {}\n", report.copy);
    for (const std::string& name : report.names) fmt::print("{} {}\n", verb, name);
    for (const std::string& note : report.notes) fmt::print("{}\n", note);
    if (report.names.empty()) fmt::print("{}\n", nothing);
    return exit_ok;
}

int verify(const std::string& path, bool json) {
    const auto complaints = verify_database(path, built_in_migrations());
    if (!complaints) return refuse(json, complaints.failure().text);
    const bool good = complaints.value().empty();
    if (json) {
        std::cout << Json{{"ok", good}, {"complaints", complaints.value()}}.dump(2) << '\n';
    } else {
        for (const std::string& complaint : complaints.value()) fmt::print("{}\n", complaint);
        fmt::print("{}: {}\n", path, good ? "ok" : "problems found, see above");
    }
    return good ? exit_ok : exit_failed;
}

/// Returns the file itself, or `voltd-<site>-<date>.db` in a directory.
std::string backup_file(const Program& program, const std::string& given) {
    if (!is_directory(given)) return given;
    const ParsedConfig parsed = load_config(program.address.config.value_or(default_config));
    const std::string site = parsed.config ? parsed.config->site + "-" : "", stamp = file_stamp();
    const std::string day = stamp.substr(0, 4) + "-" + stamp.substr(4, 2) + "-" + stamp.substr(6, 2);
    return given + (given.ends_with('/') ? "" : "/") + "voltd-" + site + day + ".db";
}

int backup(const std::string& path, const std::string& target, bool replace, bool json) {
    const auto done = back_up_database(path, built_in_migrations(), target, replace);
    if (!done) return refuse(json, done.failure().text);
    const BackupReport& report = done.value();
    if (json) std::cout << Json{{"file", report.file}, {"bytes", report.bytes}, {"version", report.version}}.dump(2) << '\n';
    else fmt::print("{}: {}, schema {}, checked\n", report.file, size_text(report.bytes), report.version);
    return exit_ok;
}

int restore(const std::string& path, const std::string& source, bool json) {
    const auto done = restore_database(path, built_in_migrations(), source);
    if (!done) return refuse(json, done.failure().text);
    const RestoreReport& report = done.value();
    if (json) {
        const Json object{{"restored", source},
                          {"version", report.version},
                          {"migrated", report.migrated},
                          {"aside", report.aside.empty() ? Json(nullptr) : Json(report.aside)},
                          {"sessions", report.sessions}};
        std::cout << object.dump(2) << '\n';
        return exit_ok;
    }
    for (const std::string& name : report.migrated) fmt::print("applied {}\n", name);
    fmt::print("{} is now a copy of {}\n", path, source);
    if (!report.aside.empty()) fmt::print("the previous file is {}\n", report.aside);
    if (report.sessions == 0) fmt::print("{}\n", sign_in_again);
    return exit_ok;
}

int acknowledge(const std::string& path, bool json) {
    const auto done = acknowledge_restore(path, built_in_migrations());
    if (!done) return refuse(json, done.failure().text);
    if (json) std::cout << Json{{"acknowledged", done.value()}}.dump(2) << '\n';
    else if (done.value() == 0) fmt::print("Nothing to do: that alarm is not active.\n");
    else fmt::print("The alarm database_restored is cleared.\n");
    return exit_ok;
}

/// Runs `command` with the path of the database. `damaged_too`: even if the file is not a sound database.
template <class Command>
void on_database(CLI::App* part, Program& program, const std::shared_ptr<DatabaseChoice>& choice, Command command,
                 bool damaged_too = false) {
    on(part, program, [&program, choice, command, damaged_too] {
        const auto path = find_database(*choice, program.address, damaged_too);
        return path ? command(*path) : exit_failed;
    });
}

using Choice = std::shared_ptr<DatabaseChoice>;

void add_status(CLI::App& db, Program& program, const Choice& choice) {
    on_database(add_shown(db, program, "status", "show version, pending migrations, size and copies"), program, choice,
                [&program](const std::string& path) { return status(path, program.json); });
}

void add_migrate(CLI::App& db, Program& program, const Choice& choice) {
    CLI::App* part = add_shown(db, program, "migrate", "make a copy and apply pending migrations (voltd does so when it starts)");
    const auto dry = std::make_shared<bool>(false);
    part->add_flag("--dry-run", *dry, "try it on a temporary copy; prints the schema changes");
    on_database(part, program, choice, [&program, dry](const std::string& path) {
        if (*dry) return try_migrate(path, program.json);
        return print_migrations(migrate_database(path, built_in_migrations()), program.json, "applied",
                                "Nothing to do: it is at the latest version.");
    });
}

void add_verify(CLI::App& db, Program& program, const Choice& choice) {
    on_database(add_shown(db, program, "verify",
                          "check integrity, foreign keys and the queries of schema/*.verify.sql; exit 1 on problems"),
                program, choice, [&program](const std::string& path) { return verify(path, program.json); });
}

void add_acknowledge(CLI::App& db, Program& program, const Choice& choice) {
    on_database(add_shown(db, program, "acknowledge", "clear the database_restored alarm after checking the data"), program,
                choice, [&program](const std::string& path) { return acknowledge(path, program.json); });
}

void add_rollback(CLI::App& db, Program& program, const Choice& choice) {
    CLI::App* part = add_shown(db, program, "rollback", "make a copy and undo migrations; voltd must be stopped");
    const auto version = std::make_shared<int>(0);
    part->add_option("--to", *version, "number of the last migration to keep; 0 keeps none")
        ->type_name("N")
        ->required()
        ->check(CLI::NonNegativeNumber);
    on_database(part, program, choice, [&program, version](const std::string& path) {
        return print_migrations(roll_back_database(path, built_in_migrations(), *version), program.json, "undone",
                                "Nothing to do: it is at that version.");
    });
}

void add_backup(CLI::App& db, Program& program, const Choice& choice) {
    CLI::App* part = add_shown(db, program, "backup", "back up the whole database, checked; works while voltd runs");
    const auto target = std::make_shared<std::string>();
    const auto force = std::make_shared<bool>(false);
    part->add_option("file", *target, "the file to create, or a directory: DIR/voltd-<site>-<date>.db")
        ->type_name("FILE|DIR")
        ->required();
    part->add_flag("--force", *force, "replace an existing file");
    on_database(part, program, choice, [&program, target, force](const std::string& path) {
        return backup(path, backup_file(program, *target), *force, program.json);
    });
}

void add_restore(CLI::App& db, Program& program, const Choice& choice) {
    CLI::App* part = add_shown(db, program, "restore", "replace the database with a backup; voltd must be stopped");
    const auto source = std::make_shared<std::string>();
    part->add_option("file", *source, "the backup; checked first, migrated if it is older")->type_name("FILE")->required();
    on_database(
        part, program, choice, [&program, source](const std::string& path) { return restore(path, *source, program.json); },
        true);
}

}  // namespace

void add_db_commands(Program& program) {
    CLI::App* db = add_plain(program.app, "db", "maintain the database: status, migrate, verify, rollback, backup, restore");
    db->require_subcommand(1);
    db->footer(db_examples);
    const auto choice = std::make_shared<DatabaseChoice>();
    add_database_option(*db, *choice);
    add_status(*db, program, choice);
    add_migrate(*db, program, choice);
    add_verify(*db, program, choice);
    add_rollback(*db, program, choice);
    add_backup(*db, program, choice);
    add_restore(*db, program, choice);
    add_acknowledge(*db, program, choice);
}

}  // namespace volt::ctl
