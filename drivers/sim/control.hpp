// Control of a running simulator: one line over a Unix socket, one answer.
#pragma once

#include <poll.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace volt::sim {

/// Returns `voltsim-<uid>.sock` in the runtime directory of the user, else in /tmp.
std::string default_control_path();

/// The server. Never blocks; at most 8 clients at a time, lines up to 512 bytes.
class ControlServer {
public:
    /// Handles one line and returns the answer.
    using Handler = std::function<std::string(const std::string&)>;

    /// Listens at `path`, and replaces the socket of an ended simulator. Throws std::runtime_error if it cannot, or if a running
    /// simulator listens there.
    ControlServer(std::string path, Handler handler);
    ~ControlServer();
    ControlServer(const ControlServer&) = delete;
    ControlServer& operator=(const ControlServer&) = delete;

    const std::string& path() const { return path_; }
    void add_descriptors(std::vector<pollfd>& descriptors) const;
    void turn();

private:
    struct Caller {
        int socket;
        std::string line;
        bool done = false;
    };
    void serve(Caller& caller);

    std::string path_;
    Handler handler_;
    int listener_ = -1;
    std::vector<Caller> callers_;
};

/// Sends one line to the simulator at `path`, and returns its answer, or empty if none listens there (5 s at most).
std::optional<std::string> send_line(const std::string& path, const std::string& line);

}  // namespace volt::sim
