#include "daemon/api/server/binding.hpp"

#include <fmt/format.h>

#include "daemon/config/reach.hpp"

namespace volt {

std::string ApiBinding::apply(const std::optional<ApiConfig>& request) {
    if (request) wanted_ = *request;
    server_.access().guard_by({{}, wanted_.hosts, wanted_.proxies, wanted_.view_open, wanted_.frames}, wanted_.site);
    const std::string socket_failure = server_.open_socket(socket_path(wanted_.token_file, runtime_directory_));
    const std::string port_failure = apply_port(request.has_value());
    if (socket_failure.empty()) return port_failure;
    const std::string text = fmt::format("voltctl cannot reach voltd: {}", socket_failure);
    return port_failure.empty() ? text : text + ". " + port_failure;
}

std::string ApiBinding::apply_port(bool first_try) {
    const bool stays = server_.port() != 0 && served_.host == wanted_.host && served_.port == wanted_.port;
    const std::string why = stays ? server_.take_token(wanted_.token_file) : move_port(first_try);
    if (why.empty()) return {};
    const std::string address = fmt::format("The local API at {}:{}", wanted_.host, wanted_.port);
    if (stays) return fmt::format("{} still answers with the previous token: {}", address, why);
    const std::string still = server_.port() != 0 ? fmt::format("; {}:{} still answers", served_.host, served_.port) : "";
    return fmt::format("{} is unavailable: {}{}", address, why, still);
}

/// Moves the port. Two addresses of one port may exclude each other: then it closes the old one first, and reopens it if the new
/// one fails. It does not do so at every retry, because no client is served in the meantime.
std::string ApiBinding::move_port(bool first_try) {
    if (const std::string why = server_.take_token(wanted_.token_file); !why.empty()) return why;
    const ApiConfig old = served_;
    std::string why = start(wanted_);
    if (why.empty() || !first_try || server_.port() == 0 || old.port != wanted_.port) return why;
    server_.close_port();
    why = start(wanted_);
    if (!why.empty()) start(old);
    return why;
}

std::string ApiBinding::start(const ApiConfig& api) {
    const auto port = server_.start(api.host, api.port, api.token_file);
    if (!port) return port.failure().text;
    served_ = api;
    return {};
}

}  // namespace volt
