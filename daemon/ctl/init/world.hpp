// Environment of `voltctl init`: this machine, its networks, devices and the broker. Switches nothing.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/modbus/probe.hpp"
#include "drivers/modbus/scan.hpp"
#include "drivers/mqtt/announce/announcements.hpp"
#include "drivers/mqtt/guest.hpp"

namespace volt::ctl::init {

struct ThisMachine {
    std::string system;  ///< "Debian GNU/Linux 12 (bookworm)"
    std::string model;   ///< for a Raspberry Pi, or empty if unknown
    std::string host;    ///< host name
    std::string zone;    ///< time zone
    bool has_rtc = false;
    bool synchronized = false;  ///< clock is synchronized
    bool is_root = false;
};

class World {
public:
    virtual ~World() = default;
    virtual ThisMachine machine() = 0;
    virtual std::vector<modbus::Subnet> subnets() = 0;
    /// Returns the addresses with port 502 open.
    virtual std::vector<std::string> scan(const std::vector<modbus::Subnet>& subnets) = 0;
    /// Returns true if the name has addresses, all in private IPv4 networks.
    virtual bool is_near(const std::string& host) = 0;
    virtual modbus::ProbeReport probe(const std::string& host, int port) = 0;
    /// Connects to the broker and subscribes to announcements. Returns nothing if connected.
    virtual std::optional<GuestConnection::Refusal> connect(const BrokerConfig& broker, const std::string& password) = 0;
    /// Passes on messages received since the last call, and queries the devices that they name.
    virtual void listen(Announcements& announcements) = 0;
    /// Asks Shellies to announce themselves.
    virtual void ask_shellies() = 0;
    /// Returns the filters that the broker denied.
    virtual std::vector<std::string> denied() = 0;
    /// Returns true if a broker on this machine accepts connections only from this machine.
    virtual bool loopback_only(int port) = 0;
};

/// Returns how init probes a device. An inverter whose values do not move is watched for up to a minute: it may be a logger's copy.
modbus::ProbeOptions probe_options(const std::string& host, int port);

/// Returns the real one. `go_on` returns false once the user interrupts.
std::unique_ptr<World> make_world(std::function<bool()> go_on);

}  // namespace volt::ctl::init
