// Control of a running simulator: one line over a Unix socket, one answer back.
#pragma once

#include <poll.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace volt::sim {

/// `voltsim-<uid>.sock` in the runtime directory of the user, else in /tmp.
std::string default_control_path();

/// Never blocks; at most 8 callers at a time, lines up to 512 bytes.
class ControlServer {
public:
    /// Takes one line, gives the answer.
    using Handler = std::function<std::string(const std::string&)>;

    /// Listens at `path`; a dead one's leftover is taken over. Throws std::runtime_error when it cannot, or when a live
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

/// Tells the simulator at `path` one line; its answer, or nothing when none listens there (5 s at most).
std::optional<std::string> tell(const std::string& path, const std::string& line);

}  // namespace volt::sim
