// SettingsInForce: the owner's settings as the loop uses them, with the policy and the local time made from them.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "daemon/config/config.hpp"
#include "daemon/host/clock.hpp"
#include "drivers/store/store.hpp"
#include "rules/policy.hpp"

namespace volt {

/// Loop thread only.
class SettingsInForce {
public:
    SettingsInForce(std::shared_ptr<const Settings> settings, std::unique_ptr<ZoneClock> zone)
        : settings_(std::move(settings)), zone_(std::move(zone)) {}

    const std::shared_ptr<const Settings>& settings() const { return settings_; }
    const Policy& policy() const { return policy_; }
    /// The policy anew, for another configuration.
    void configure(const Config& config);
    /// `control` alone changed.
    void set_control(const Control& control) { policy_.control = control; }

    /// What the store has read since the last call; true: the policy is another.
    bool take_new(Store& store, const Config& config);
    /// In force at once, whether the disk takes it or not.
    void set_mode(SiteMode mode, const std::string& who, Store& store, const Config& config);

    /// Uses this clock for the time zone `name`; null: no such zone exists. Texts keep the previous one, and no local time is trusted.
    void use_zone(const std::string& name, std::unique_ptr<ZoneClock> clock);
    /// The settings' time zone, once each time it changes.
    std::optional<std::string> take_wanted_zone();
    /// The time zone of the settings where it does not exist; empty: it is in force.
    const std::string& unknown_zone() const { return unknown_zone_; }
    /// Local time; empty while no zone is known.
    std::optional<LocalTime> local(Utc utc) const;
    /// Sunrise and sunset of that local day; empty without a place.
    std::optional<SunOfDay> sun(Utc utc, LocalTime local) const;

private:
    /// A mode just set: settings the store read before that do not take it back.
    struct WantedMode {
        SiteMode mode{};
        std::uint64_t order = 0;  ///< of the store
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
