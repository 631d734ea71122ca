// Sockets that listen: a TCP port, or a file that only the group may open.
#pragma once

#include <string>
#include <vector>

#include "drivers/result.hpp"

namespace volt::api {

/// A listening socket, closed with this; of a file also its name, where it is still ours.
class Listening {
public:
    /// `home_only`: serves clients of the local network alone.
    Listening(int fd, int port, std::string path, bool home_only = false);
    ~Listening();
    Listening(Listening&& other) noexcept;
    Listening& operator=(Listening&&) = delete;
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;

    int fd() const { return fd_; }
    int port() const { return port_; }  ///< 0: a file
    /// Whether the file still leads here; true for a port.
    bool in_place() const;
    /// Whether this accepted connection may be served at all, by the address it comes from.
    bool admits(int socket) const;

private:
    int fd_, port_;
    std::string path_;
    bool home_only_;
    unsigned long device_ = 0, inode_ = 0;
};

/// Port 0: any free one. `localhost` is always 127.0.0.1, even without a hosts file. At another address than loopback, only clients of
/// the local network are served.
Result<Listening> listen_at(const std::string& host, int port);
/// The same, and at 127.0.0.1 with that port where `host` is one address of the local network.
Result<std::vector<Listening>> listen_also_locally(const std::string& host, int port);

/// How a browser finds what listens at `host`: where that is every address, an address of this machine in the local network.
std::string page_address(const std::string& host, int port);

/// A Unix socket at `path`, mode 0660, group voltd where there is one. A file without a listener is
/// replaced; refused: another program listens there, or it is no socket.
Result<Listening> listen_at_file(const std::string& path);

}  // namespace volt::api
