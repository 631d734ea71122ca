// The commands of voltctl that show a running voltd. Each returns the exit code.
#pragma once

#include <cstdio>
#include <nlohmann/json_fwd.hpp>
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
    bool json = false;  ///< what goes wrong is told as JSON
};

/// Reads the configuration (its `api`) and the token. Says what is wrong, and returns nothing then.
std::optional<ApiAddress> find_address(const AddressOptions& options);

/// Reads the token file again; false: the token is the same, or none can be read.
bool take_new_token(ApiAddress& address);

struct WatchOptions {
    bool json = false;
    double interval_s = 1;
    std::optional<double> for_s;  ///< nothing: until interrupted
};

/// The load a person means by its slug or its name: its key in `/api/explain`. Unknown ones stay as they are.
std::string load_for(const std::string& word, const nlohmann::ordered_json& explanations);

int show_status(const ApiAddress& address, bool json);
int explain(const ApiAddress& address, const std::string& load, bool json);
int watch(const ApiAddress& address, const WatchOptions& options);

/// The whole program.
int run(int argc, char** argv);

}  // namespace volt::ctl
