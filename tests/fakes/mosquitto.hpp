// A private, real mosquitto on its own loopback port, for tests in which the broker must die, hang or forget.
#pragma once

#include <memory>
#include <string>

#include "tests/fakes/process.hpp"

namespace volt::testing {

class Mosquitto {
public:
    /// Starts a broker and returns once it accepts. `more` has additional configuration lines; `DIR` in them is replaced by
    /// dir(). Everyone has access unless `more` restricts it.
    explicit Mosquitto(std::string more = {});

    int port() const { return port_; }
    const std::string& dir() const { return dir_.path(); }
    /// Adds a user to the file for `password_file DIR/passwords`, which the next start() reads. DIR/acl also exists, and is
    /// empty.
    void add_user(const std::string& user, const std::string& password) const;

    void start();  ///< on the same port; waits until it accepts
    void kill();   ///< SIGKILL: no goodbye, and its state is lost
    void hang();   ///< SIGSTOP: the port is open, but nothing answers
    void go_on();  ///< SIGCONT
    std::string log() const { return process_ ? process_->text() : ""; }

private:
    bool accepts() const;

    TempDir dir_;
    int port_;
    std::string more_;
    std::unique_ptr<Process> process_;
};

}  // namespace volt::testing
