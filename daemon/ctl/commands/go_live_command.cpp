// go-live: switches from shadow mode to live commands, and back.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <ctime>
#include <iostream>
#include <memory>

#include "daemon/config/commands_line.hpp"
#include "daemon/config/config_changes.hpp"
#include "daemon/config/config_checks.hpp"
#include "daemon/config/good_copy.hpp"
#include "daemon/config/uses.hpp"
#include "daemon/ctl/commands/commands.hpp"
#include "daemon/ctl/commands/shadow_ask.hpp"
#include "daemon/ctl/doctor/examination.hpp"
#include "daemon/ctl/doctor/report.hpp"
#include "daemon/ctl/shadow/shadow_report.hpp"
#include "daemon/ctl/talk/api_errors.hpp"
#include "daemon/ctl/talk/in_force.hpp"
#include "daemon/ctl/talk/reload.hpp"
#include "daemon/ctl/talk/voltd.hpp"
#include "daemon/ctl/talk/whole_file.hpp"
#include "daemon/ctl/views/terminal.hpp"
#include "daemon/explain/topics.hpp"
#include "drivers/store/settings/open.hpp"
#include "drivers/store/writer/history_rows.hpp"
#include "drivers/text.hpp"

namespace volt::ctl {

namespace {

constexpr std::int64_t report_span_s = 86400;
constexpr const char* unchanged = "nothing was changed";
constexpr const char* lease_key = "require_lease";
constexpr const char* no_reason = "require_lease: false, and voltd.yaml gives no reason";

struct GoLiveOptions {
    bool back = false;
    std::string root;
    bool left_threads = false;  ///< threads of doctor that hang in the system
};

/// Configuration file, as far as both directions need it.
struct ConfigText {
    std::string path;  ///< with its links followed, so that a link remains one
    std::string text;
    FileRights rights;
};

std::optional<ConfigText> read_config_text(const Program& program) {
    const std::string path = real_path(program.address.config.value_or(default_config));
    const auto text = read_whole_file(path, most_config_bytes);
    const auto rights = rights_of_file(path);
    if (!text || !rights) return std::nullopt;
    return ConfigText{path, *text, *rights};
}

int refuse_live(const std::string& why, const std::string& help = {}) {
    return refuse(false, Refusal{why + "; " + unchanged, help});
}

/// Returns the position of a key of changed_keys() in the file.
std::string place_of_change(const ParsedConfig& parsed, const std::string& change) {
    const auto place = parsed.places.find(change.substr(0, change.find(": ")));
    return place == parsed.places.end() ? change : fmt::format("{}:{}: {}", parsed.file, place->second.line, change);
}

/// Returns the reason not to apply the file as it is, or an empty string if it matches what is running.
std::string newer_than_what_runs(const doctor::Subject& subject, const ConfigText& file) {
    const Json& config = part(subject.voltd.system, "config");
    if (const std::string used = word(config, "path"); !used.empty() && real_path(used) != file.path)
        return "voltd runs with " + used + ", not with " + file.path;
    std::string list;
    for (const std::string& change : not_in_force(subject.config_path)) list += "\n  " + place_of_change(subject.parsed, change);
    if (!list.empty())
        return "the file is newer than the running configuration, and a reload would change more than `commands`:" + list;
    const bool by_system_clock = word(part(subject.voltd.status, "site"), "clock") == "system";
    const auto read_at = seconds_of(word(config, "read_at"));
    struct stat facts {};
    if (by_system_clock && read_at && ::stat(file.path.c_str(), &facts) == 0 && facts.st_mtim.tv_sec > *read_at + 1)
        return file.path + " was written after voltd read it";
    return {};
}

/// Returns true for a warning that going live ends, or that is checked here.
bool is_settled(const std::string& id) { return id == "rules.shadow" || id == "config.running"; }

/// Returns the warnings that the operator accepts by typing the site's name.
std::vector<std::string> warnings_of(const std::vector<doctor::Check>& checks) {
    std::vector<std::string> list;
    for (const doctor::Check& check : checks)
        if (check.opinion.outcome == doctor::Outcome::warn && !is_settled(check.id))
            list.push_back(check.id + ": " + check.opinion.text);
    return list;
}

void print_warnings(const std::vector<std::string>& warnings) {
    if (warnings.empty()) return;
    std::cout << "\nBy going live you accept:\n";
    for (const std::string& it : warnings) std::cout << "  " << it << '\n';
}

void print_orders(const Json& status) {
    std::cout << "\nOrders that voltd would give now:\n";
    bool any = false;
    for (const auto& [topic, output] : status.items()) {
        if (!topic.starts_with(output_prefix)) continue;
        const std::string would = word(output, "would_be"), reported = word(output, "reported");
        if (would.empty() || would == reported) continue;
        any = true;
        std::cout << "  " << topic.substr(output_prefix.size()) << ": " << would << " (is " << reported << ")\n";
    }
    if (!any) std::cout << "  none: every output is as voltd wants it\n";
}

/// Returns the comment behind a key in line `number`, else the comment lines above it, or empty if there is none.
std::string comment_at(const std::string& text, int number) {
    const std::vector<std::string> lines = text_lines(text);
    if (number < 1 || static_cast<std::size_t>(number) > lines.size()) return {};
    const auto without_sign = [](const std::string& comment) {
        const std::size_t begin = comment.find_first_not_of("# \t");
        return begin == std::string::npos ? "" : comment.substr(begin);
    };
    auto at = static_cast<std::size_t>(number) - 1;
    if (const std::size_t sign = lines[at].find('#', lines[at].find(lease_key)); sign != std::string::npos)
        return without_sign(lines[at].substr(sign));
    std::string above;
    for (; at > 0; --at) {
        const std::string& line = lines[at - 1];
        const std::size_t sign = line.find('#');
        if (sign == std::string::npos || line.find_first_not_of(" \t") != sign) break;
        above = without_sign(line.substr(sign)) + (above.empty() ? "" : " ") + above;
    }
    return above;
}

/// Returns what an output switches, by its owner's name.
std::string load_of(const doctor::Subject& subject, const std::string& output) {
    if (subject.settings)
        for (const Use& use : uses_of(*subject.settings))
            if (use.output_id == output) return name_of(use, *subject.settings);
    return "output " + output;
}

/// Prints the loads that may start without a proven timer because of require_lease: false, with the reason in voltd.yaml.
void print_unguarded(const doctor::Subject& subject, const std::string& text) {
    std::string list;
    const auto& outputs = subject.config().outputs;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const OutputConfig& output = outputs[i];
        if (output.kind != OutputKind::relay || output.safe_state != SafeState::off || output.require_lease) continue;
        const auto place = subject.parsed.places.find(item_path("outputs", i) + "." + lease_key);
        const std::string reason = place == subject.parsed.places.end() ? "" : comment_at(text, place->second.line);
        list += "  " + load_of(subject, output.id) + ": " + (reason.empty() ? no_reason : reason) + "\n";
    }
    if (!list.empty()) std::cout << "\nThese start without a proven lease timer, and may stay on if voltd dies:\n" << list;
}

bool site_is_typed(const std::string& site) {
    std::cout << "\nFrom now on voltd switches relays. Type the name of the site (" << site << ") to go live: " << std::flush;
    std::string typed;
    return std::getline(std::cin, typed) && typed == site;
}

/// Records the acceptance of each warning as an event of the site.
void keep_accepted(const std::string& database, const std::string& at, const std::vector<std::string>& accepted) {
    auto db = open_settings(database, true);
    if (!db) return;
    Transaction all(db.value());
    const Utc utc{seconds_of(at).value_or(std::time(nullptr)) * 1000};
    bool whole = true;
    for (const std::string& text : accepted)
        whole = whole && write_row(db.value(), EventRow{utc, "info", "daemon", "go-live",
                                                        "Accepted by " + operator_name() + ": " + text, "{}"})
                             .ok();
    if (!whole || !all.commit().ok()) std::cerr << "voltctl: the accepted warnings could not be written into the events\n";
}

/// Restores the old text. Returns a sentence with the result.
std::string taken_back(const ConfigText& file, const ApiAddress& address) {
    const std::string wrong = write_file_whole(file.path, file.text, file.rights);
    if (!wrong.empty()) return "; the file still has commands: live (" + wrong + ")";
    ask_for_reload(address.socket);
    return "; " + file.path + " is as before";
}

/// Applies the new text. Returns 0, or the exit code after printing the error.
int put_in_force(const ConfigText& file, const std::string& text, const ApiAddress& address) {
    if (read_whole_file(file.path, most_config_bytes) != file.text)
        return refuse_live(file.path + " was changed by another program meanwhile");
    const std::string copy = file.path + ".before-live";
    for (const auto& [path, content] : {std::pair(copy, file.text), std::pair(file.path, text)})
        if (const std::string wrong = write_file_whole(path, content, file.rights); !wrong.empty())
            return refuse_live(wrong, "use sudo");
    std::string wrong = ask_for_reload(address.socket);
    if (wrong.empty()) wrong = wait_for_commands(address, "live");
    if (!wrong.empty()) return refuse(false, wrong + taken_back(file, address));
    std::cout << "voltd is live: it now switches relays. Previous file: " << copy << "\nTo go back: voltctl go-live --back\n";
    return exit_ok;
}

/// Returns the text with `live`, which must differ from the file only in that key, or nothing after printing a refusal.
std::optional<std::string> live_text(const ConfigText& file) {
    const CommandsEdit edit = to_live(file.text, file.path);
    if (edit.problem) return refuse_live(text_of(*edit.problem)), std::nullopt;
    const ParsedConfig parsed = parse_config(edit.text, file.path);
    if (!parsed.config) return refuse_live(text_of(parsed.problems.front())), std::nullopt;
    const std::vector<std::string> changes = changed_keys(file.text, edit.text);
    const bool alone = changes.size() == 1 && changes.front().starts_with("control.commands: ");
    if (!alone || !parsed.config->control.live)
        return refuse_live("commands is not shadow in " + file.path, "voltctl status shows what runs"), std::nullopt;
    return edit.text;
}

int go_live(const Program& program, GoLiveOptions& options) {
    if (::isatty(STDIN_FILENO) == 0) return refuse(false, "go-live asks before it switches, so it needs a terminal", exit_usage);
    const auto file = read_config_text(program);
    if (!file) return refuse_live(program.address.config.value_or(default_config) + " cannot be read", "use sudo");
    const ApiAddress address = find_address(program.address);
    const auto subject = std::make_shared<const doctor::Subject>(doctor::subject_of(program.address, options.root));
    if (!subject->voltd.reached)
        return refuse(false, subject->voltd.why + "; start it first: sudo systemctl start voltd", exit_unreachable);
    if (word(part(subject->voltd.status, "site"), "commands") == "live") {
        std::cout << "voltd already commands its outputs\n";
        return exit_ok;
    }
    const auto text = live_text(*file);
    if (!text) return exit_failed;
    if (const std::string newer = newer_than_what_runs(*subject, *file); !newer.empty())
        return refuse_live(newer, "sudo systemctl reload voltd, then run voltctl shadow again");
    const doctor::Examination found = doctor::examine(subject, {}, doctor::longest_examination);
    options.left_threads = found.left_threads;
    print(doctor::report_lines(found.checks, paint_for_output()));
    if (!doctor::is_content(found.checks, false)) return refuse_live("doctor found a failure", "fix it as shown above");
    const std::vector<std::string> accepted = warnings_of(found.checks);
    const std::int64_t now_s = shadow::site_now_s(program.address);
    int code = exit_ok;
    const auto report = shadow::ask_report(program, {}, {now_s - report_span_s, now_s}, code);
    if (!report) return code;
    std::cout << '\n';
    print(shadow::shadow_lines(*report, paint_for_output()));
    const Json status = status_of(address);
    print_orders(status);
    print_unguarded(*subject, file->text);
    print_warnings(accepted);
    if (!site_is_typed(subject->config().site)) return refuse_live("that is not the name of the site");
    if (const int failed = put_in_force(*file, *text, address); failed != exit_ok) return failed;
    if (!accepted.empty()) keep_accepted(subject->database, word(status, "at"), accepted);
    return exit_ok;
}

int go_back(const Program& program) {
    const auto file = read_config_text(program);
    if (!file) return refuse_live(program.address.config.value_or(default_config) + " cannot be read", "use sudo");
    const CommandsEdit edit = to_shadow(file->text, file->path);
    if (edit.problem) return refuse_live(text_of(*edit.problem));
    if (!bare_words(edit.text).shadow)  // voltd reads a file that it rejects line by line
        return refuse_live("`commands: shadow` cannot be written safely in " + file->path,
                           "write it by hand below `control:`, on one line, then: systemctl reload voltd");
    if (edit.text != file->text) {
        if (const std::string wrong = write_file_whole(file->path, edit.text, file->rights); !wrong.empty())
            return refuse_live(wrong, "use sudo");
        std::cout << fmt::format("{}:{}: commands: shadow is in the file", file->path, edit.line) << std::endl;
    } else std::cout << "commands is already shadow in " << file->path << std::endl;
    const ApiAddress address = find_address(program.address);
    if (!answers_at(address.socket)) {
        std::cout << "voltd is not running; it starts in shadow mode\n";
        return exit_ok;
    }
    std::string wrong = ask_for_reload(address.socket);
    if (wrong.empty()) wrong = wait_for_commands(address, "shadow");
    if (!wrong.empty())
        return refuse(false, Refusal{wrong, "sudo systemctl restart voltd; its loads go off when their lease timers end"});
    std::cout << "voltd switched off its loads, and now only decides and reports\n";
    return exit_ok;
}

constexpr const char* go_live_examples = R"(
Runs doctor, shows what shadow mode would have done, what would be switched now and which warnings you accept, and asks once, for the
name of the site. Then it changes `commands` in voltd.yaml, keeps the previous file as voltd.yaml.before-live, and reloads voltd.
--back returns to shadow mode at once, without a question, even if voltd.yaml has other mistakes.

Examples:
  sudo voltctl go-live
  sudo voltctl go-live --back)";

}  // namespace

void add_go_live(Program& program) {
    CLI::App* part = add_plain(program.app, "go-live",
                               "switch from shadow mode to live after showing doctor and the report; --back returns "
                               "immediately");
    const auto options = std::make_shared<GoLiveOptions>();
    part->add_flag("--back", options->back, "return to shadow mode immediately, without asking");
    part->add_option("--root", options->root)->group("");  // for tests, as in doctor
    part->footer(go_live_examples);
    on(part, program, [&program, options] {
        if (program.address.url)
            return refuse(false, "go-live changes a file of this computer; run it without --url", exit_usage);
        const int code = options->back ? go_back(program) : go_live(program, *options);
        if (!options->left_threads) return code;
        std::cout.flush();
        std::fflush(nullptr);
        ::_exit(code);  // do not wait for a thread that hangs
    });
}

}  // namespace volt::ctl
