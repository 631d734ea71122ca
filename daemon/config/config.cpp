#include "daemon/config/config.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>

#include "daemon/config/config_checks.hpp"
#include "daemon/config/config_tables.hpp"
#include "daemon/config/yaml_tree.hpp"
#include "drivers/open_file.hpp"

namespace volt {

namespace {

ParsedConfig closed(const Report& report) {
    return {std::nullopt, report.problems(), report.warnings(), report.file(), {}, {}, false, report.places()};
}

ParsedConfig refused(const std::string& file, const std::string& what, const Remedy& right) {
    Report report(file);
    report.refuse({}, "", what, right);
    return closed(report);
}

const std::string too_large = fmt::format("larger than {} kB", most_config_bytes / 1024);
constexpr const char* standard_input = "/dev/stdin";
constexpr const char* one_site = "one file per site";

/// Returns the content of a regular file, at most one byte more than allowed. On failure errno has the reason.
std::optional<std::string> content_of(int descriptor) {
    std::string text;
    char block[16 * 1024];
    while (text.size() <= most_config_bytes) {
        const ssize_t got = ::read(descriptor, block, sizeof block);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return std::nullopt;
        if (got == 0) return text;
        text.append(block, static_cast<std::size_t>(got));
    }
    return text;
}

/// Returns the keys of each list's items that occur in no other list.
std::map<std::string, std::string> homes_of(const FieldFacts& root) {
    std::map<std::string, std::string> homes;
    std::set<std::string> shared;
    for (const FieldFacts& section : root.inside) {
        if (section.form != FieldForm::list) continue;
        for (const FieldFacts& field : section.inside.front().inside)
            if (!homes.emplace(field.key, section.key).second) shared.insert(field.key);
    }
    for (const std::string& key : shared) homes.erase(key);
    return homes;
}

}  // namespace

ParsedConfig parse_config(std::string_view text, const std::string& file, Keys keys) {
    if (text.size() > most_config_bytes) return refused(file, too_large, one_site);
    Report report(file, keys == Keys::lenient);
    const std::optional<YamlNode> tree = parse_yaml(text, report);
    if (!tree) return closed(report);
    if (tree->kind == YamlNode::Kind::null && !tree->refused)
        return refused(file, "the file is empty", advice("copy voltd.example.yaml to start"));
    FieldFacts root{.form = FieldForm::section, .inside = facts_of(config_fields())};
    report.set_homes(homes_of(root));
    Config config;
    read_section({*tree, "", root, report}, config_fields(), config);
    if (tree->kind == YamlNode::Kind::map) {
        fill_in(config, report);
        check_wiring(config, report);
    }
    if (!text.ends_with('\n')) report.warn({}, "", "the last line is incomplete", advice("is the file still being written?"));
    ParsedConfig result = closed(report);
    if (result.problems.empty()) result.config = std::move(config);
    return result;
}

ParsedConfig load_config(const std::string& path, Keys keys) {
    // Open non-blocking, because a pipe must not wait for a writer. Standard input may be a pipe, by its own name.
    const bool piped = path == standard_input;
    const OpenFile file{piped ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    struct stat facts {};
    if (file.descriptor < 0 || ::fstat(file.descriptor, &facts) != 0)
        return errno == ENOENT
                   ? refused(path, "file not found", advice("sudo voltctl init"))
                   : refused(path, fmt::format("cannot be opened: {}", std::strerror(errno)), "a file that voltd can read");
    if (!S_ISREG(facts.st_mode) && !piped) return refused(path, "not a regular file", "a file, not a directory, pipe or device");
    const std::optional<std::string> text = content_of(file.descriptor);
    if (!text) return refused(path, fmt::format("cannot be read: {}", std::strerror(errno)), "a file that voltd can read");
    ParsedConfig parsed = parse_config(*text, path, keys);
    if (text->size() <= most_config_bytes) parsed.text = *text;
    // Resolve links: SQLite keeps its WAL next to the file itself, and the file has one lock.
    if (parsed.config) parsed.config->database = real_path(parsed.config->database);
    return parsed;
}

std::string real_path(const std::string& path) {
    std::error_code wrong;
    const auto real = std::filesystem::weakly_canonical(path, wrong);
    return wrong ? path : real.string();
}

std::vector<std::string> needs_restart(const Config& running, const Config& loaded) {
    std::vector<std::string> keys;
    if (running.site != loaded.site) keys.emplace_back("site");
    if (running.database != loaded.database) keys.emplace_back("database");
    const bool follows_site = loaded.mqtt.client_id == default_client_id(loaded.site);
    if (running.mqtt.client_id != loaded.mqtt.client_id && !(follows_site && running.site != loaded.site))
        keys.emplace_back("mqtt.client_id");
    return keys;
}

bool all_hosts_loopback(const Config& config) {
    return is_loopback(config.mqtt.host) && is_loopback(config.api.host) &&
           (!config.victron || is_loopback(config.victron->host)) && (!config.sol_ark || is_loopback(config.sol_ark->host)) &&
           (!config.sol_ark_2 || is_loopback(config.sol_ark_2->host));
}

}  // namespace volt
