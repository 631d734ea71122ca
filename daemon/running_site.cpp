#include "daemon/running_site.hpp"

#include <algorithm>
#include <utility>

#include "daemon/config/build_policy.hpp"
#include "daemon/site/output_release.hpp"

namespace volt {

namespace {

WallClock make_wall(std::optional<SimulatedWall> simulated, const ZoneClock* zone) {
    if (!simulated) return {};
    const Utc start = zone != nullptr ? zone->utc(simulated->start)
                                      : Utc{24h * simulated->start.day + std::chrono::seconds{simulated->start.second_of_day}};
    return {*simulated, start, monotonic_now()};
}

bool same_pollers(const Config& a, const Config& b) {
    return a.victron == b.victron && a.sol_ark == b.sol_ark && a.sol_ark_2 == b.sol_ark_2 && a.power_sources == b.power_sources;
}

/// Returns true if both show the same to Home Assistant, including the page's address.
bool same_discovery(const Config& a, const Config& b) {
    return a.home_assistant == b.home_assistant && (!a.home_assistant || a.api == b.api);
}

/// Returns true if the next configuration does not know devices that Home Assistant was shown: it has no discovery, or another
/// prefix.
bool ends_discovery(const Config& old, const Config& next) {
    const bool was = old.home_assistant && old.home_assistant->discovery;
    return was && (!next.home_assistant || next.home_assistant->prefix != old.home_assistant->prefix);
}

}  // namespace

bool same_broker(const Config& a, const Config& b) { return a.mqtt.host == b.mqtt.host && a.mqtt.port == b.mqtt.port; }

std::vector<OutputConfig> outputs_seen_from(const Config& other, const Config& config) {
    return same_broker(other, config) ? config.outputs : std::vector<OutputConfig>{};
}

bool same_io(const Config& a, const Config& b) {
    return a.mqtt == b.mqtt && a.outputs == b.outputs && a.sensors == b.sensors && a.weather == b.weather &&
           a.clear_retained == b.clear_retained && same_discovery(a, b);
}

RunningSite::RunningSite(const SiteHost& host, Config config, const OpenedStore& opened, std::optional<SimulatedWall> simulated)
    : log_(host.log),
      wake_(host.wake),
      config_(std::move(config)),
      mailbox_(std::make_shared<Mailbox>(polled_sources(config_))),
      pollers_(mailbox_, charge_, host.background_tasks) {
    const std::string& timezone = opened.settings->timezone;
    auto zone = ZoneClock::load(timezone);
    const bool known_zone = zone != nullptr;
    if (!known_zone) zone = ZoneClock::load("UTC");
    wall_ = make_wall(simulated, zone.get());
    const Time now = monotonic_now();
    SiteFacts facts{config_.site, VOLT_VERSION, wall_.utc(now), wall_.simulated() ? "simulated" : "system", {}};
    facts.clock_rate = wall_.rate();
    cycle_ = std::make_unique<Cycle>(CycleParts{*mailbox_, host.store, log_, wall_, host.clock_synchronised, charge_}, config_,
                                     opened.settings, std::move(facts), std::move(zone));
    if (!known_zone) cycle_->settings().use_zone(timezone, nullptr);
    if (opened.newest_row) cycle_->inputs().know_newest_row(*opened.newest_row);
    if (opened.rule_state) cycle_->restore(*opened.rule_state, now, opened.run_energies);
    cycle_->inputs().lease_trials().restore(opened.output_proofs);
    connect();
    mailbox_->on_urgent_reading(wake_);
    pollers_.start(config_, now);
}

void RunningSite::connect(BrokerConnection::Kept kept) {
    io_ = std::make_unique<MqttSiteIo>(config_, wake_, LinkTimes{}, std::move(kept), controller());
}

void RunningSite::apply(Config next, std::shared_ptr<BrokerAccess> access, Time now) {
    const Config old = std::exchange(config_, std::move(next));
    log_.set_level(config_.log_level);
    if (!same_io(old, config_)) {
        io_->turn(now);
        cycle_->hand_over_io(*io_, other_devices(outputs_seen_from(config_, old), config_.outputs));
        replace_io(old, std::move(access));
    }
    if (!same_pollers(old, config_) || has_replaced_device()) pollers_.start(config_, now);
    cycle_->configure(config_);
    io_->set_live(cycle_->commands());
}

/// Replaces the broker side. The same broker keeps its connection. A new one connects after the old connection has published
/// `offline`, because the courier does one after the other.
void RunningSite::replace_io(const Config& old, std::shared_ptr<BrokerAccess> access) {
    if (old.mqtt == config_.mqtt) {
        io_ = std::make_unique<MqttSiteIo>(config_, io_->give_link(ends_discovery(old, config_)), controller());
        return;
    }
    const BrokerConnection::Kept kept{io_->kept().courier, std::move(access)};
    io_->leave();
    connect(kept);
}

/// Returns true if a device was replaced. It is rejected until the owner accepts it by a reload.
bool RunningSite::has_replaced_device() const {
    const LatestReadings latest = mailbox_->read();
    return std::any_of(latest.begin(), latest.end(),
                       [](const auto& entry) { return entry.second.health.fault == Fault::wrong_device; });
}

}  // namespace volt
