// Reload of the voltd that answers on a socket, like `systemctl reload`, whoever started that voltd.
#pragma once

#include <chrono>
#include <string>

#include "daemon/ctl/talk/api_client.hpp"
#include "daemon/ctl/views/text.hpp"

namespace volt::ctl {

/// Maximum time until a reload takes effect: 30 s for the broker's address, plus the time to switch loads off.
inline constexpr std::chrono::seconds longest_reload{90};

/// Sends SIGHUP to the process that listens on the socket. Returns an empty string, or the error.
std::string ask_for_reload(const std::string& socket);

/// Returns the status of a running voltd, empty if it does not answer.
Json status_of(const ApiAddress& address);

/// Waits until `site.commands` is `wanted`, at most longest_reload. Returns an empty string, or the reason it is not.
std::string wait_for_commands(const ApiAddress& address, const std::string& wanted);

}  // namespace volt::ctl
