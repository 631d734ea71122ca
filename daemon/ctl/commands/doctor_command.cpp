// doctor: finds problems of the installation, with their remedies.
#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>

#include "daemon/ctl/commands/commands.hpp"
#include "daemon/ctl/doctor/bundle.hpp"
#include "daemon/ctl/doctor/examination.hpp"
#include "daemon/ctl/doctor/report.hpp"
#include "daemon/ctl/talk/api_errors.hpp"
#include "daemon/ctl/views/terminal.hpp"
#include "drivers/iso_time.hpp"
#include "drivers/source.hpp"

namespace volt::ctl {

namespace {

struct DoctorArguments {
    std::vector<std::string> groups;
    bool strict = false, full = false;
    std::string bundle, root;
};

std::string utc_now() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return iso_time(std::chrono::duration_cast<std::chrono::seconds>(now).count()) + "Z";
}

int bundle_up(const Program& program, const DoctorArguments& arguments, const doctor::Subject& subject, const Json& report) {
    const doctor::Bundled bundled = doctor::write_bundle(subject, program.address, report, arguments.bundle, arguments.full);
    if (!bundled.error.empty()) return refuse(program.json, bundled.error);
    // With --json, only the report goes to standard output.
    std::ostream& out = program.json ? std::cerr : std::cout;
    out << arguments.bundle << " holds, " << (arguments.full ? "with" : "without")
        << " addresses, serial numbers and the place of the site:\n";
    for (const std::string& name : bundled.names) out << "  " << name << '\n';
    out << "Nothing was sent. Review it before you share it.\n";
    return exit_ok;
}

int examine_site(const Program& program, const DoctorArguments& arguments) {
    const Time begin = monotonic_now();
    const auto subject = std::make_shared<const doctor::Subject>(doctor::subject_of(program.address, arguments.root));
    const auto left = std::max<std::chrono::milliseconds>(doctor::longest_examination - (monotonic_now() - begin), 1s);
    const doctor::Examination found = doctor::examine(subject, arguments.groups, left);
    const Json report = report_json({utc_now(), subject->config().site}, found.checks, arguments.strict);
    if (program.json) print(report);
    else print(report_lines(found.checks, paint_for_output()));
    int code = doctor::is_content(found.checks, arguments.strict) ? exit_ok : exit_failed;
    if (!arguments.bundle.empty() && bundle_up(program, arguments, *subject, report) != exit_ok) code = exit_failed;
    if (!found.left_threads) return code;
    std::cout.flush();
    std::fflush(nullptr);
    ::_exit(code);  // a thread hangs in the system; do not wait for it
}

std::vector<std::string> groups() {
    std::vector<std::string> names;
    for (const auto& [group, checks] : doctor::catalog()) names.push_back(group);
    return names;
}

std::string examples() {
    std::string text = fmt::format(R"(
Checks everything and changes nothing, whether voltd runs or not. Skips what this user may not read; sudo reads all. Ends
within {} s. Exit code 1 if a check fails (with --strict also if one warns).

Examples:
  voltctl doctor                       failures first, each with a remedy
  voltctl doctor gx broker             only these groups
  voltctl doctor --json --strict       for programs
  voltctl doctor --bundle question.tar.gz    with configuration, settings, decisions and journal, for support

Checks, by group; their ids do not change (KEY: of a finding in voltd.yaml; ID: of an output or sensor; GROUP.group: the group
could not be examined):)",
                                   doctor::longest_examination.count());
    for (const auto& [group, checks] : doctor::catalog()) text += fmt::format("\n  {}: {}", group, fmt::join(checks, " "));
    return text;
}

}  // namespace

void add_doctor(Program& program) {
    CLI::App* part = add_shown(program.app, program, "doctor",
                               "check the whole installation and suggest a remedy for each "
                               "fault; changes nothing");
    const auto arguments = std::make_shared<DoctorArguments>();
    part->add_option("group", arguments->groups, "only these groups of checks")
        ->type_name("GROUP")
        ->check(CLI::IsMember(groups()));
    part->add_flag("--strict", arguments->strict, "exit 1 on warnings too");
    part->add_option("--bundle", arguments->bundle,
                     "also write an archive for a support request to a new file, without passwords; sends nothing")
        ->type_name("FILE");
    part->add_flag("--full", arguments->full, "keep addresses, serial numbers and the place of the site in the archive")
        ->needs("--bundle");
    part->add_option("--root", arguments->root)->group("");  // for tests: prefix of /etc, /proc and /sys
    part->footer(examples());
    on(part, program, [&program, arguments] { return examine_site(program, *arguments); });
}

}  // namespace volt::ctl
