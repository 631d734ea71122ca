// Line of MCP: a request, a notification, or an error. Pure: no clock, no file, no thread.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace volt::agent {

using Json = nlohmann::ordered_json;

/// Protocol era: stateless requests (`_meta` names the revision of each), or those after a handshake by `initialize`.
enum class Era : std::uint8_t { legacy, modern };

inline constexpr const char* modern_revision = "2026-07-28";
/// Supported revisions, newest first.
inline constexpr const char* legacy_revisions[] = {"2025-11-25", "2025-06-18", "2025-03-26"};

inline constexpr std::size_t most_message_bytes = 1 << 20, most_message_depth = 32;

// Error codes of JSON-RPC and MCP.
inline constexpr int parse_error = -32700, invalid_request = -32600, unknown_method = -32601, invalid_params = -32602,
                     internal_error = -32603, unsupported_revision = -32022;

struct RpcRequest {
    Json id;  ///< a text or a whole number
    std::string method;
    Json params = Json::object();
    Era era = Era::legacy;
    std::string client{};  ///< name of the program, from a modern request or `initialize`, or empty if unknown
};

/// Returns the name of a client in printable form, at most 40 characters, or `unnamed` if it is empty.
std::string client_name(const std::string& given);

/// Parsed line. Nothing set means a notification or a response, which need no answer.
struct McpMessage {
    std::optional<RpcRequest> request;
    std::string refusal;            ///< line to write at once
    std::optional<Json> cancelled;  ///< id of the request that the client canceled
};

/// Returns the nesting depth of arrays and objects in a text, whether it is JSON or not.
std::size_t depth_of(std::string_view text);
/// Parses a line without its newline.
McpMessage read_message(std::string_view line);
/// Returns the rejection of a line longer than most_message_bytes.
std::string too_long_line();

/// Returns the line of an answer.
std::string result_line(const RpcRequest& request, Json result);
/// Returns name and version of this program.
Json server_info();

/// Returns the line of an error, without an id if the request has no readable one.
std::string error_line(const Json& id, int code, const std::string& text, const Json& data = nullptr);

}  // namespace volt::agent
