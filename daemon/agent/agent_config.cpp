#include "daemon/agent/agent_config.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "daemon/config/config_tables.hpp"
#include "daemon/config/schema.hpp"

namespace volt::agent {

namespace {

constexpr std::pair<const char*, ToolGroup> group_names[] = {{"status", ToolGroup::status},
                                                             {"history", ToolGroup::history},
                                                             {"settings", ToolGroup::settings},
                                                             {"documents", ToolGroup::documents}};

Fields<VoltdPlace> voltd_place_fields() {
    return {
        text("config", "The configuration of a voltd on this machine: its address and its database.", &VoltdPlace::config,
             any_text_rule()),
        text("url", "In place of config: the address of a voltd on another machine.", &VoltdPlace::url,
             {"^https?://[A-Za-z0-9.:\\[\\]-]+$", "an address such as http://192.168.1.5:8480"}),
        text("key_file", "A key of the role propose, made by volt-agent setup.", &VoltdPlace::key_file, any_text_rule()),
    };
}

}  // namespace

std::vector<ToolGroup> AgentConfig::groups() const {
    std::vector<ToolGroup> listed;
    for (const auto& [name, group] : group_names)
        if (std::find(tools.begin(), tools.end(), name) != tools.end()) listed.push_back(group);
    return listed;
}

Fields<AgentConfig> agent_fields() {
    FieldFacts group;
    for (const auto& [name, unused] : group_names) group.words.emplace_back(name);
    return {section("voltd", "Where voltd is.", &AgentConfig::voltd, voltd_place_fields()),
            texts("tools", "Groups of tools that are offered.", &AgentConfig::tools, group, 1, std::size(group_names))};
}

AgentConfig parse_agent_config(const std::string& text, const std::string& file, std::vector<std::string>& problems) {
    AgentConfig config;
    Report report(file);
    const FieldFacts root{.form = FieldForm::section, .inside = facts_of(agent_fields())};
    const std::optional<YamlNode> tree = parse_yaml(text, report);
    if (tree && (tree->kind != YamlNode::Kind::null || tree->refused))
        read_section({*tree, "", root, report}, agent_fields(), config);
    for (const Problem& problem : report.problems()) problems.push_back(text_of(problem));
    return config;
}

AgentConfig load_agent_config(const std::string& path, std::vector<std::string>& problems) {
    const std::string file = path.empty() ? default_agent_config : path;
    std::error_code wrong;
    if (path.empty() && !std::filesystem::exists(file, wrong) && !wrong) return {};
    const bool regular = std::filesystem::is_regular_file(file, wrong);
    std::ifstream in(file, std::ios::binary);
    std::string text(most_config_bytes + 1, '\0');
    if (regular) in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!regular || in.bad() || !in.is_open()) {
        problems.push_back(file + ": cannot be read");
        return {};
    }
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() <= most_config_bytes) return parse_agent_config(text, file, problems);
    problems.push_back(file + ": too large");
    return {};
}

std::string agent_config_schema() {
    return schema_text("agent.yaml", "The configuration of volt-agent, which lets a language model read one site.",
                       facts_of(agent_fields()));
}

}  // namespace volt::agent
