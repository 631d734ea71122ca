// The commands of voltctl that show a running voltd. Each returns the exit code.
#pragma once

#include <cstdio>
#include <optional>
#include <string>

#include "daemon/ctl/api_client.hpp"

namespace volt::ctl {

inline constexpr int exit_ok = 0, exit_failed = 1, exit_usage = 2, exit_unreachable = 3;

/// The configuration that is read where none is named.
inline constexpr const char* default_config = "/etc/voltd/voltd.yaml";

/// Where the address of the daemon comes from; what is given beats the configuration.
struct AddressOptions {
    std::optional<std::string> config, url, token_file;
};

/// Reads the configuration (its `api`) and the token. Says on stderr what is wrong, and returns nothing then.
std::optional<ApiAddress> find_address(const AddressOptions& options);

struct WatchOptions {
    bool json = false;
    double interval_s = 1;
    std::optional<double> for_s;  ///< nothing: until interrupted
};

int show_status(const ApiAddress& address, bool json);
int explain(const ApiAddress& address, const std::string& load, bool json);
int watch(const ApiAddress& address, const WatchOptions& options);

/// Says why an answer is no good; 1 or 3.
int complain(const ApiReply& reply);

/// The whole program.
int run(int argc, char** argv);

}  // namespace volt::ctl
