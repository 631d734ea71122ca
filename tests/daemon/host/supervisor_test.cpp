#include "daemon/host/supervisor.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>

#include "drivers/source.hpp"
#include "tests/fakes/process.hpp"

using namespace volt;
using namespace volt::testing;

namespace {

/// The service manager's end of the socket. It reads only on request.
class Manager {
public:
    Manager() : fd_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        const std::string path = dir_ / "notify";
        std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
        REQUIRE(bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
        setenv("NOTIFY_SOCKET", path.c_str(), 1);
        setenv("WATCHDOG_USEC", "30000000", 1);
        unsetenv("WATCHDOG_PID");
    }
    ~Manager() {
        unsetenv("NOTIFY_SOCKET");
        unsetenv("WATCHDOG_USEC");
        close(fd_);
    }
    Manager(const Manager&) = delete;
    Manager& operator=(const Manager&) = delete;

    std::string read() {
        std::string text(4096, '\0');
        ssize_t size = -1;
        eventually([&] { return (size = recv(fd_, text.data(), text.size(), 0)) > 0; });
        text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
        return text;
    }
    bool silent() {
        std::array<char, 64> room{};
        return recv(fd_, room.data(), room.size(), 0) < 0;
    }

private:
    TempDir dir_;
    int fd_;
};

}  // namespace

TEST_CASE("notifies in order and pings after a third of the watchdog time") {
    Manager manager;
    {
        Supervisor supervisor;
        supervisor.ready();
        supervisor.ready();
        CHECK(manager.read() == "READY=1");
        supervisor.alive(Time{100s});
        CHECK(manager.read() == "WATCHDOG=1");
        supervisor.alive(Time{109s});
        supervisor.status("52.30 V", Time{109s});
        CHECK(manager.read() == "STATUS=52.30 V");  // no ping before it
        supervisor.alive(Time{110s});
        CHECK(manager.read() == "WATCHDOG=1");
        supervisor.reloading(Time{111s});
        CHECK(manager.read() == "RELOADING=1\nMONOTONIC_USEC=111000000");
        supervisor.ready();
        supervisor.stopping();
    }
    CHECK(manager.read() == "READY=1");
    CHECK(manager.read() == "STOPPING=1");
    CHECK(manager.silent());  // no heartbeat, no ping
}

TEST_CASE("does not block on a manager that stops reading") {
    Manager manager;
    Supervisor supervisor;
    supervisor.ready();
    Time now{100s};
    // Send far more than the socket can take.
    for (int i = 0; i < 5000; ++i, now += 10s) {
        supervisor.alive(now);
        supervisor.status("line " + std::to_string(i), now);
    }
    CHECK(manager.read() == "READY=1");
    CHECK(eventually([&] { return manager.read() == "STATUS=line 4999"; }));
}
