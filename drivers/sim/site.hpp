// The whole simulated site: plant, instruments, Modbus servers, outputs, sensors, and external control.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "drivers/sim/ambient.hpp"
#include "drivers/sim/control.hpp"
#include "drivers/sim/gx_server.hpp"
#include "drivers/sim/modbus_server.hpp"
#include "drivers/sim/plant.hpp"
#include "drivers/sim/relays.hpp"
#include "drivers/sim/sol_ark_server.hpp"
#include "drivers/sim/view.hpp"

namespace volt::sim {

struct SiteConfig {
    PlantConfig plant;
    RelaysConfig relays;
    AmbientTopics topics;
    GxOptions gx;
    SolArkOptions sol_ark;
    Wire sol_ark_wire = Wire::tcp;
    bool sol_ark_gateway = false;  ///< the Sol-Ark's port belongs to a gateway in front of a serial line
    int gx_port = 0, sol_ark_port = 0;
    int speed = 60;            ///< 1..2000, for sun, battery and heat
    std::string control_path;  ///< empty if none
    Pins pins;
};

/// The site. Runs on one thread: call turn() repeatedly, it waits by itself.
class Site {
public:
    /// Starts the site. Throws std::runtime_error if a port or the control path is not available.
    Site(const SiteConfig& config, Time now);

    int gx_port() const { return gx_server_.port(); }
    int sol_ark_port() const { return sol_ark_server_.port(); }
    const std::string& control_path() const { return config_.control_path; }
    const SiteMeasurements& view() const { return view_; }
    /// Waits for a request or the next step (20 ms at most), and then runs it.
    void turn();
    /// Advances everything to `now` without waiting.
    void advance(Time now);
    /// Executes one line of control: `fault …`, `set …`, `status`. The answer begins with `ok`, `error:` or `{`.
    std::string command(const std::string& line);
    /// Returns one line of text: time, voltage, powers, outputs.
    std::string sentence() const;

private:
    void wait() const;
    void step();
    std::string fault(const std::vector<std::string>& words);
    std::string set(const std::vector<std::string>& words);
    std::string status() const;

    SiteConfig config_;
    Plant plant_;
    Relays relays_;
    Ambient ambient_;
    GxRegisters gx_;
    SolArkRegisters sol_ark_;
    ModbusServer gx_server_, sol_ark_server_;
    std::unique_ptr<ControlServer> control_;
    SiteMeasurements view_;
    Time now_, next_step_;
};

}  // namespace volt::sim
