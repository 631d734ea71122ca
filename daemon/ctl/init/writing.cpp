#include "daemon/ctl/init/writing.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "daemon/config/check.hpp"
#include "daemon/config/config_changes.hpp"
#include "daemon/config/reach.hpp"
#include "daemon/ctl/init/answers.hpp"
#include "daemon/ctl/init/site_rows.hpp"
#include "daemon/ctl/talk/whole_file.hpp"
#include "daemon/ctl/views/settings_view.hpp"
#include "daemon/host/sun.hpp"
#include "drivers/source.hpp"
#include "drivers/store/settings/open.hpp"
#include "drivers/store/sqlite/files.hpp"

namespace volt::ctl::init {

namespace {

namespace fs = std::filesystem;

constexpr unsigned public_mode = 0644, secret_mode = 0600, state_mode = 02770;
constexpr int most_others = 9;  ///< maximum files beside an existing one
constexpr const char* no_guard =
    "charge_guard: no answer; no zone stops charging below freezing. Set block_charging_enabled: true in the zone of the "
    "battery, or answer charge_guard: none";
constexpr const char* credential = "/etc/credstore/voltd.mqtt.password";

std::vector<std::string> sentences(const std::vector<Problem>& problems) {
    std::vector<std::string> texts;
    for (const Problem& it : problems) texts.push_back(text_of(it));
    return texts;
}

void check(Draft& draft, const Edited& edited, const std::string& output) {
    ParsedConfig parsed = parse_config(draft.file, output);
    draft.problems = sentences(parsed.problems);
    draft.warnings = sentences(parsed.warnings);
    if (!parsed.config) return;
    const Findings found = check_settings(parsed, edited.after);
    for (const std::string& it : sentences(found.problems)) draft.problems.push_back(it);
    for (const std::string& it : sentences(found.warnings)) draft.warnings.push_back(it);
}

/// Lists the settings of the answers that a database does not have. Changes nothing in it.
void note_settings(const Draft& draft, const std::string& database, Written& written) {
    constexpr std::size_t most_lines = 400;
    std::error_code none;
    if (!fs::exists(database, none)) return;
    auto db = open_settings(database, true);
    EditRequest trial{"voltctl init", true};
    trial.end_guard = true;
    const Edit<Edited> edited = db ? replace_records(db.value(), draft.rows, trial) : Edit<Edited>(db.failure());
    if (!edited) {
        written.notes.push_back("The settings in " + database + " were not compared: " + edited.failure().text);
        return;
    }
    std::vector<std::string> lines = change_lines(edited.value().rows, Paint{});
    if (lines.empty()) return;
    if (lines.size() > most_lines) lines.resize(most_lines);
    written.notes.push_back("The settings in " + database + " stay as they are. These answers differ from them:");
    for (const std::string& it : lines) written.notes.push_back("  " + it);
    written.notes.emplace_back(
        "To take them: voltctl prefs set FIELD=VALUE, voltctl miners set|add|remove, voltctl zones set|add|remove");
}

/// Creates the database with these settings, or leaves an existing one unchanged. Returns an empty string, or the error.
std::string prepare_database(const Draft& draft, const Targets& targets, bool& made, Written& written) {
    const std::string path = targets.draft_database.empty() ? targets.database : targets.draft_database;
    std::error_code none;
    if (fs::exists(path, none)) {
        written.notes.push_back(path + " already exists: its settings are not changed (voltctl prefs, miners, zones)");
        note_settings(draft, path, written);
        return {};
    }
    const std::string directory = fs::absolute(path, none).parent_path().string();
    const bool own = targets.as_service && path == Targets{}.database;
    if (!own && !fs::is_directory(directory, none)) return "there is no directory " + directory;
    if (own && !fs::exists(directory, none)) {  // systemd creates it at the first start
        fs::create_directories(directory, none);
        give_to_voltd(directory, state_mode);
    }
    if (const auto failure =
            make_database(fs::absolute(path, none).string(), draft.rows, draft.end_guard, draft.owner, targets.as_service))
        return *failure;
    made = true;
    return {};
}

/// Compares an existing file, and chooses a free name beside it. Returns an empty string, or the error.
std::string choose_other(const Draft& draft, const std::string& path, Written& written) {
    const auto before = read_whole_file(path, most_config_bytes);
    if (!before) return path + " exists, and is no file of at most 256 kB";
    written.notes.push_back(path + " already exists and is not changed. The new one differs in:");
    for (const std::string& it : changed_keys(*before, draft.file)) written.notes.push_back("  " + it);
    note_settings(draft, read_reach(path).database, written);
    struct stat there {};
    for (int number = 1; number <= most_others; ++number) {
        written.path = path + ".new" + (number == 1 ? "" : "." + std::to_string(number));
        if (::lstat(written.path.c_str(), &there) != 0) return {};
    }
    return path + ".new to .new." + std::to_string(most_others) + " already exist; remove those that you do not need";
}

}  // namespace

void use_database(Targets& targets, const std::string& database) {
    const fs::path path = fs::absolute(database).lexically_normal();
    targets.database = path.string();
    targets.draft_database.clear();
    if (targets.output != Targets{}.output) targets.token_file = (path.parent_path() / "token").string();
}

Draft draft_of(const Json& answers, const FileHead& head, const Targets& targets, bool end_guard) {
    Json complete = answers;
    complete["database"] = targets.database;
    if (!targets.token_file.empty()) {
        if (has_none(complete, "api")) complete["api"] = Json::object();
        complete["api"].emplace("token_file", targets.token_file);
    }
    Draft draft;
    draft.end_guard = end_guard;
    draft.file = site_file(complete, head);
    draft.rows = wanted_rows(answers);
    draft.owner = owner_of(answers);
    const Edit<Edited> tried = try_rows(draft.rows, end_guard, draft.owner);
    if (!tried) {
        for (const EditProblem& it : tried.failure().problems)
            draft.problems.push_back(it.field == "block_charging_enabled" && !end_guard ? no_guard : it.text);
        if (draft.problems.empty()) draft.problems.push_back(tried.failure().text);
        return draft;
    }
    draft.changes = tried.value().rows;
    draft.settings = tried.value().after;
    check(draft, tried.value(), targets.output);
    draft.notes = bank_notes(answers);
    if (const auto place = place_of(answers))
        if (const std::string doubt = zone_doubt(tried.value().after.timezone, *place, wall_now()); !doubt.empty())
            draft.warnings.push_back("timezone: " + doubt);
    return draft;
}

Written write_site(const Draft& draft, const Targets& targets) {
    Written written;
    std::error_code none;
    struct stat facts {};
    written.path = targets.output;
    bool made = false;
    if (::lstat(targets.output.c_str(), &facts) == 0) {
        written.beside = true;
        written.failure = choose_other(draft, targets.output, written);
    } else if (!fs::is_directory(directory_of(targets.output), none)) {
        written.failure = "there is no directory " + directory_of(targets.output);
    } else {
        written.failure = prepare_database(draft, targets, made, written);
    }
    if (written.failure.empty()) written.failure = write_file_whole(written.path, draft.file, public_mode);
    if (!written.failure.empty() && made)
        fs::remove(targets.draft_database.empty() ? targets.database : targets.draft_database, none);
    if (!written.failure.empty() || targets.draft_database.empty() || !made) return written;
    written.notes.emplace_back("Install both:");
    written.notes.push_back("  sudo install -m 644 " + written.path + " /etc/voltd/voltd.yaml");
    written.notes.push_back("  sudo install -d -o voltd -g voltd -m 2770 /var/lib/voltd");
    written.notes.push_back("  sudo install -o voltd -g voltd -m 660 " + targets.draft_database + " " + targets.database);
    return written;
}

std::vector<std::string> next_commands(const Targets& targets, const std::string& program) {
    if (targets.token_file.empty()) return {"sudo systemctl start voltd", "voltctl doctor", "voltctl login"};
    const fs::path ctl(program);
    const std::string voltd = ctl.has_parent_path() ? (ctl.parent_path() / "voltd").string() : "voltd";
    return {voltd + " --config " + targets.output, program + " --config " + targets.output + " status"};
}

std::string store_password(const std::string& password, const Targets& targets) {
    if (!targets.as_service || targets.output != Targets{}.output)
        return std::string("The broker's password: put it into ") + credential + " (root, mode 0600); init wrote it to no file.";
    std::error_code none;
    if (fs::exists(credential, none)) return std::string(credential) + " already exists and is not changed.";
    fs::create_directories(fs::path(credential).parent_path(), none);
    const std::string failure = write_file_whole(credential, password + "\n", secret_mode);
    return failure.empty() ? std::string("The broker's password is in ") + credential + ", which only root can read." : failure;
}

}  // namespace volt::ctl::init
