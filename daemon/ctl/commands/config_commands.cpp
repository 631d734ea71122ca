// config: checks voltd.yaml, and prints its schema.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "daemon/config/check.hpp"
#include "daemon/config/schema.hpp"
#include "daemon/ctl/commands/commands.hpp"
#include "daemon/ctl/talk/api_errors.hpp"
#include "daemon/ctl/talk/in_force.hpp"
#include "daemon/ctl/views/terminal.hpp"
#include "drivers/store/settings/read_only.hpp"

namespace volt::ctl {

namespace {

Json json_of(const std::vector<Problem>& problems) {
    Json list = Json::array();
    for (const Problem& it : problems)
        list.push_back({{"file", it.file},
                        {"line", it.place.line == 0 ? Json(nullptr) : Json(it.place.line)},
                        {"column", it.place.line == 0 ? Json(nullptr) : Json(it.place.column)},
                        {"key", it.key},
                        {"what", it.what},
                        {"right", it.right.text}});
    return list;
}

void print_findings(const std::vector<Problem>& problems, Colour colour, const char* kind) {
    const Paint paint = paint_for_output();
    for (const Problem& it : problems) std::cout << paint(colour, kind) << ": " << text_of(it) << '\n';
}

int check(const Program& program, const std::optional<std::string>& named) {
    const std::string path = named.value_or(program.address.config.value_or(default_config));
    std::string database, refused;
    Findings found = check_file(
        path,
        [&](const std::string& file) -> std::optional<Settings> {
            database = file;
            auto settings = peek_settings(file);
            if (settings) return settings.value();
            refused = settings.failure().text;
            return std::nullopt;
        },
        peek_charge_proof);
    if (!refused.empty())
        found.problems.push_back({database, {}, "", refused, "use another database, or the voltd version that made it"});
    const bool good = found.problems.empty();
    const std::vector<std::string> waits = not_in_force(path);
    if (program.json) {
        print(Json{{"file", path},
                   {"ok", good},
                   {"problems", json_of(found.problems)},
                   {"warnings", json_of(found.warnings)},
                   {"not_in_force", waits}});
        return good ? exit_ok : exit_failed;
    }
    print_findings(found.problems, Colour::red, "problem");
    print_findings(found.warnings, Colour::yellow, "warning");
    std::cout << verdict(path, found) << '\n';
    if (!waits.empty()) std::cout << "not active yet (systemctl reload voltd):\n";
    for (const std::string& it : waits) std::cout << "  " << it << '\n';
    return good ? exit_ok : exit_failed;
}

constexpr const char* config_examples = R"(
Examples:
  voltctl config check                      check voltd.yaml against the settings in its database
  voltctl config check ./voltd.yaml --json
  voltctl config schema > voltd.schema.json    for an editor that completes YAML

After a change, run `systemctl reload voltd`.)";

}  // namespace

void add_config_commands(Program& program) {
    CLI::App* group = add_plain(program.app, "config", "check voltd.yaml, or print its JSON Schema");
    group->require_subcommand(1);
    group->footer(config_examples);
    CLI::App* part = add_shown(*group, program, "check", "check the file as voltd would; changes nothing; exit 1 on problems");
    const auto file = std::make_shared<std::optional<std::string>>();
    part->add_option("file", *file, "file to check instead of the configured one")->type_name("FILE");
    on(part, program, [&program, file] { return check(program, *file); });
    on(add_shown(*group, program, "schema", "print the JSON Schema of voltd.yaml"), program, [] {
        std::cout << config_schema();
        return exit_ok;
    });
}

}  // namespace volt::ctl
