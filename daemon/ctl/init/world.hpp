// What `voltctl init` looks at outside itself: this machine, its networks, devices and the broker. Nothing here switches anything.
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
    std::string model;   ///< of a Raspberry Pi; empty: unknown
    std::string host;    ///< its name
    std::string zone;    ///< its time zone
    bool has_rtc = false;
    bool synchronized = false;  ///< its clock
    bool is_root = false;
};

class World {
public:
    virtual ~World() = default;
    virtual ThisMachine machine() = 0;
    virtual std::vector<modbus::Subnet> subnets() = 0;
    /// Addresses with port 502 open.
    virtual std::vector<std::string> scan(const std::vector<modbus::Subnet>& subnets) = 0;
    /// The name has addresses, each of them of a private IPv4 network.
    virtual bool is_near(const std::string& host) = 0;
    virtual modbus::ProbeReport probe(const std::string& host, int port) = 0;
    /// Connects to the broker and subscribes to announcements. Empty: connected.
    virtual std::optional<GuestConnection::Refusal> connect(const BrokerConfig& broker, const std::string& password) = 0;
    /// Passes on what came since the last call, and asks the devices that it names.
    virtual void listen(Announcements& announcements) = 0;
    /// Asks Shellies to announce themselves.
    virtual void ask_shellies() = 0;
    /// Filters that the broker denied.
    virtual std::vector<std::string> denied() = 0;
    /// A broker on this machine accepts connections from this machine only.
    virtual bool loopback_only(int port) = 0;
};

/// The real one. `go_on`: false once the user interrupts.
std::unique_ptr<World> make_world(std::function<bool()> go_on);

}  // namespace volt::ctl::init
