// backup, restore: saves everything of a site in one file, and restores it.
#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <iostream>
#include <memory>

#include "daemon/config/config.hpp"
#include "daemon/ctl/backup/making.hpp"
#include "daemon/ctl/backup/restoring.hpp"
#include "daemon/ctl/commands/commands.hpp"
#include "daemon/ctl/doctor/examination.hpp"
#include "daemon/ctl/doctor/report.hpp"
#include "daemon/ctl/talk/api_errors.hpp"
#include "daemon/ctl/talk/database_option.hpp"
#include "daemon/ctl/talk/error_output.hpp"
#include "daemon/ctl/views/terminal.hpp"
#include "daemon/ctl/views/text.hpp"
#include "drivers/store/settings/accounts.hpp"

namespace volt::ctl {

namespace {

constexpr const char* backup_examples = R"(
Examples:
  sudo voltctl backup /media/stick/voltd    voltd-SITE-DATE.tar.gz there; the newest eight are kept
  sudo voltctl backup                       into the directory of backup.to in voltd.yaml
  sudo voltctl backup --with-secrets /root/site.tar.gz    with the broker's password, readable only by root

The file holds the database, voltd.yaml, the settings as JSON and a manifest with checksums; no session and no key. Works while
voltd runs. With backup: in voltd.yaml, voltd-backup.timer makes one every week.)";

constexpr const char* restore_examples = R"(
Examples:
  sudo voltctl restore --dry-run /media/stick/voltd/voltd-shack-2026-11-22.tar.gz    checks everything, changes nothing
  sudo voltctl restore /media/stick/voltd/voltd-shack-2026-11-22.tar.gz              on a new card, after apt install voltd
  sudo voltctl restore --replace site.tar.gz    over a site; the previous files are kept as .replaced-TIME

Refused while voltd runs here or another voltd runs the site. Mode and commands (live or shadow) come from the
backup. Start voltd yourself afterwards.)";

struct BackupArguments {
    std::string target;
    std::optional<int> keep;
    bool secrets = false, scheduled = false;
};

std::string config_path(const Program& program) { return program.address.config.value_or(default_config); }

/// Returns the request with the target as typed, else from voltd.yaml. Returns nothing if there is nothing to do, with the exit
/// code in `code`.
std::optional<backup::BackupRequest> request_of(const Program& program, const BackupArguments& arguments, int& code) {
    const auto database = find_database({}, program.address, true);
    if (!database) return std::nullopt;
    backup::BackupRequest request{config_path(program), *database, arguments.target, 8, arguments.secrets};
    const ParsedConfig parsed = load_config(request.config);
    const auto asked_for = parsed.config ? parsed.config->backup : std::nullopt;
    if (request.target.empty() && asked_for) {
        request.target = asked_for->to;
        request.keep = static_cast<std::size_t>(asked_for->keep);
    }
    if (arguments.keep) request.keep = static_cast<std::size_t>(*arguments.keep);
    if (request.target.empty() && arguments.scheduled && parsed.config) {
        code = exit_ok;
        return std::nullopt;
    }
    if (!request.target.empty()) return request;
    code = refuse(false, Refusal{"no directory given", "voltctl backup DIR, or backup: { to: DIR } in " + request.config},
                  exit_usage);
    return std::nullopt;
}

int back_up(const Program& program, const BackupArguments& arguments) {
    if (arguments.secrets && ::geteuid() != 0)
        return refuse(false, Refusal{"--with-secrets needs root", "sudo voltctl backup --with-secrets"});
    int code = exit_failed;
    const auto request = request_of(program, arguments, code);
    if (!request) return code;
    const auto made = backup::make_backup(*request);
    const std::string unnoted = backup::note_backup(request->database, request->target, made);
    if (!unnoted.empty()) std::cerr << "warning: this backup could not be reported to voltd: " << unnoted << '\n';
    if (!made) return refuse(false, made.failure().text + "; nothing was written");
    const backup::BackupMade& it = made.value();
    fmt::print("{}: {} kB, checked: {}\n", it.file, it.bytes / 1000, fmt::join(it.names, ", "));
    for (const std::string& name : it.removed) fmt::print("removed {}\n", name);
    for (const std::string& note : it.notes) std::cerr << "warning: " << note << '\n';
    return exit_ok;
}

/// Shows doctor's result for the restored site. Its faults do not fail this command.
void show_health(const Program& program) {
    doctor::Subject subject = doctor::subject_of(program.address, "");
    subject.asks_devices = false;
    const auto found = doctor::examine(std::make_shared<const doctor::Subject>(std::move(subject)),
                                       {"machine", "clock", "permissions", "config", "database"}, doctor::longest_examination);
    print(report_lines(found.checks, paint_for_output()));
    if (!found.left_threads) return;
    std::cout.flush();
    std::fflush(nullptr);
    ::_exit(exit_ok);  // a thread hangs in the system; do not wait for it
}

int restore(const Program& program, backup::RestoreRequest request) {
    if (program.address.url)
        return refuse(false, Refusal{"restore works on this computer only", "run it without --url"}, exit_usage);
    request.config = config_path(program);
    request.service = ::geteuid() == 0 && request.config == default_config;
    const auto done = backup::restore_backup(request);
    if (!done) return refuse(false, done.failure().text);
    for (const std::string& note : done.value().notes) fmt::print("{}\n", note);
    if (request.dry) {
        fmt::print("Nothing was changed: this was a dry run.\n");
        return exit_ok;
    }
    if (done.value().sessions == 0) fmt::print("{}\n", sign_in_again);
    fmt::print("Restored. Next: sudo systemctl start voltd; voltctl doctor\n\n");
    std::fflush(stdout);
    show_health(program);
    return exit_ok;
}

void add_backup(Program& program) {
    CLI::App* part = add_plain(program.app, "backup", "put the whole site into one file: database, voltd.yaml, settings");
    const auto arguments = std::make_shared<BackupArguments>();
    part->add_option("target", arguments->target,
                     "the directory, or the file to create (NAME.tar.gz); default: backup.to of voltd.yaml")
        ->type_name("DIR|FILE");
    part->add_option("--keep", arguments->keep, "number of backups of this site to keep in a directory (default 8)")
        ->type_name("N")
        ->check(CLI::Range(1, 1000));
    part->add_flag("--with-secrets", arguments->secrets,
                   "include the broker's password; needs root, and only root can read the file");
    part->add_flag("--scheduled", arguments->scheduled,
                   "run as voltd-backup.timer does: do nothing if voltd.yaml has no "
                   "backup:");
    part->footer(backup_examples);
    on(part, program, [&program, arguments] { return back_up(program, *arguments); });
}

void add_restore(Program& program) {
    CLI::App* part = add_plain(program.app, "restore", "restore a site from a file of voltctl backup; voltd must be stopped");
    const auto request = std::make_shared<backup::RestoreRequest>();
    part->add_option("file", request->file, "the backup; checked completely before anything is changed")
        ->type_name("FILE")
        ->required();
    part->add_flag("--dry-run", request->dry, "run all checks, including settings against voltd.yaml; change nothing");
    part->add_flag("--replace", request->replace, "replace existing files; they are kept as .replaced-TIME");
    part->add_flag("--anyway", request->anyway, "continue even if another voltd runs this site, or the broker does not answer");
    part->footer(restore_examples);
    on(part, program, [&program, request] { return restore(program, *request); });
}

}  // namespace

void add_backup_commands(Program& program) {
    add_backup(program);
    add_restore(program);
}

}  // namespace volt::ctl
