// The methods of MCP over a catalog of tools, resources and prompts. Pure but for what the catalog does.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>

#include "daemon/agent/protocol/message.hpp"

namespace volt::agent {

struct CallOrigin;

/// How long one call may take.
inline constexpr std::chrono::seconds call_limit{30};

/// One call while it runs: whether to go on, and for whom.
struct CallTime {
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::now() + call_limit;
    const std::atomic<bool>* cancelled = nullptr;
    std::string client{};                ///< as the program names itself
    const CallOrigin* origin = nullptr;  ///< of a call that is kept: tools/call_origin.hpp

    /// Given up, or less than `needed` is left.
    bool is_over(std::chrono::milliseconds needed = {}) const {
        return (cancelled != nullptr && cancelled->load()) || std::chrono::steady_clock::now() + needed >= deadline;
    }
};

/// What a tool answers: an object by its output schema, or what the model can mend.
struct ToolOutcome {
    Json answer;
    std::string error;        ///< empty: well
    bool over_limit = false;  ///< the error is a limit that was reached
};

/// What a server offers.
struct Catalog {
    std::string instructions;
    Json tools = Json::array(), resources = Json::array(), resource_templates = Json::array(), prompts = Json::array();
    /// `name` is one of `tools`; the arguments are an object.
    std::function<ToolOutcome(const std::string& name, const Json& arguments, const CallTime& time)> call;
    /// Learns of a call whose name is not one of `tools`; may be empty.
    std::function<void(const std::string& name, const CallTime& time)> unlisted{};
    /// The text of a resource and its type; nothing: there is none of this URI.
    std::function<std::optional<Json>(const std::string& uri, const CallTime& time)> read;
    /// The text of a prompt of `prompts` with its arguments.
    std::function<std::string(const std::string& name, const Json& arguments)> prompt;
    /// The values that begin with `begun` for an argument of this name.
    std::function<std::vector<std::string>(const std::string& argument, const std::string& begun, const CallTime& time)> complete;
    /// The resource whose changes `subscriptions/listen` announces; empty: none.
    std::string watched{};
    /// The text of `watched`, looked at every `look_pause` while a client listens. Throws where it cannot be had.
    std::function<std::string(const CallTime& time)> look{};
    std::chrono::milliseconds look_pause{5000};
};

/// The line that answers a request, and the code of its error; 0: none.
struct Answered {
    std::string line{};
    int code = 0;
};
/// Never throws.
Answered answer_request(const RpcRequest& request, const Catalog& catalog, const CallTime& time);
/// Its line alone.
std::string answer_line(const RpcRequest& request, const Catalog& catalog, const CallTime& time);

}  // namespace volt::agent
