// MCP methods over a catalog of tools, resources and prompts. Pure except for the catalog's actions.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>

#include "daemon/agent/protocol/message.hpp"

namespace volt::agent {

struct CallOrigin;

/// Maximum duration of one call.
inline constexpr std::chrono::seconds call_limit{30};

/// Running call: whether to continue, and for whom.
struct CallTime {
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::now() + call_limit;
    const std::atomic<bool>* cancelled = nullptr;
    std::string client{};                ///< name of the program
    const CallOrigin* origin = nullptr;  ///< for a call that is stored: tools/call_origin.hpp

    /// Returns true if the call was canceled, or less than `needed` is left.
    bool is_over(std::chrono::milliseconds needed = {}) const {
        return (cancelled != nullptr && cancelled->load()) || std::chrono::steady_clock::now() + needed >= deadline;
    }
};

/// Answer of a tool: an object by its output schema, or an error that the model can fix.
struct ToolOutcome {
    Json answer;
    std::string error;        ///< empty if successful
    bool over_limit = false;  ///< the error is an exceeded limit
};

/// Offer of a server.
struct Catalog {
    std::string instructions;
    Json tools = Json::array(), resources = Json::array(), resource_templates = Json::array(), prompts = Json::array();
    /// Runs a tool. `name` is one of `tools`; the arguments are an object.
    std::function<ToolOutcome(const std::string& name, const Json& arguments, const CallTime& time)> call;
    /// Called for a name that is not one of `tools`; may be empty.
    std::function<void(const std::string& name, const CallTime& time)> unlisted{};
    /// Returns the text of a resource and its type, or nothing if none has this URI.
    std::function<std::optional<Json>(const std::string& uri, const CallTime& time)> read;
    /// Returns the text of a prompt of `prompts` with its arguments.
    std::function<std::string(const std::string& name, const Json& arguments)> prompt;
    /// Returns the values that begin with `begun` for an argument of this name.
    std::function<std::vector<std::string>(const std::string& argument, const std::string& begun, const CallTime& time)> complete;
    /// Resource whose changes `subscriptions/listen` announces, or empty if none.
    std::string watched{};
    /// Returns the text of `watched`, polled every `look_pause` while a client listens. Throws if it is not available.
    std::function<std::string(const CallTime& time)> look{};
    std::chrono::milliseconds look_pause{5000};
};

/// Line that answers a request, and the code of its error, or 0.
struct Answered {
    std::string line{};
    int code = 0;
};
/// Answers a request. Never throws.
Answered answer_request(const RpcRequest& request, const Catalog& catalog, const CallTime& time);
/// Returns only the line.
std::string answer_line(const RpcRequest& request, const Catalog& catalog, const CallTime& time);

}  // namespace volt::agent
