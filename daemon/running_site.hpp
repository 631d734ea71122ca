// RunningSite: the configuration in use and everything that runs by it: the cycle, the broker side, the polled devices. The only
// place where concrete drivers meet.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/host/machine_id.hpp"
#include "daemon/loop/cycle.hpp"
#include "daemon/site/mqtt_site_io.hpp"
#include "daemon/site/pollers.hpp"
#include "drivers/task_thread.hpp"

namespace volt {

/// Parts of the program that a site needs. All must outlive the site.
struct SiteHost {
    Log& log;
    Store& store;
    TaskThread& background_tasks;
    std::function<void()> wake;  ///< wakes the loop, from any thread
    std::function<bool()> clock_synchronised;
};

/// Use on the loop thread only.
class RunningSite {
public:
    /// `opened` is the content of the store at the start. Its store is that of `host`.
    RunningSite(const SiteHost& host, Config config, const OpenedStore& opened, std::optional<SimulatedWall> simulated);

    const Config& config() const { return config_; }
    const WallClock& wall() const { return wall_; }
    Mailbox& mailbox() { return *mailbox_; }
    Cycle& cycle() { return *cycle_; }
    MqttSiteIo& io() { return *io_; }
    Pollers& pollers() { return pollers_; }

    /// Applies `next`. Never waits. `access`: password and address of its broker.
    void apply(Config next, std::shared_ptr<BrokerAccess> access, Time now);

private:
    std::string controller() const { return controller_id(machine_id_, config_.mqtt.client_id); }
    void connect(BrokerConnection::Kept kept = {});
    void replace_io(const Config& old, std::shared_ptr<BrokerAccess> access);
    bool has_replaced_device() const;

    Log& log_;
    const std::function<void()> wake_;
    const std::string machine_id_ = machine_id();  ///< as of the start
    Config config_;
    WallClock wall_;
    ChargeExchanges charge_;            ///< shared with pollers that are still ending
    std::shared_ptr<Mailbox> mailbox_;  ///< shared, too
    std::unique_ptr<Cycle> cycle_;
    std::unique_ptr<MqttSiteIo> io_;
    Pollers pollers_;
};

/// Returns true if both have the same broker, outputs and topics, so that the broker side can remain.
bool same_io(const Config& a, const Config& b);
/// Returns the outputs of `config` that are reachable over `other`'s broker: none if the brokers differ.
std::vector<OutputConfig> outputs_seen_from(const Config& other, const Config& config);
bool same_broker(const Config& a, const Config& b);

}  // namespace volt
