// The commands of voltctl that show a running voltd. Each returns the exit code.
#pragma once

#include <cstdio>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "daemon/config/reach.hpp"
#include "daemon/ctl/talk/api_client.hpp"

namespace volt::ctl {

inline constexpr int exit_ok = 0, exit_failed = 1, exit_usage = 2, exit_unreachable = 3;

/// The configuration that is read where none is named.
inline constexpr const char* default_config = "/etc/voltd/voltd.yaml";

/// Where the address of the daemon comes from; what is given beats the configuration.
struct AddressOptions {
    std::optional<std::string> config, url, token_file;
    bool json = false;  ///< print errors as JSON
};

/// How to reach voltd and its database, from voltd.yaml; a mistake in the file is one line on stderr and not fatal.
Reach reach_of(const AddressOptions& options);

/// voltd's own socket; with `--url` that address, and the token for it.
ApiAddress find_address(const AddressOptions& options);

/// Who types, for the history of settings: `pi`, `root for pi`.
std::string operator_name();

/// Reads the token file again; false: the token is the same, or none can be read.
bool take_new_token(ApiAddress& address);

struct WatchOptions {
    bool json = false;
    double interval_s = 1;
    std::optional<double> for_s;  ///< nothing: until interrupted
};

/// The loads a person may mean, as keys of `/api/explain`: by slug, name or output's id (`outputs`: the list of `/api/outputs`) one; by
/// a zone its fan and its heater; else all that begin so. Empty: none.
std::vector<std::string> loads_for(const std::string& word, const nlohmann::ordered_json& explanations,
                                   const nlohmann::ordered_json& outputs);
/// The same of a running voltd, which is asked for its outputs only if needed.
std::vector<std::string> loads_for(const ApiAddress& address, const std::string& word,
                                   const nlohmann::ordered_json& explanations);

int show_status(const ApiAddress& address, bool json);
int explain(const ApiAddress& address, const std::string& load, bool json);
int watch(const ApiAddress& address, const WatchOptions& options);

/// The whole program.
int run(int argc, char** argv);

}  // namespace volt::ctl
