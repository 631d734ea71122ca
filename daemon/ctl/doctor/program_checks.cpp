// Checks of voltd on this computer: permissions, config, database, service.
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cctype>

#include "daemon/ctl/doctor/checks.hpp"
#include "daemon/ctl/doctor/tables.hpp"
#include "daemon/ctl/talk/error_output.hpp"
#include "drivers/store/settings/slug.hpp"
#include "drivers/text.hpp"

namespace volt::ctl::doctor {

namespace program_rows {

namespace {

constexpr std::int64_t oldest_copy_days = 8, oldest_backup_days = 30, most_restarts = 3;
constexpr mode_t others = S_IRWXO;

std::string mode_text(mode_t mode) { return fmt::format("{:04o}", mode & 07777u); }

bool may_read(const Account& account, const PathRights& path) {
    if (account.user == path.owner) return (path.mode & S_IRUSR) != 0;
    if (account.group == path.group) return (path.mode & S_IRGRP) != 0;
    return (path.mode & S_IROTH) != 0;
}

/// Returns an opinion if the path is missing or hidden from this user, so that there is nothing to judge.
std::optional<Opinion> unseen(const PathRights& path, const char* missing) {
    if (!path.seen) return skipped(path.path + ": permission denied", join_the_group);
    if (!path.exists) return skipped(path.path.empty() ? missing : fmt::format("{} {}", path.path, missing));
    return std::nullopt;
}

Opinion config_file(const PermissionFacts& facts) {
    if (auto nothing = unseen(facts.config, "does not exist")) return *nothing;
    const std::string text = fmt::format("{} has mode {}", facts.config.path, mode_text(facts.config.mode));
    if ((facts.config.mode & S_IWOTH) != 0)
        return fail(text + ": every user of this computer may change what voltd switches", "sudo chmod o-w " + facts.config.path);
    if (facts.voltd && !may_read(*facts.voltd, facts.config))
        return fail(fmt::format("{}: user {} cannot read it", text, facts.voltd->name),
                    fmt::format("sudo chgrp {0} {1}; sudo chmod 0640 {1}", facts.voltd->name, facts.config.path));
    return ok(text);
}

std::optional<Opinion> foreign_owner(const PermissionFacts& facts, const PathRights& path) {
    if (!facts.voltd || facts.voltd->user == path.owner) return std::nullopt;
    return fail(fmt::format("{} belongs to {}, not to {}", path.path, path.owner_name, facts.voltd->name),
                fmt::format("sudo chown {0}:{0} {1}", facts.voltd->name, path.path));
}

/// Checks a path that only voltd and its group may open.
Opinion closed(const PermissionFacts& facts, const PathRights& path, const char* missing, const char* why) {
    if (auto nothing = unseen(path, missing)) return *nothing;
    if (auto wrong = foreign_owner(facts, path)) return *wrong;
    const std::string text = fmt::format("{} has mode {}", path.path, mode_text(path.mode));
    if ((path.mode & others) != 0) return fail(fmt::format("{}: {}", text, why), "sudo chmod o-rwx " + path.path);
    return ok(text);
}

Opinion state(const PermissionFacts& facts) {
    if (auto nothing = unseen(facts.directory, "does not exist")) return *nothing;
    if (auto wrong = foreign_owner(facts, facts.directory)) return *wrong;
    if ((facts.directory.mode & S_IWOTH) != 0)
        return fail(fmt::format("{} has mode {}: every user of this computer may replace the database", facts.directory.path,
                                mode_text(facts.directory.mode)),
                    "sudo chmod o-w " + facts.directory.path);
    return closed(facts, facts.database, "does not exist yet", "every user of this computer may open the database");
}

Opinion socket(const PermissionFacts& facts) {
    return closed(facts, facts.socket, "does not exist: voltd is not running",
                  "every user of this computer can control the site as its owner");
}

Opinion token(const PermissionFacts& facts) {
    return closed(facts, facts.token, "does not exist: voltd is not running", "every user of this computer can read the token");
}

Opinion credstore(const PermissionFacts& facts) {
    if (!facts.credentials_seen) return skipped("/etc/credstore cannot be read by this user", "run with sudo");
    if (facts.credentials.empty()) return ok("no password of voltd is in /etc/credstore");
    for (const PathRights& it : facts.credentials) {
        if (it.owner == 0 && (it.mode & (S_IRWXG | S_IRWXO)) == 0) continue;
        return fail(fmt::format("{} belongs to {} and has mode {}", it.path, it.owner_name, mode_text(it.mode)),
                    fmt::format("sudo chown root:root {0}; sudo chmod 0600 {0}", it.path));
    }
    return ok("only root can read the passwords in /etc/credstore");
}

Opinion group(const PermissionFacts& facts) {
    if (!facts.in_group) return skipped("this computer has no group voltd");
    if (*facts.in_group) return ok("this user can use voltctl");
    return warn("this user is not in the group voltd", "sudo usermod -aG voltd $USER, then log in again");
}

// ---- config

/// Returns `outputs[0].lease_s` unchanged, and `miner Dump Load S19 #1` as `miner.dump-load-s19-1`.
std::string id_of(const std::string& key) {
    if (key.empty()) return "file";
    const auto plain = [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '_' || c == '.' || c == '[' || c == ']' || c == '-';
    };
    if (std::all_of(key.begin(), key.end(), plain)) return key;
    const auto space = key.find(' ');
    if (space == std::string::npos) return make_slug(key);
    return make_slug(key.substr(0, space)) + "." + make_slug(key.substr(space + 1));
}

std::string place_of(const Problem& problem) {
    return problem.place.line > 0 ? fmt::format("{}:{}: ", problem.file, problem.place.line) : "";
}

void add_findings(std::vector<Check>& checks, const ConfigFacts& facts, const std::vector<Problem>& problems, Outcome outcome) {
    for (const Problem& it : problems) {
        if (std::find(facts.elsewhere.begin(), facts.elsewhere.end(), it.key + it.what) != facts.elsewhere.end()) continue;
        const std::string key = it.key.empty() ? "" : it.key + ": ";
        const std::string right = it.right.advice || it.right.text.empty() ? it.right.text : "expected " + it.right.text;
        checks.push_back({"config." + id_of(it.key), {outcome, place_of(it) + key + it.what, right}});
    }
}

Opinion running(const ConfigFacts& facts) {
    if (facts.not_in_force.empty()) return ok("all changes to the file are active");
    return warn("the file is newer than the running configuration: " + comma_list(facts.not_in_force),
                "sudo systemctl reload voltd");
}

Opinion wired(const ConfigFacts& facts) {
    if (facts.unwired.empty()) return ok("every miner and zone in use has its output in voltd.yaml");
    return warn("no output in voltd.yaml for " + comma_list(facts.unwired),
                "add the output, or remove the row: voltctl miners rm SLUG, voltctl zones rm SLUG");
}

// ---- database

Opinion open(const DatabaseFacts& facts) {
    if (facts.hidden) return skipped(facts.path + ": permission denied", join_the_group);
    switch (facts.condition) {
        case Condition::sound: return ok(facts.path + " opens");
        case Condition::absent: return skipped(facts.path + " does not exist yet: voltd creates it when it starts");
        case Condition::refused:
            return fail(facts.path + ": " + facts.text, "use another database, or the voltd version that made it");
        case Condition::broken:
            return fail(facts.path + ": " + facts.text,
                        "sudo systemctl restart voltd: it moves the file aside and uses the newest good copy");
        case Condition::unreadable: break;
    }
    if (facts.text.find("locked") != std::string::npos)
        return fail(facts.path + ": " + facts.text,
                    "stop the program that holds it (sudo fuser " + facts.path + "), then: voltctl doctor database");
    return fail(facts.path + ": " + facts.text, "sudo voltctl doctor database; then voltctl db verify");
}

std::optional<Opinion> closed_database(const DatabaseFacts& facts) {
    if (facts.condition == Condition::sound && !facts.hidden) return std::nullopt;
    return skipped("the database was not opened");
}

Opinion schema(const DatabaseFacts& facts) {
    if (auto nothing = closed_database(facts)) return *nothing;
    if (!facts.refused.empty())
        return fail(facts.refused, "install the voltd version that made it, or: voltctl db rollback --help");
    if (facts.pending.empty()) return ok(fmt::format("schema {} is the latest", facts.version));
    const std::string text = fmt::format("schema {} of {}; pending: {}", facts.version, facts.latest, comma_list(facts.pending));
    if (facts.voltd_runs) return fail(text, "sudo systemctl restart voltd: an older one is still running");
    return ok(text + "; voltd applies them when it starts");
}

Opinion quick_check_result(const DatabaseFacts& facts) {
    if (auto nothing = closed_database(facts)) return *nothing;
    if (!facts.complaint) return skipped("the file was not checked in time");
    if (facts.complaint->empty()) return ok("the structure of the file is sound");
    return fail(*facts.complaint, "sudo systemctl restart voltd: it moves the file aside and uses the newest good copy");
}

Opinion restored(const DatabaseFacts& facts) {
    if (auto nothing = closed_database(facts)) return *nothing;
    if (facts.note.empty()) return ok("no restored database is waiting for your check");
    return fail(facts.note, "check the settings (voltctl settings history), then: voltctl db acknowledge");
}

Opinion copies(const DatabaseFacts& facts) {
    if (auto nothing = closed_database(facts)) return *nothing;
    if (facts.newest_copy_days && *facts.newest_copy_days < oldest_copy_days)
        return ok(fmt::format("the newest complete copy beside it is {} days old", *facts.newest_copy_days));
    if (facts.age_days && *facts.age_days < oldest_copy_days)
        return ok(fmt::format("the database is {} days old", *facts.age_days));
    const std::string text = facts.newest_copy_days
                                 ? fmt::format("the newest complete copy beside it is {} days old", *facts.newest_copy_days)
                                 : "there is no complete copy beside it";
    return warn(text, "sudo voltctl backup /media/stick/voltd");
}

Opinion backup(const DatabaseFacts& facts) {
    constexpr const char* remedy =
        "sudo voltctl backup /media/stick/voltd; weekly: backup: { to: /media/stick/voltd } in voltd.yaml";
    if (auto nothing = closed_database(facts)) return *nothing;
    if (!facts.backup_error.empty()) return warn("the last two backups failed: " + facts.backup_error, remedy);
    if (!facts.backup_gone.empty())
        return warn("the newest backup is missing: " + facts.backup_gone + " (is the stick mounted?)", remedy);
    if (facts.backup_days && *facts.backup_days < oldest_backup_days)
        return ok(fmt::format("the newest backup is {} days old", *facts.backup_days));
    if (facts.backup_days) return warn(fmt::format("the newest backup is {} days old", *facts.backup_days), remedy);
    if (facts.age_days && *facts.age_days < oldest_backup_days)
        return ok(fmt::format("no backup yet; the database is {} days old", *facts.age_days));
    return warn("there is no backup: if this card dies, settings and history are gone", remedy);
}

// ---- service

std::optional<Opinion> unmanaged(const ServiceFacts& facts) {
    if (facts.managed) return std::nullopt;
    return skipped(facts.voltd_runs ? "voltd runs, but not as a service of systemd" : "systemd has no service voltd here");
}

Opinion active(const ServiceFacts& facts) {
    if (!facts.managed && facts.voltd_runs) return ok("voltd runs, but not as a service of systemd");
    if (auto nothing = unmanaged(facts)) return *nothing;
    if (facts.active == "active") return ok("the service is active");
    return fail("the service is " + facts.active, "sudo systemctl start voltd; journalctl -u voltd -n 20 shows why it ended");
}

Opinion enabled(const ServiceFacts& facts) {
    if (auto nothing = unmanaged(facts)) return *nothing;
    if (facts.enabled == "enabled") return ok("the service starts at boot");
    return warn("the service is " + facts.enabled + ": it does not start at boot", "sudo systemctl enable voltd");
}

Opinion restarts(const ServiceFacts& facts) {
    if (!facts.safe_mode.empty())
        return fail(facts.safe_mode, "journalctl -u voltd shows the crashes; then: voltctl safe-mode end");
    if (!facts.managed) return facts.voltd_runs ? ok("safe mode is not on") : skipped("systemd has no service voltd here");
    const std::string text = fmt::format("systemd restarted it {} times since it was started", facts.restarts);
    if (facts.restarts <= most_restarts) return ok(text);
    return warn(text, "journalctl -u voltd -p warning");
}

Opinion watchdog(const ServiceFacts& facts) {
    if (auto nothing = unmanaged(facts)) return *nothing;
    if (facts.watchdog_us > 0)
        return ok(fmt::format("systemd restarts it after {} s without a heartbeat", facts.watchdog_us / 1'000'000));
    return fail("the watchdog of the service is off: a hung voltd would not be restarted",
                "systemctl cat voltd, and remove what overrides WatchdogSec");
}

Opinion version(const ServiceFacts& facts) {
    if (facts.running_version.empty()) return skipped("voltd did not report its version");
    if (facts.running_version == facts.installed_version) return ok("voltd " + facts.running_version + " runs and is installed");
    return warn(fmt::format("voltd {} runs, {} is installed", facts.running_version, facts.installed_version),
                "sudo systemctl restart voltd");
}

constexpr CheckRow<PermissionFacts> permissions[] = {{"config", config_file}, {"state", state},         {"socket", socket},
                                                     {"token", token},        {"credstore", credstore}, {"group", group}};
constexpr CheckRow<ConfigFacts> config[] = {{"running", running}, {"wired", wired}};
constexpr CheckRow<DatabaseFacts> database[] = {{"open", open},         {"schema", schema}, {"quick_check", quick_check_result},
                                                {"restored", restored}, {"copies", copies}, {"backup", backup}};
constexpr CheckRow<ServiceFacts> service[] = {
    {"active", active}, {"enabled", enabled}, {"restarts", restarts}, {"watchdog", watchdog}, {"version", version}};

}  // namespace

}  // namespace program_rows

std::vector<Check> permission_checks(const PermissionFacts& facts) {
    return judged("permissions", program_rows::permissions, facts);
}

std::vector<Check> config_checks(const ConfigFacts& facts) {
    if (facts.hidden) return {{"config.file", skipped(facts.path + ": permission denied", join_the_group)}};
    std::vector<Check> checks;
    program_rows::add_findings(checks, facts, facts.findings.problems, Outcome::fail);
    if (checks.empty()) checks.push_back({"config.file", ok(facts.path + " has no problems")});
    program_rows::add_findings(checks, facts, facts.findings.warnings, Outcome::warn);
    for (Check& check : judged("config", program_rows::config, facts)) checks.push_back(std::move(check));
    return checks;
}

std::vector<Check> database_checks(const DatabaseFacts& facts) { return judged("database", program_rows::database, facts); }
std::vector<Check> service_checks(const ServiceFacts& facts) { return judged("service", program_rows::service, facts); }

void add_program_names(Catalog& catalog) {
    catalog.push_back({"permissions", names_in(program_rows::permissions)});
    catalog.push_back({"config", {"file", "KEY"}});
    for (std::string& name : names_in(program_rows::config)) catalog.back().second.push_back(std::move(name));
    catalog.push_back({"database", names_in(program_rows::database)});
    catalog.push_back({"service", names_in(program_rows::service)});
}

}  // namespace volt::ctl::doctor
