// What leaves for a model at a public address. Pure.
#pragma once

#include <string>
#include <vector>

#include "daemon/agent/ask/model_config.hpp"
#include "daemon/agent/tools/tool.hpp"

namespace volt::agent {

/// What a model may read.
struct Sharing {
    bool everything = true;             ///< a model on this machine or in this network
    std::vector<std::string> share{};   ///< else these groups of agent.yaml
    std::vector<std::string> wiring{};  ///< as wiring_words() finds them

    bool has(const std::string& group) const;
};

/// By the address of the model.
Sharing sharing_of(const ModelConfig& model);
/// The groups of tools that are offered, of those that the owner lists.
std::vector<ToolGroup> shared_groups(const std::vector<ToolGroup>& listed, const Sharing& sharing);

/// The same without e-mail addresses, ids, keys; without topics and network addresses unless `wiring` is shared, without coordinates unless
/// `location` is. Nothing is removed where everything is shared.
std::string without_private(const std::string& text, const Sharing& sharing);
/// The same of all texts of a value, and of members by their names; pages of the manual are public and stay.
Json without_private(const Json& value, const Sharing& sharing);

/// Hosts and topics of a voltd.yaml, by its text: they are removed wherever they stand, also where nothing shows what they are. A topic that
/// is a plain word is left out.
std::vector<std::string> wiring_words(const std::string& yaml);

/// What a person reads before the first question: the host, and what is sent there.
std::string sharing_notice(const ModelConfig& model);

}  // namespace volt::agent
