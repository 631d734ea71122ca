// Listening sockets: a TCP port, or a file that only the group may open.
#pragma once

#include <string>
#include <vector>

#include "drivers/result.hpp"

namespace volt::api {

/// Listening socket, closed by the destructor, which also removes a socket file that is still ours.
class Listening {
public:
    /// `home_only`: serves only clients of the local network.
    Listening(int fd, int port, std::string path, bool home_only = false);
    ~Listening();
    Listening(Listening&& other) noexcept;
    Listening& operator=(Listening&&) = delete;
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;

    int fd() const { return fd_; }
    int port() const { return port_; }  ///< 0: a file
    /// Returns true if the file still leads here. Always true for a port.
    bool in_place() const;
    /// Returns true if this accepted connection may be served, by its address.
    bool admits(int socket) const;

private:
    int fd_, port_;
    std::string path_;
    bool home_only_;
    unsigned long device_ = 0, inode_ = 0;
};

/// Listens on TCP. Port 0 means any free one. `localhost` is always 127.0.0.1, even without a hosts file. On any address but
/// loopback, serves only clients of the local network.
Result<Listening> listen_at(const std::string& host, int port);
/// Listens there, and also on 127.0.0.1 with that port if `host` is one address of the local network.
Result<std::vector<Listening>> listen_also_locally(const std::string& host, int port);

/// Returns the address for a browser to reach `host`. If that is every address, returns an address of this machine in the local
/// network.
std::string page_address(const std::string& host, int port);

/// Listens on a Unix socket at `path`, mode 0660, group voltd if it exists. Replaces a file without a listener. Fails if another
/// program listens there or the file is not a socket.
Result<Listening> listen_at_file(const std::string& path);

}  // namespace volt::api
