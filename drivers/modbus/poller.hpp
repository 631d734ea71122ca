// One thread per polled device, which only fills its slot. It decides nothing.
#pragma once

#include <functional>
#include <memory>

#include "drivers/charge_limit_exchange.hpp"
#include "drivers/modbus/device_config.hpp"
#include "drivers/modbus/gx_use.hpp"
#include "drivers/modbus/polling.hpp"
#include "drivers/source.hpp"

namespace volt {

/// A polled device. Calls the sink on its thread; the sink must not block, and must not call stop().
class Poller {
public:
    virtual ~Poller() = default;  ///< stops
    /// Ends the polling at once and waits for its thread. The sink is not called afterward. May be called again.
    virtual void stop() = 0;
    /// Requests the end without waiting; the sink may still be called.
    virtual void end() = 0;
    /// Returns false if its thread could not start: it does nothing and is replaced later.
    virtual bool running() const = 0;
};

/// Additional work on the polling thread after the polls of a turn. It checks the connection itself. If the endpoint has a
/// writable register, it also runs every half second.
using Chore = std::function<void(modbus::Transport&, const modbus::Polling&)>;

/// Starts polling a GX: sources `victron.system`, `victron.battery`, `victron.vebus`, `victron.<id>`. For a temperature service,
/// battery or room, the value is in `battery_temperature`. `timing` is for tests; its period is set from the configuration, its
/// slow period is at most `use.slow`. `deciding` is called on its thread. `charge` orders its charge limit; without it, the limit
/// is neither read nor written. With `charge_limit: report` it is read only while the register may still hold voltd's block, and
/// never written.
std::unique_ptr<Poller> start_victron(const VictronConfig& config, const GxUse& use, SourceSink sink,
                                      modbus::PollTiming timing = {},
                                      const std::shared_ptr<ChargeLimitExchange>& charge = nullptr,
                                      modbus::Polling::Deciding deciding = {});

/// Starts polling a Sol-Ark: source `sol_ark`.
std::unique_ptr<Poller> start_sol_ark(const SolArkConfig& config, SourceSink sink, modbus::PollTiming timing = {});

/// Exchanges that order the charge limits of the Sol-Arks.
struct SolArkChargeLimits {
    std::shared_ptr<ChargeLimitExchange> first, second;
};

/// Starts polling the site's Sol-Arks, one or two in parallel: sources `sol_ark` and `sol_ark_2`. Two behind one gateway (the
/// same host and port) share one connection, as many gateways accept only one client. `charge`: see start_victron().
std::vector<std::unique_ptr<Poller>> start_sol_arks(const SolArkConfig& first, const std::optional<SolArkConfig>& second,
                                                    const SourceSink& sink, const modbus::PollTiming& timing = {},
                                                    const SolArkChargeLimits& charge = {});

/// Starts polling any plans at an endpoint.
std::unique_ptr<Poller> start_poller(const modbus::Endpoint& endpoint, std::vector<modbus::UnitPlan> plans, SourceSink sink,
                                     const modbus::PollTiming& timing, Chore chore = {}, modbus::Polling::Deciding deciding = {});

}  // namespace volt
