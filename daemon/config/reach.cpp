#include "daemon/config/reach.hpp"

#include <fmt/format.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "daemon/config/config_tables.hpp"
#include "daemon/config/yaml_tree.hpp"

namespace volt {

namespace {

constexpr std::size_t most_lines = 64;  ///< maximum lines removed from a section that is not YAML

/// Returns the lines from `key:` at the start of a line to the next line that starts with a key, or an empty text if there is
/// none.
std::string section_of(const std::string& text, const std::string& key) {
    std::string found;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
        const std::string line = text.substr(begin, end - begin);
        const bool top = std::isalpha(static_cast<unsigned char>(line.front())) != 0;
        if (top && !found.empty()) break;
        if (!found.empty() || line.starts_with(key + ":")) found += line;
        begin = end;
    }
    return found;
}

/// Parses the section as a tree. If it is not YAML, parses as much of its beginning as possible.
std::optional<YamlNode> tree_of(std::string section) {
    for (std::size_t tries = 0; tries < most_lines && !section.empty(); ++tries) {
        Report discarded("");
        if (auto tree = parse_yaml(section, discarded)) return tree;
        section.erase(section.find_last_of('\n', section.size() - 2) + 1);
    }
    return std::nullopt;
}

/// Reads the section `key` of the file into `config`. `report` shows which parts are sound.
void read_alone(const std::string& text, const std::string& key, Config& config, Report& report) {
    const std::optional<YamlNode> tree = tree_of(section_of(text, key));
    if (!tree || tree->kind != YamlNode::Kind::map) return;
    Fields<Config> fields;
    for (const ConfigField<Config>& field : config_fields())
        if (field.facts.key == key) fields.push_back(field);
    const FieldFacts root{.form = FieldForm::section, .inside = facts_of(fields)};
    read_section({*tree, "", root, report}, fields, config);
}

std::string trouble_of(const ParsedConfig& parsed) {
    if (parsed.problems.empty()) return {};
    const Problem& first = parsed.problems.front();
    const std::string what = first.key.empty() ? first.what : first.key + ": " + first.what;
    if (first.place.line == 0) return fmt::format("{} {}", parsed.file, what);
    const std::size_t count = parsed.problems.size();
    return fmt::format("{} has {} problem{} ({}line {}: {})", parsed.file, count, count == 1 ? "" : "s",
                       count == 1 ? "" : "the first in ", first.place.line, what);
}

/// Returns an API address on loopback, where voltd always listens.
ApiConfig of_this_machine(ApiConfig api) {
    if (!is_loopback(api.host)) api.host = ApiConfig{}.host;
    return api;
}

}  // namespace

std::string socket_path(const std::string& token_file, const std::string& runtime_directory) {
    return (runtime_directory.empty() ? std::filesystem::path(token_file).parent_path()
                                      : std::filesystem::path(runtime_directory)) /
           "api.sock";
}

std::string config_text(const std::string& path) {
    std::error_code wrong;
    if (!std::filesystem::is_regular_file(path, wrong)) return {};
    std::ifstream file(path, std::ios::binary);
    std::string text(most_config_bytes, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

Reach read_reach(const std::string& path) {
    const ParsedConfig parsed = load_config(path);
    if (parsed.config) return {of_this_machine(parsed.config->api), parsed.config->database, {}, parsed.config->site};
    const std::string text = config_text(path);
    Config config;
    Report report(path);
    for (const char* key : {"api", "database", "site"}) read_alone(text, key, config, report);
    Reach reach;
    reach.trouble = trouble_of(parsed);
    if (report.sound("api.listen")) reach.api.host = of_this_machine(config.api).host, reach.api.port = config.api.port;
    if (report.sound("api.token_file")) reach.api.token_file = config.api.token_file;
    if (report.sound("database")) reach.database = config.database;
    if (report.sound("site")) reach.site = config.site;
    reach.database = real_path(reach.database);
    return reach;
}

}  // namespace volt
