// outputs and alarms on the command line.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>

#include "daemon/ctl/commands/commands.hpp"
#include "daemon/ctl/talk/api_errors.hpp"
#include "daemon/ctl/talk/suggest.hpp"
#include "daemon/ctl/views/control_view.hpp"
#include "daemon/ctl/views/site_view.hpp"
#include "daemon/ctl/views/terminal.hpp"

namespace volt::ctl {

namespace {

int list_outputs(const Program& program, const ApiAddress& address) {
    int code = exit_ok;
    const auto status = ask(address, "/api/status", code);
    if (!status) return code;
    program.json ? print(list_under(*status, "output/", "id")) : print(output_table(*status, table_width(), paint_for_output()));
    return exit_ok;
}

int show_alarms(const Program& program, const ApiAddress& address) {
    int code = exit_ok;
    const auto status = ask(address, "/api/status", code);
    if (!status) return code;
    program.json ? print(list_under(*status, "alarm/", "alarm")) : print(alarm_table(*status, table_width(), paint_for_output()));
    return exit_ok;
}

/// "off", "5, 12 W; lease armed": what the device reported.
std::string report_text(const Json& answer) {
    const auto level = number(answer, "level"), power = number(answer, "measured_w");
    std::string text = level && *level > 0 ? std::to_string(static_cast<long>(*level)) : word(answer, "reported");
    if (power) text += ", " + watts(power);
    const std::string lease = word(answer, "lease");
    return text + (lease.empty() || lease == "none" ? "" : "; lease " + lease);
}

int test_output(const Program& program, const ApiAddress& address, const std::string& id) {
    int code = exit_ok;
    const auto status = ask(address, "/api/status", code);
    if (!status) return code;
    std::vector<std::string> known;
    for (const auto& [name, output] : under(*status, "output/")) known.push_back(name);
    if (std::find(known.begin(), known.end(), id) == known.end())
        return refuse(program.json, Refusal{"unknown output: " + id, {}, nearest_first(id, known)});
    const ApiReply reply = post(address, "/api/outputs/" + encoded(id) + "/test", "{}", {confirmed_limit});
    if (!reply.ok()) return complain(address, reply, id);
    const Json answer = Json::parse(reply.body, nullptr, false);
    if (program.json) {
        print(answer);
        return exit_ok;
    }
    const auto took = number(answer, "confirmed_ms");
    const std::string order = word(answer, "commanded");
    const bool proven = !answer.contains("hears") || flag(answer, "hears");
    const std::string obeys = is_shadow(*status) ? "; shadow mode sends it no commands, so this does not show whether it obeys"
                              : order.empty()    ? "; no command was sent to it yet, so this does not show whether it obeys"
                                                 : "; it reports " + order + ", as commanded";
    const std::string caveat =
        proven ? "" : "; its answers look like its regular reports, so only a command that it follows shows that it receives";
    std::cout << id << (proven ? ": answered" : ": reports")
              << (took ? " after " + std::to_string(static_cast<long>(*took)) + " ms" : "") << ": " << report_text(answer)
              << obeys << caveat << '\n';
    return exit_ok;
}

constexpr const char* outputs_examples = R"(
Examples:
  voltctl outputs list
  voltctl outputs list --json
  voltctl outputs test primary-s21     does the device receive and answer?)";

constexpr const char* alarms_examples = R"(
Critical ones first. An alarm clears by itself once its cause is gone.

Examples:
  voltctl alarms
  voltctl alarms --json)";

void add_outputs(Program& program) {
    CLI::App* group = add_plain(program.app, "outputs", "list and test relays, fans and heaters");
    group->require_subcommand(1);
    group->footer(outputs_examples);
    on(add_shown(*group, program, "list", "one line each: commanded, reported, measured, lease"), program,
       [&program] { return with_address(program, [&](const ApiAddress& at) { return list_outputs(program, at); }); });
    CLI::App* test = add_shown(*group, program, "test", "ask a device for its state and wait for the answer; switches nothing");
    const auto id = std::make_shared<std::string>();
    test->add_option("id", *id, "an output's id in voltd.yaml")->type_name("OUTPUT")->required();
    on(test, program,
       [&program, id] { return with_address(program, [&](const ApiAddress& at) { return test_output(program, at, *id); }); });
}

void add_alarms(Program& program) {
    CLI::App* part = add_shown(program.app, program, "alarms", "what is wrong now, and since when");
    part->footer(alarms_examples);
    on(part, program,
       [&program] { return with_address(program, [&](const ApiAddress& at) { return show_alarms(program, at); }); });
}

}  // namespace

void add_site_commands(Program& program) {
    add_outputs(program);
    add_alarms(program);
}

}  // namespace volt::ctl
