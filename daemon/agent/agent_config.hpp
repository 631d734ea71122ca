// agent.yaml: address of voltd, and the offered tools. Every key is optional; unknown ones are rejected.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/agent/ask/model_config.hpp"
#include "daemon/agent/documents/documents_config.hpp"
#include "daemon/agent/http/http_config.hpp"
#include "daemon/agent/tools/tool.hpp"
#include "daemon/config/fields.hpp"
#include "drivers/store/agent/agent_store.hpp"

namespace volt::agent {

/// Address of the site's voltd.
struct VoltdPlace {
    std::string config = "/etc/voltd/voltd.yaml";        ///< names its address and database
    std::string url{};                                   ///< instead of `config`: a voltd elsewhere, without its database
    std::string key_file = "/etc/volt-agent/voltd.key";  ///< a key of the role propose
};

/// Permission for a model to store proposed changes for the owner.
enum class ProposalsMode : std::uint8_t { off, approve };

struct AgentConfig {
    VoltdPlace voltd;
    std::vector<std::string> tools = {"status", "history", "settings", "documents", "memory", "proposals"};
    std::string store = "/var/lib/volt-agent";  ///< a directory
    ProposalsMode proposals = ProposalsMode::off;
    AgentKeep keep;
    std::optional<ModelConfig> model{};  ///< empty if questions are answered without a model
    std::optional<HttpConfig> http{};    ///< empty if `serve` is off
    DocumentSettings documents{};

    /// Returns the groups of `tools`. Includes proposals only if they are not off and a person can approve them.
    std::vector<ToolGroup> groups() const;
    /// Returns the reason the proposing tools are not offered although the file requests them, or an empty string.
    std::string proposals_refusal() const;
    std::string agent_database() const { return store + "/agent.db"; }
};

/// Default configuration file. It need not exist.
inline constexpr const char* default_agent_config = "/etc/volt-agent/agent.yaml";

/// Returns the fields of the file, for its reader and its schema.
Fields<AgentConfig> agent_fields();
/// Parses a text. Adds problems, one line each.
AgentConfig parse_agent_config(const std::string& text, const std::string& file, std::vector<std::string>& problems);
/// Reads a file. An empty path means the default file, or the defaults if it does not exist.
AgentConfig load_agent_config(const std::string& path, std::vector<std::string>& problems);
/// Returns the JSON Schema of the file.
std::string agent_config_schema();

}  // namespace volt::agent
