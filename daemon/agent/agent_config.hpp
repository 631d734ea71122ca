// agent.yaml: where voltd is, and what is offered. Every key is optional; unknown ones are refused.
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

/// Where the site's voltd is.
struct VoltdPlace {
    std::string config = "/etc/voltd/voltd.yaml";        ///< names its address and database
    std::string url{};                                   ///< in place of `config`: a voltd elsewhere, without its database
    std::string key_file = "/etc/volt-agent/voltd.key";  ///< a key of the role propose
};

/// Whether a model may write down changes for the owner.
enum class ProposalsMode : std::uint8_t { off, approve };

struct AgentConfig {
    VoltdPlace voltd;
    std::vector<std::string> tools = {"status", "history", "settings", "documents", "memory", "proposals"};
    std::string store = "/var/lib/volt-agent";  ///< a directory
    ProposalsMode proposals = ProposalsMode::off;
    AgentKeep keep;
    std::optional<ModelConfig> model{};  ///< nothing: questions are answered without one
    std::optional<HttpConfig> http{};    ///< nothing: `serve` is off
    DocumentSettings documents{};

    /// Those of `tools`; of proposals only where they are not off, and a person can approve them.
    std::vector<ToolGroup> groups() const;
    /// Why the tools that propose are not offered although the file asks for them; empty: they are, or it does not.
    std::string proposals_refusal() const;
    std::string agent_database() const { return store + "/agent.db"; }
};

/// The configuration that is read where none is named; it need not be there.
inline constexpr const char* default_agent_config = "/etc/volt-agent/agent.yaml";

/// The fields of the file, for its reader and its schema.
Fields<AgentConfig> agent_fields();
/// Reads a text; problems, a line each, are added.
AgentConfig parse_agent_config(const std::string& text, const std::string& file, std::vector<std::string>& problems);
/// The same of a file. Empty: the usual one, or the defaults where that is not there.
AgentConfig load_agent_config(const std::string& path, std::vector<std::string>& problems);
/// The JSON Schema of the file.
std::string agent_config_schema();

}  // namespace volt::agent
