// Facts about voltd on this computer: files and their rights, configuration, database, service.
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <set>
#include <sstream>

#include "daemon/config/charge_plan.hpp"
#include "daemon/config/check_night.hpp"
#include "daemon/config/uses.hpp"
#include "daemon/ctl/doctor/gather.hpp"
#include "daemon/ctl/doctor/run_program.hpp"
#include "daemon/ctl/talk/in_force.hpp"
#include "drivers/store/recovery/backup_log.hpp"
#include "drivers/store/recovery/maintenance.hpp"
#include "drivers/store/recovery/settings_copies.hpp"
#include "drivers/store/settings/read_only.hpp"
#include "drivers/store/store.hpp"

namespace volt::ctl::doctor {

namespace {

constexpr const char* service_account = "voltd";
constexpr std::chrono::seconds systemd_limit{5};
constexpr int quick_check_ms = 8000, busy_ms = 2000;

std::string name_of_user(uid_t user) {
    passwd entry{}, *found = nullptr;
    std::array<char, 4096> room{};
    const bool known = ::getpwuid_r(user, &entry, room.data(), room.size(), &found) == 0 && found != nullptr;
    return known ? found->pw_name : std::to_string(user);
}

PathRights rights_of(const std::string& path) {
    PathRights rights{.path = path};
    struct stat facts {};
    if (path.empty()) return rights;
    if (::stat(path.c_str(), &facts) != 0) {
        rights.seen = errno != EACCES;
        return rights;
    }
    rights.exists = true;
    rights.owner = facts.st_uid;
    rights.group = facts.st_gid;
    rights.mode = facts.st_mode;
    rights.owner_name = name_of_user(facts.st_uid);
    return rights;
}

/// Returns true if nothing has this absolute path. Does not judge a path that this user may not follow.
bool is_missing(const std::string& path) {
    struct stat facts {};
    return path.starts_with('/') && ::stat(path.c_str(), &facts) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

/// Returns the account that created the socket, else the service's own if the default files are examined.
std::optional<Account> account_of(const PathRights& socket, const std::string& config_path) {
    if (socket.exists) return Account{socket.owner, socket.group, socket.owner_name};
    passwd entry{}, *found = nullptr;
    std::array<char, 4096> room{};
    const bool known = ::getpwnam_r(service_account, &entry, room.data(), room.size(), &found) == 0 && found != nullptr;
    if (!known || config_path != default_config) return std::nullopt;
    return Account{found->pw_uid, found->pw_gid, found->pw_name};
}

std::optional<bool> is_in_group() {
    struct group entry {
    }, *found = nullptr;
    std::array<char, 4096> room{};
    if (::getgrnam_r(service_account, &entry, room.data(), room.size(), &found) != 0 || found == nullptr) return std::nullopt;
    if (::geteuid() == 0 || ::getegid() == found->gr_gid) return true;
    std::array<gid_t, 256> groups{};
    const int count = ::getgroups(static_cast<int>(groups.size()), groups.data());
    return count > 0 && std::find(groups.begin(), groups.begin() + count, found->gr_gid) != groups.begin() + count;
}

/// Reads voltd's files in /etc/credstore.
void read_credentials(const std::string& root, PermissionFacts& facts) {
    namespace fs = std::filesystem;
    const std::string directory = root + "/etc/credstore";
    facts.credentials_seen = ::access(directory.c_str(), R_OK) == 0 || errno == ENOENT;
    std::error_code failed;
    for (const fs::directory_entry& entry : fs::directory_iterator(directory, failed))
        if (entry.path().filename().string().starts_with("voltd.")) facts.credentials.push_back(rights_of(entry.path()));
}

std::string row_name(const Use& use, const Settings& settings) {
    const auto& slug = use.kind == UseKind::miner ? settings.miners[use.row].slug : settings.zones[use.row].slug;
    return (use.kind == UseKind::miner ? "miner " : "zone ") + slug;
}

/// Returns the findings that the groups `rules`, `charge` and the check `config.wired` report in their own words.
std::vector<std::string> reported_elsewhere(const ParsedConfig& parsed, const Settings& settings, const std::string& proven) {
    std::vector<std::string> known;
    const auto can_run = [&](const Miner& miner) { return output_index(*parsed.config, miner.output_id) != no_index; };
    for (const NightDoubt& doubt : night_doubts(settings.preferences, settings.miners, can_run))
        known.push_back(doubt.key + doubt.what);
    if (const auto finding = check_charge_guard(parsed, settings, proven)) known.push_back(finding->key + finding->what);
    return known;
}

std::int64_t days_since(std::int64_t then_s) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::max<std::int64_t>(0, (std::chrono::duration_cast<std::chrono::seconds>(now).count() - then_s) / 86400);
}

/// Runs the check itself, bounded by its own limit.
std::optional<std::string> quick_check_of(const std::string& path) {
    auto opened = open_reading(path, {.busy_ms = busy_ms, .check_ms = quick_check_ms});
    if (!opened) return std::nullopt;
    std::string complaint;
    const SqlStatus status = quick_check(opened.value(), quick_check_ms, complaint);
    return status.ok() ? std::optional(complaint) : std::nullopt;
}

std::int64_t whole_number(const std::string& text) {
    std::int64_t value = 0;
    std::istringstream(text) >> value;
    return value;
}

/// Reads `1min 30s`, `30s`, `0` or `infinity` of `systemctl show`.
std::int64_t microseconds(const std::string& text) {
    std::istringstream parts(text);
    std::int64_t sum = 0;
    for (std::string part; parts >> part;) {
        const std::int64_t value = whole_number(part);
        if (part.ends_with("min")) sum += value * 60'000'000;
        else if (part.ends_with("ms")) sum += value * 1000;
        else if (part.ends_with("s")) sum += value * 1'000'000;
    }
    return sum;
}

}  // namespace

PermissionFacts permission_facts(const Subject& subject) {
    PermissionFacts facts;
    facts.config = rights_of(subject.config_path);
    facts.directory = rights_of(std::filesystem::path(subject.database).parent_path());
    facts.database = rights_of(subject.database);
    facts.socket = rights_of(subject.socket);
    facts.token = rights_of(subject.config().api.token_file);
    facts.voltd = account_of(facts.socket, subject.config_path);
    facts.in_group = is_in_group();
    read_credentials(subject.root, facts);
    return facts;
}

ConfigFacts config_facts(const Subject& subject) {
    ConfigFacts facts{.path = subject.config_path};
    facts.hidden = ::access(subject.config_path.c_str(), R_OK) != 0 && errno == EACCES;
    const auto settings = [&](const std::string&) { return subject.settings; };
    facts.findings = check_file(subject.config_path, settings, peek_charge_proof);
    facts.not_in_force = not_in_force(subject.config_path);
    if (!subject.parsed.config || !subject.settings) return facts;
    facts.elsewhere = reported_elsewhere(subject.parsed, *subject.settings, peek_charge_proof(subject.database));
    std::set<std::string> unwired;
    for (const Use& use : uses_of(*subject.settings)) {
        if (!use.enabled || output_index(*subject.parsed.config, use.output_id) != no_index) continue;
        unwired.insert(row_name(use, *subject.settings));
    }
    facts.unwired.assign(unwired.begin(), unwired.end());
    // Each such row is also one warning of the configuration check, by its name.
    for (const Problem& it : facts.findings.warnings)
        if (it.what.find("is not defined in voltd.yaml") != std::string::npos ||
            it.what.find("is defined in voltd.yaml") != std::string::npos)
            facts.elsewhere.push_back(it.key + it.what);
    return facts;
}

DatabaseFacts database_facts(const Subject& subject) {
    DatabaseFacts facts{.path = subject.database};
    facts.voltd_runs = subject.voltd.runs;
    facts.hidden = ::access(subject.database.c_str(), R_OK) != 0 && errno == EACCES;
    if (facts.hidden) return facts;
    const Inspection seen = inspect(subject.database, built_in_migrations(), {.busy_ms = busy_ms, .check_ms = quick_check_ms});
    facts.condition = seen.condition;
    facts.text = seen.text;
    const auto state = database_state(subject.database, built_in_migrations());
    if (!state && facts.condition == Condition::sound) {
        facts.condition = Condition::unreadable;
        facts.text = state.failure().text;
    }
    if (!state || facts.condition != Condition::sound) return facts;
    facts.refused = state.value().refused;
    if (state.value().schema) {
        facts.version = state.value().schema->version;
        facts.latest = state.value().schema->latest;
        facts.pending = state.value().schema->pending;
    }
    facts.note = state.value().note;
    facts.complaint = quick_check_of(subject.database);
    if (!state.value().applied.empty())
        if (const auto made = seconds_of(state.value().applied.front().applied_at)) facts.age_days = days_since(*made);
    if (auto db = open_reading(subject.database, {.busy_ms = busy_ms, .check_ms = quick_check_ms})) {
        const BackupLog log = read_backup_log(db.value());
        if (log.newest) facts.backup_days = days_since(std::chrono::duration_cast<std::chrono::seconds>(*log.newest).count());
        facts.backup_error = log.error;
        if (is_missing(log.path)) facts.backup_gone = log.path;
    }
    struct stat newest {};
    if (!state.value().copies.empty() && ::stat(state.value().copies.front().path.c_str(), &newest) == 0)
        facts.newest_copy_days = days_since(newest.st_mtim.tv_sec);
    return facts;
}

ServiceFacts service_facts(const Subject& subject) {
    ServiceFacts facts;
    facts.voltd_runs = subject.voltd.runs;
    facts.installed_version = VOLT_VERSION;
    facts.running_version = word(part(subject.voltd.status, "site"), "version");
    facts.safe_mode = word(part(subject.voltd.status, "alarm/safe_mode"), "text");
    if (subject.config_path != default_config && subject.root.empty()) return facts;  // a voltd other than the service's
    const auto shown = run_program(
        {"systemctl", "show", "voltd.service", "--property=LoadState,ActiveState,UnitFileState,NRestarts,WatchdogUSec"},
        systemd_limit);
    if (!shown || shown->code != 0) return facts;
    std::istringstream lines(shown->text);
    for (std::string line; std::getline(lines, line);) {
        const auto at = line.find('=');
        if (at == std::string::npos) continue;
        const std::string key = line.substr(0, at), value = line.substr(at + 1);
        if (key == "LoadState") facts.managed = value == "loaded";
        else if (key == "ActiveState") facts.active = value;
        else if (key == "UnitFileState") facts.enabled = value;
        else if (key == "NRestarts") facts.restarts = whole_number(value);
        else if (key == "WatchdogUSec") facts.watchdog_us = microseconds(value);
    }
    return facts;
}

}  // namespace volt::ctl::doctor
