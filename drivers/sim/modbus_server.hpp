// A Modbus server on a loopback port for one simulated device: several clients, and faults on command.
#pragma once

#include <poll.h>

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/sim/frame.hpp"
#include "rules/time.hpp"

namespace volt::sim {

enum class ServerFaultKind {
    none,
    silent,         ///< accepts requests, never replies
    slow,           ///< answers `number` ms late
    reset,          ///< resets the connection at each request
    exception,      ///< answers exception `number`
    zeros,          ///< every register 0
    frozen,         ///< values do not change, but the GX's clock runs
    shifted,        ///< correct header, values of the next register
    late,           ///< answers each request with the previous answer, including its transaction id
    ignores_write,  ///< acknowledges a write without writing
    refuses_write,  ///< a write gets exception 3
};

struct ServerFault {
    ServerFaultKind kind = ServerFaultKind::none;
    int number = 0;
};

/// Parses "slow", "slow:2500", "exception:6" and the other names. Empty for an unknown one.
std::optional<ServerFault> server_fault_of(std::string_view text);

/// The server. Never blocks; call turn() when a descriptor is readable or due() has passed.
class ModbusServer {
public:
    /// Listens on 127.0.0.1; port 0 takes a free one. Throws std::runtime_error if it cannot.
    ModbusServer(Registers& registers, Wire wire, int port);
    ~ModbusServer();
    ModbusServer(const ModbusServer&) = delete;
    ModbusServer& operator=(const ModbusServer&) = delete;

    /// Acts like a gateway in front of a serial line: one queue for all clients, which wait for an absent slave.
    void be_patient() { patient_ = true; }
    int port() const { return port_; }
    void turn(Time now);
    /// Adds the descriptors to wait on.
    void add_descriptors(std::vector<pollfd>& descriptors) const;
    /// Returns the time of the next delayed answer or the end of a fault.
    std::optional<Time> due() const;
    /// Sets the fault until `until`. The newest replaces the previous one.
    void fault(ServerFault fault, Time until);

private:
    struct Client {
        int socket;
        std::uint64_t id;
        Bytes buffer;
        Bytes kept;  // the previous answer, for `late`
        bool gone = false;
    };
    struct Held {
        Time due;
        std::uint64_t client;
        Bytes frame;
    };

    void accept_all();
    void serve(Client& client, Time now);
    void answer(Client& client, const Request& request, Time now);
    void send_to(Client& client, const Bytes& frame);
    void send_due(Time now);
    std::optional<Bytes> spoilt_answer(const Request& request);

    Registers& registers_;
    Wire wire_;
    int listener_ = -1;
    int port_ = 0;
    std::uint64_t next_id_ = 1;
    std::vector<Client> clients_;  // at most 16
    std::deque<Held> held_;        // at most 64
    ServerFault fault_;
    Time fault_until_{};
    bool patient_ = false;
    Time line_free_at_{};  ///< when the serial line is free again
};

}  // namespace volt::sim
