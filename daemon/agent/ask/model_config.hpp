// The key `model` of agent.yaml: which model answers, and what it may get.
#pragma once

#include <string>
#include <vector>

namespace volt::agent {

/// The model that answers questions.
struct ModelConfig {
    std::string url{};                                   ///< of an endpoint as OpenAI's, without `/chat/completions`
    std::string name{};                                  ///< of the model at that endpoint
    std::string key_file = "/etc/volt-agent/model.key";  ///< need not be there; the systemd credential model.key comes before it
    int timeout_s = 300;                                 ///< of one request; a whole question may take twice that
    std::vector<std::string> share = {"status", "history", "settings"};  ///< what a public address gets
};

}  // namespace volt::agent
