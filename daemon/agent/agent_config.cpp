#include "daemon/agent/agent_config.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "daemon/config/config_tables.hpp"
#include "daemon/config/schema.hpp"
#include "drivers/http/model_client.hpp"

namespace volt::agent {

namespace {

Fields<VoltdPlace> voltd_place_fields() {
    return {
        text("config", "Configuration file of the voltd on this machine; it gives the address and the database.",
             &VoltdPlace::config, any_text_rule()),
        text("url", "Instead of config: the address of a voltd on another machine.", &VoltdPlace::url,
             {"^https?://[A-Za-z0-9.:\\[\\]-]+$", "an address such as http://192.168.1.5:8480"}),
        text("key_file", "File with a key of role propose, created by volt-agent setup.", &VoltdPlace::key_file, any_text_rule()),
    };
}

Fields<AgentKeep> keep_fields() {
    const Span days{.low = 1, .high = 4000, .unit = "days"}, megabytes{.low = 1, .high = 1024, .unit = "MB"};
    return {
        number("conversations_days", "Days to keep a conversation after its last message.", &AgentKeep::conversations_days, days),
        number("log_days", "Days to keep log entries.", &AgentKeep::log_days, days),
        number("megabytes", "Maximum size of agent.db; the oldest rows are removed first.", &AgentKeep::megabytes, megabytes)};
}

/// Fields of what volt-agent stores, and of what it may propose.
Fields<AgentConfig> kept_fields() {
    return {text("store", "The directory of agent.db, with conversations, memory and proposals.", &AgentConfig::store,
                 {"^/.*$", "an absolute path"}),
            word("proposals",
                 "off or approve. approve: a model may propose changes, and a person approves them with voltctl "
                 "proposals.",
                 &AgentConfig::proposals,
                 std::vector<std::pair<std::string, ProposalsMode>>{{"off", ProposalsMode::off},
                                                                    {"approve", ProposalsMode::approve}}),
            section("keep", "How long and how much to keep.", &AgentConfig::keep, keep_fields())};
}

/// Data that a model at a public address may get besides groups of tools: topics and addresses, coordinates.
constexpr const char* more_to_share[] = {"wiring", "location"};

/// Rejects an address that would send questions unencrypted over a public network.
ConfigField<ModelConfig> model_url_field() {
    ConfigField<ModelConfig> url =
        required(text("url", "Endpoint of OpenAI's chat completions: https, or http on this machine or network.",
                      &ModelConfig::url, {"^https?://[A-Za-z0-9.:\\[\\]/_-]+$", "an address such as http://127.0.0.1:8080/v1"}));
    url.read = [read = url.read](const At& at, ModelConfig& model) {
        read(at, model);
        if (at.report.sound(at.path) && !model_url_refusal(model.url).empty())
            at.refuse(shown(model.url) + " is not asked", advice(model_url_refusal(model.url)));
    };
    return url;
}

/// Fields of the key `model`: the model and the data sent to it.
Fields<ModelConfig> model_fields() {
    FieldFacts shared;
    for (const auto& [name, unused] : group_names) shared.words.emplace_back(name);
    for (const char* name : more_to_share) shared.words.emplace_back(name);
    const std::size_t most_shared = shared.words.size();
    return {
        model_url_field(),
        required(text("name", "Name of the model at that endpoint.", &ModelConfig::name, any_text_rule())),
        text("key_file", "File with the endpoint's key, optional. The systemd credential model.key takes precedence.",
             &ModelConfig::key_file, any_text_rule()),
        number("timeout_s", "Time limit for one answer of the model; a question may take twice that.", &ModelConfig::timeout_s,
               {1, 3600, 1, "s"}),
        texts("share",
              "Groups that a model at a public address may read. A model on this machine or network may read "
              "everything.",
              &ModelConfig::share, std::move(shared), 0, most_shared),
    };
}

}  // namespace

std::vector<ToolGroup> AgentConfig::groups() const {
    std::vector<ToolGroup> listed;
    for (const auto& [name, group] : group_names)
        if (std::find(tools.begin(), tools.end(), name) != tools.end() &&
            (group != ToolGroup::proposals || (proposals != ProposalsMode::off && proposals_refusal().empty())))
            listed.push_back(group);
    return listed;
}

std::string AgentConfig::proposals_refusal() const {
    const bool wanted = proposals != ProposalsMode::off && std::find(tools.begin(), tools.end(), "proposals") != tools.end();
    if (!wanted || voltd.url.empty()) return {};
    return "the tools that propose are not listed: a proposal is approved over voltd's socket, and " + voltd.url +
           " is reached by its address; use voltd.config on that machine, or proposals: off here";
}

Fields<AgentConfig> agent_fields() {
    FieldFacts group;
    for (const auto& [name, unused] : group_names) group.words.emplace_back(name);
    Fields<AgentConfig> fields{
        section("voltd", "How to reach voltd.", &AgentConfig::voltd, voltd_place_fields()),
        texts("tools", "Groups of tools to offer.", &AgentConfig::tools, group, 1, std::size(group_names)),
        section("model", "Model that answers `ask`. Default: none.", &AgentConfig::model, model_fields()),
        section("http", "HTTP server of `volt-agent serve`. Default: off.", &AgentConfig::http, http_fields())};
    for (ConfigField<AgentConfig>& field : kept_fields()) fields.push_back(std::move(field));
    for (auto& field : lifted(document_fields(), &AgentConfig::documents)) fields.push_back(std::move(field));
    return fields;
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
