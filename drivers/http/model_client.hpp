// One request to a language model, by the chat completions of OpenAI, which most servers of models speak. The only place with that address.
#pragma once

#include <chrono>
#include <string>

#include "drivers/result.hpp"

namespace volt {

/// Where a model is asked.
struct ModelEndpoint {
    std::string url{};  ///< without `/chat/completions`: http://127.0.0.1:8080/v1
    std::string key{};  ///< sent as Bearer; empty: none is sent
};

/// The longest answer that is read, in bytes; a longer one is refused whole.
inline constexpr std::size_t most_model_bytes = std::size_t{1} << 20;

/// Why no model is asked at this address: it must be https, or http with a numeric address of this machine or of a private network, or
/// localhost. Empty: it is.
std::string model_url_refusal(const std::string& url);
/// The host of the address, with its port where it has one.
std::string host_of_model(const std::string& url);
/// Whether what is sent there may leave this network: anything but localhost and numeric addresses of this machine or a private network.
bool is_public_model(const std::string& url);

/// POST `<url>/chat/completions`; the answer's text, from which status 200 came. Ends at `end` whatever the other side does, but for the
/// lookup of a name. Failures: `reconnect` and `retry` where another try may help, `refused` where it does not. Never throws.
Result<std::string> ask_model(const ModelEndpoint& endpoint, const std::string& body, std::chrono::steady_clock::time_point end);

}  // namespace volt
