// complete: hidden, for shells.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "daemon/config/config.hpp"
#include "daemon/ctl/docs/completion.hpp"
#include "daemon/ctl/program.hpp"
#include "daemon/ctl/talk/database_option.hpp"
#include "drivers/store/settings/open.hpp"
#include "drivers/store/telemetry/history_reader.hpp"

namespace volt::ctl {

namespace {

constexpr int busy_ms = 200;  // who presses Tab does not wait for a lock

void add_slugs(const std::vector<Record>& rows, std::vector<std::string>& names, const std::vector<const char*>& ends) {
    for (const Record& row : rows)
        for (const char* end : ends) names.push_back(row.slug() + end);
}

std::vector<std::string> loads(const std::string& database, const std::string& path) {
    Edit<Connection> db = open_settings(database, false, busy_ms);
    if (!db) return {};
    const Edit<SettingsState> state = read_records(db.value());
    std::vector<std::string> names;
    if (!state) return names;
    if (!path.starts_with("zones")) add_slugs(state.value().miners, names, {""});
    if (path.starts_with("zones")) add_slugs(state.value().zones, names, {""});
    if (path == "explain" || path == "override" || path == "decisions") add_slugs(state.value().zones, names, {"/fan", "/heat"});
    if (path == "explain" || path == "decisions") names.emplace_back("charge");
    return names;
}

std::vector<std::string> series(const std::string& database) {
    Result<Connection> db = open_reader(database);
    if (!db) return {};
    const auto names = list_series(db.value());
    return names ? names.value() : std::vector<std::string>{};
}

std::vector<std::string> outputs(const ParsedConfig& parsed) {
    std::vector<std::string> names;
    if (parsed.config)
        for (const OutputConfig& output : parsed.config->outputs) names.push_back(output.id);
    return names;
}

/// The configuration that the unfinished command line names, else the usual one.
std::string config_in(const std::vector<std::string>& words) {
    for (std::size_t i = 0; i + 2 < words.size(); ++i)
        if (words[i] == "--config") return words[i + 1];
    return default_config;
}

/// Errors here must stay silent: the shell shows all output.
int complete(const Program& program, const std::vector<std::string>& words) {
    const auto names = [&](const std::string& kind, const std::string& path) {
        const ParsedConfig parsed = load_config(config_in(words));
        if (kind == "OUTPUT") return outputs(parsed);
        const std::string database = parsed.config ? parsed.config->database : Config{}.database;
        return kind == "SERIES" ? series(database) : loads(database, path);
    };
    for (const std::string& it : candidates(program.app, words, names)) std::cout << it << '\n';
    return exit_ok;
}

}  // namespace

void add_help_commands(Program& program) {
    CLI::App* part = add_plain(program.app, "complete", "completions for a shell");
    const auto words = std::make_shared<std::vector<std::string>>();
    part->add_option("words", *words, "the words after voltctl, the last one unfinished")->type_name("WORD");
    part->group("");
    on(part, program, [&program, words] { return complete(program, *words); });
}

}  // namespace volt::ctl
