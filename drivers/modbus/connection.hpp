// One TCP connection in a libmodbus context, which owns and closes its socket. One deadline covers all bytes in and out. The
// connect is ours: libmodbus's own cannot be interrupted, and ends the process at descriptor 1024.
#pragma once

#include <modbus.h>

#include <memory>
#include <optional>
#include <string>

#include "drivers/modbus/frame.hpp"
#include "drivers/modbus/resolve.hpp"
#include "drivers/modbus/stop_event.hpp"
#include "drivers/result.hpp"

namespace volt::modbus {

/// A connection. For one thread only; any other may set `stop`, which ends every wait, including a connect.
class TcpConnection {
public:
    TcpConnection(std::string host, int port, const StopEvent& stop);

    /// Resolves and connects, each address within `timeout`. Returns empty on success.
    std::optional<Failure> open(Duration timeout);
    void close() { context_.reset(); }
    bool is_open() const { return context_ != nullptr; }
    /// Returns true if open, not closed by the peer, and without unsolicited bytes.
    bool is_clean() const;
    /// Discards waiting bytes, at most 256.
    void drop_waiting() const;

    /// Sends all bytes. Fails (reconnect) at the deadline.
    std::optional<Failure> send(ByteView bytes, Time deadline) const;
    /// Appends at least one byte to `got`, which never exceeds `size`. Fails (reconnect) at the deadline.
    std::optional<Failure> receive(Bytes& got, std::size_t size, Time deadline) const;

private:
    struct Closer {
        void operator()(modbus_t* context) const;
    };
    using Context = std::unique_ptr<modbus_t, Closer>;

    int socket() const { return modbus_get_socket(context_.get()); }
    std::optional<Failure> open(const HostAddress& address, Duration timeout);
    Failure ended(Time deadline) const;
    std::string name() const { return host_ + " port " + std::to_string(port_); }

    std::string host_;
    int port_;
    Resolver resolver_;
    const StopEvent& stop_;
    Context context_;  ///< set only while connected
};

}  // namespace volt::modbus
