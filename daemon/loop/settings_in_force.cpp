#include "daemon/loop/settings_in_force.hpp"

#include <utility>

#include "daemon/config/build_policy.hpp"
#include "daemon/host/sun.hpp"

namespace volt {
namespace {

std::shared_ptr<const Settings> with_mode(const Settings& settings, SiteMode mode) {
    auto changed = std::make_shared<Settings>(settings);
    changed->preferences.mode = mode;
    return changed;
}

}  // namespace

void SettingsInForce::configure(const Config& config) {
    policy_ = build_policy(config, *settings_, ++revision_);
    place_ = config.site_place;
}

bool SettingsInForce::take_new(Store& store, const Config& config) {
    auto settings = store.take_new_settings();
    if (!settings) return false;
    if (settings->timezone != settings_->timezone) wanted_zone_ = settings->timezone;
    const bool too_old = wanted_mode_ && settings->mode_order < wanted_mode_->order;
    settings_ = too_old ? with_mode(*settings, wanted_mode_->mode) : std::move(settings);
    configure(config);
    return true;
}

void SettingsInForce::set_mode(SiteMode mode, const std::string& who, Store& store, const Config& config) {
    wanted_mode_ = {mode, store.set_mode(mode, who)};
    settings_ = with_mode(*settings_, mode);
    configure(config);
}

void SettingsInForce::use_zone(const std::string& name, std::unique_ptr<ZoneClock> clock) {
    unknown_zone_ = clock ? "" : name;
    if (clock) zone_ = std::move(clock);
}

std::optional<std::string> SettingsInForce::take_wanted_zone() { return std::exchange(wanted_zone_, std::nullopt); }

std::optional<LocalTime> SettingsInForce::local(Utc utc) const { return zone_ ? std::optional(zone_->local(utc)) : std::nullopt; }

std::optional<SunOfDay> SettingsInForce::sun(Utc utc, LocalTime local) const {
    return place_ ? sun_of(*place_, utc, local) : std::nullopt;
}

}  // namespace volt
