// Sends one request to a language model by OpenAI's chat completions, which most model servers support. Only this file has that
// address.
#pragma once

#include <chrono>
#include <string>

#include "drivers/result.hpp"

namespace volt {

/// Address of a model.
struct ModelEndpoint {
    std::string url{};  ///< without `/chat/completions`: http://127.0.0.1:8080/v1
    std::string key{};  ///< sent as Bearer, or empty to send none
};

/// Maximum length of an answer in bytes. A longer one is refused completely.
inline constexpr std::size_t most_model_bytes = std::size_t{1} << 20;

/// Returns the reason why this address is refused, or an empty string. It must be https, or http with a numeric address of this
/// machine or of a private network, or localhost.
std::string model_url_refusal(const std::string& url);
/// Returns the host of the address, with its port if it has one.
std::string host_of_model(const std::string& url);
/// Returns true if data sent there may leave this network: any address except localhost and numeric addresses of this machine or
/// a private network.
bool is_public_model(const std::string& url);

/// Sends POST `<url>/chat/completions` and returns the text of an answer with status 200. Ends at `end` whatever the other side
/// does, except for the lookup of a name. Failures: `reconnect` and `retry` if another try may help, `refused` if not. Never
/// throws.
Result<std::string> ask_model(const ModelEndpoint& endpoint, const std::string& body, std::chrono::steady_clock::time_point end);

}  // namespace volt
