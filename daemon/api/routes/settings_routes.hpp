// Preferences, miners and zones: read and edited in one place, for HTTP and for a voltctl without a running voltd.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "daemon/api/http/router.hpp"
#include "daemon/config/config.hpp"
#include "drivers/store/settings/settings.hpp"

namespace volt::api {

/// Functions of a running voltd. An empty function means that there is no loop.
struct SettingsContext {
    std::function<void()> changed;  ///< called after each commit, from a server's thread
    /// Returns `{"would":[…]}`: what these settings would switch now. Returns nothing if the loop did not answer in time.
    std::function<std::optional<nlohmann::ordered_json>(std::shared_ptr<const Settings>)> would;
    std::function<std::optional<Config>()> config;  ///< current configuration, or nothing if unknown now
};

/// Returns the router rows for the database at `path`. `give_up` must outlive them: once it is set, no thread waits for a locked
/// database.
std::vector<Route> settings_routes(const std::string& path, SettingsContext context, const std::atomic<bool>& give_up);

/// Returns a function that checks if the database at `path` holds a mode. It returns nothing if the database cannot be read.
std::function<std::optional<bool>(SiteMode)> mode_in(const std::string& path, const std::atomic<bool>& give_up);

}  // namespace volt::api
