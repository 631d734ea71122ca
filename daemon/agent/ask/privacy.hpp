// Filter for data sent to a model at a public address. Pure.
#pragma once

#include <string>
#include <vector>

#include "daemon/agent/ask/model_config.hpp"
#include "daemon/agent/tools/tool.hpp"

namespace volt::agent {

/// Data that a model may read.
struct Sharing {
    bool everything = true;             ///< for a model on this machine or in this network
    std::vector<std::string> share{};   ///< otherwise these groups of agent.yaml
    std::vector<std::string> wiring{};  ///< from wiring_words()

    bool has(const std::string& group) const;
};

/// Returns the permissions by the address of the model.
Sharing sharing_of(const ModelConfig& model);
/// Returns the groups of tools to offer, of those that the owner lists.
std::vector<ToolGroup> shared_groups(const std::vector<ToolGroup>& listed, const Sharing& sharing);

/// Removes email addresses, ids and keys; also topics and network addresses unless `wiring` is shared, and coordinates unless
/// `location` is. Removes nothing if everything is shared.
std::string without_private(const std::string& text, const Sharing& sharing);
/// Filters all texts of a value, and members by their names. Pages of the manual are public and kept.
Json without_private(const Json& value, const Sharing& sharing);

/// Returns hosts and topics of a voltd.yaml, by its text. They are removed wherever they occur, even where nothing shows what
/// they are. Omits a topic that is a plain word.
std::vector<std::string> wiring_words(const std::string& yaml);

/// Returns the notice that a person reads before the first question: the host, and the data sent there.
std::string sharing_notice(const ModelConfig& model);

}  // namespace volt::agent
