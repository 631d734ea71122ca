// One line of MCP: a request, a notification, or what is wrong with it. Pure: no clock, no file, no thread.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace volt::agent {

using Json = nlohmann::ordered_json;

/// Stateless requests (`_meta` names the revision of each), or those after a handshake by `initialize`.
enum class Era : std::uint8_t { legacy, modern };

inline constexpr const char* modern_revision = "2026-07-28";
/// The newest first.
inline constexpr const char* legacy_revisions[] = {"2025-11-25", "2025-06-18", "2025-03-26"};

inline constexpr std::size_t most_message_bytes = 1 << 20, most_message_depth = 32;

// Error codes of JSON-RPC, and of MCP.
inline constexpr int parse_error = -32700, invalid_request = -32600, unknown_method = -32601, invalid_params = -32602,
                     internal_error = -32603, unsupported_revision = -32022;

struct RpcRequest {
    Json id;  ///< a text or a whole number
    std::string method;
    Json params = Json::object();
    Era era = Era::legacy;
    std::string client{};  ///< as the program names itself, of a modern request or of `initialize`; empty: it does not say
};

/// The name of a client as far as it can stand in a line: at most 40 printable characters; `unnamed` of nothing.
std::string client_name(const std::string& given);

/// What a line is; nothing of it: a notification or a response, which need no answer.
struct McpMessage {
    std::optional<RpcRequest> request;
    std::string refusal;            ///< the line to write at once
    std::optional<Json> cancelled;  ///< the id of the request that the client gave up
};

/// How deep arrays and objects are nested in a text, whether it is JSON or not.
std::size_t depth_of(std::string_view text);
/// A line without its end.
McpMessage read_message(std::string_view line);
/// The refusal of a line that is longer than most_message_bytes.
std::string too_long_line();

/// The line of an answer.
std::string result_line(const RpcRequest& request, Json result);
/// Name and version of this program.
Json server_info();

/// The line of an error; without an id where the request had none that can be read.
std::string error_line(const Json& id, int code, const std::string& text, const Json& data = nullptr);

}  // namespace volt::agent
