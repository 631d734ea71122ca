#include "daemon/ctl/talk/line.hpp"

#include <CLI/CLI.hpp>
#include <utility>

namespace volt::ctl {

void on(CLI::App* part, Program& program, std::function<int()> command) {
    part->callback([&program, command = std::move(command)] { program.job = command; });
}

CLI::App* add_plain(CLI::App& parent, const char* name, const char* what) {
    CLI::App* command = parent.add_subcommand(name, what);
    command->fallthrough();
    command->footer("");  // do not inherit the parent's
    return command;
}

CLI::App* add_shown(CLI::App& parent, Program& program, const char* name, const char* what) {
    CLI::App* command = add_plain(parent, name, what);
    command->add_flag("--json", program.json, "print JSON");
    return command;
}

}  // namespace volt::ctl
