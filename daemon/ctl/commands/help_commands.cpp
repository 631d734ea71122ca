// complete: hidden, for shells.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "daemon/config/config.hpp"
#include "daemon/ctl/commands/commands.hpp"
#include "daemon/ctl/docs/completion.hpp"
#include "daemon/ctl/talk/error_output.hpp"
#include "daemon/ctl/talk/voltd.hpp"

namespace volt::ctl {

namespace {

void add_slugs(const Voltd& voltd, const char* rows, const std::vector<const char*>& ends, std::vector<std::string>& names) {
    const Json list = Json::parse(voltd.send({"GET", rows}).body, nullptr, false);
    for (const Json& row : list.is_array() ? list : Json::array())
        for (const char* end : ends) names.push_back(word(row, "slug") + end);
}

std::vector<std::string> loads(const Voltd& voltd, const std::string& path) {
    std::vector<std::string> names;
    if (path.starts_with("zones")) add_slugs(voltd, "/api/hvac/zones", {""}, names);
    else add_slugs(voltd, "/api/miners", {""}, names);
    if (path == "explain" || path == "override" || path == "decisions")
        add_slugs(voltd, "/api/hvac/zones", {"/fan", "/heat"}, names);
    if (path == "explain" || path == "decisions") names.emplace_back("charge");
    return names;
}

std::vector<std::string> outputs(const ParsedConfig& parsed) {
    std::vector<std::string> names;
    if (parsed.config)
        for (const OutputConfig& output : parsed.config->outputs) names.push_back(output.id);
    return names;
}

/// Returns the configuration that the unfinished command line names, else the default one.
std::string config_in(const std::vector<std::string>& words) {
    for (std::size_t i = 0; i + 2 < words.size(); ++i)
        if (words[i] == "--config") return words[i + 1];
    return default_config;
}

/// Errors must remain silent, because the shell shows all output.
int complete(const Program& program, const std::vector<std::string>& words) {
    const auto names = [&](const std::string& kind, const std::string& path) {
        const ParsedConfig parsed = load_config(config_in(words));
        if (kind == "OUTPUT") return outputs(parsed);
        const Voltd voltd = voltd_of_file(parsed.config ? parsed.config->database : Config{}.database, {});
        return kind == "SERIES" ? known_series(voltd).known : loads(voltd, path);
    };
    for (const std::string& it : candidates(program.app, words, names)) std::cout << it << '\n';
    return exit_ok;
}

}  // namespace

void add_help_commands(Program& program) {
    CLI::App* part = add_plain(program.app, "complete", "print completions for a shell");
    const auto words = std::make_shared<std::vector<std::string>>();
    part->add_option("words", *words, "words typed after voltctl; the last one may be incomplete")->type_name("WORD");
    part->group("");
    on(part, program, [&program, words] { return complete(program, *words); });
}

}  // namespace volt::ctl
