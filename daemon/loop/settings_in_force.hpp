// SettingsInForce: the owner's settings as the loop uses them, with the policy and local time derived from them.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "daemon/config/config.hpp"
#include "daemon/host/clock.hpp"
#include "drivers/store/store.hpp"
#include "rules/policy.hpp"

namespace volt {

/// Use on the loop thread only.
class SettingsInForce {
public:
    SettingsInForce(std::shared_ptr<const Settings> settings, std::unique_ptr<ZoneClock> zone)
        : settings_(std::move(settings)), zone_(std::move(zone)) {}

    const std::shared_ptr<const Settings>& settings() const { return settings_; }
    const Policy& policy() const { return policy_; }
    /// Rebuilds the policy for another configuration.
    void configure(const Config& config);
    /// Applies a change of `control` alone.
    void set_control(const Control& control) { policy_.control = control; }

    /// Takes settings that the store has read since the last call. Returns true if the policy changed.
    bool take_new(Store& store, const Config& config);
    /// Applies the mode at once, even if it cannot be saved.
    void set_mode(SiteMode mode, const std::string& who, Store& store, const Config& config);

    /// Uses this clock for the time zone `name`. Null means that the zone does not exist: texts keep the previous zone, and local
    /// time is not trusted.
    void use_zone(const std::string& name, std::unique_ptr<ZoneClock> clock);
    /// Returns the time zone of the settings once after each change.
    std::optional<std::string> take_wanted_zone();
    /// Returns the configured time zone if it does not exist, or an empty string if it is in use.
    const std::string& unknown_zone() const { return unknown_zone_; }
    /// Returns local time, or nothing while no zone is known.
    std::optional<LocalTime> local(Utc utc) const;
    /// Returns sunrise and sunset of that local day, or nothing if no location is configured.
    std::optional<SunOfDay> sun(Utc utc, LocalTime local) const;

private:
    /// A mode that was just set. Settings that the store read earlier do not revert it.
    struct WantedMode {
        SiteMode mode{};
        std::uint64_t order = 0;  ///< number of the write in the store
    };

    std::shared_ptr<const Settings> settings_;
    Policy policy_;
    std::uint64_t revision_ = 0;
    std::optional<WantedMode> wanted_mode_;
    std::unique_ptr<ZoneClock> zone_;
    std::optional<SitePlace> place_;
    std::optional<std::string> wanted_zone_;
    std::string unknown_zone_;
};

}  // namespace volt
