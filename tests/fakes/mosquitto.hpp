// A private, real mosquitto on a loopback port of its own, for tests that need the broker to die, hang or forget.
#pragma once

#include <memory>
#include <string>

#include "tests/fakes/process.hpp"

namespace volt::testing {

class Mosquitto {
public:
    /// `more` are further lines of its configuration; `DIR` in them stands for dir(). Runs and accepts when this returns.
    /// Everyone has access unless `more` restricts it.
    explicit Mosquitto(std::string more = {});

    int port() const { return port_; }
    const std::string& dir() const { return dir_.path(); }
    /// Adds to the file for `password_file DIR/passwords`; read at the next start(). DIR/acl is there too, and empty.
    void add_user(const std::string& user, const std::string& password) const;

    void start();  ///< on the same port; waits until it accepts
    void kill();   ///< SIGKILL: no goodbye, and all it knew is gone
    void hang();   ///< SIGSTOP: the port is open, nothing is answered
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
