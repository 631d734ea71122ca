// A reload of the voltd that answers on a socket, as `systemctl reload` does it, whoever started that voltd.
#pragma once

#include <chrono>
#include <string>

#include "daemon/ctl/talk/api_client.hpp"
#include "daemon/ctl/views/text.hpp"

namespace volt::ctl {

/// How long a reload may take until it is in force: the broker's address 30 s, and loads that are switched off.
inline constexpr std::chrono::seconds longest_reload{90};

/// Sends SIGHUP to the process that listens on the socket. Empty: sent; else why not.
std::string ask_for_reload(const std::string& socket);

/// The status of a running voltd; empty: it does not answer.
Json status_of(const ApiAddress& address);

/// Waits until `site.commands` is `wanted`, at most longest_reload. Empty: it is; else why not.
std::string wait_for_commands(const ApiAddress& address, const std::string& wanted);

}  // namespace volt::ctl
