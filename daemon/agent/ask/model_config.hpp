// Key `model` of agent.yaml: the model that answers, and the data it may get.
#pragma once

#include <string>
#include <vector>

namespace volt::agent {

/// Model that answers questions.
struct ModelConfig {
    std::string url{};                                   ///< OpenAI-compatible endpoint, without `/chat/completions`
    std::string name{};                                  ///< of the model at that endpoint
    std::string key_file = "/etc/volt-agent/model.key";  ///< optional; the systemd credential model.key has precedence
    int timeout_s = 300;                                 ///< for one request; a whole question may take twice that
    std::vector<std::string> share = {"status", "history", "settings"};  ///< data for a public address
};

}  // namespace volt::agent
