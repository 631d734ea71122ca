#include "daemon/host/timedate.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

#include "drivers/source.hpp"
#include "tests/fakes/process.hpp"

using namespace volt;

namespace timedate_test {

using testing::eventually;
using testing::Process;
using testing::TempDir;

namespace {

/// System bus of this test only. It has no daemon until `start`.
class Bus {
public:
    Bus() { setenv("DBUS_SYSTEM_BUS_ADDRESS", address().c_str(), 1); }
    ~Bus() { unsetenv("DBUS_SYSTEM_BUS_ADDRESS"); }
    std::string socket() const { return dir_ / "bus"; }
    std::string address() const { return "unix:path=" + socket(); }

    void start() {
        testing::write_file(dir_ / "bus.conf", "<busconfig><type>session</type><listen>" + address() +
                                                   "</listen><policy context=\"default\"><allow send_destination=\"*\"/>"
                                                   "<allow receive_sender=\"*\"/><allow own=\"*\"/></policy></busconfig>");
        daemon_.emplace(std::vector<std::string>{"dbus-daemon", "--nofork", "--nopidfile", "--config-file", dir_ / "bus.conf"});
        REQUIRE(eventually([&] { return access(socket().c_str(), F_OK) == 0; }));
    }

private:
    TempDir dir_;
    std::optional<Process> daemon_;
};

int tell(sd_bus*, const char*, const char*, const char*, sd_bus_message* reply, void* synchronised, sd_bus_error*) {
    return sd_bus_message_append(reply, "b", static_cast<std::atomic<bool>*>(synchronised)->load() ? 1 : 0);
}

const sd_bus_vtable timedate[] = {SD_BUS_VTABLE_START(0), SD_BUS_PROPERTY("NTPSynchronized", "b", tell, 0, 0), SD_BUS_VTABLE_END};

/// Answers like timedated.
class Timedated {
public:
    explicit Timedated(std::atomic<bool>& synchronised) {
        REQUIRE(sd_bus_open_system(&bus_) >= 0);
        REQUIRE(sd_bus_add_object_vtable(bus_, nullptr, "/org/freedesktop/timedate1", "org.freedesktop.timedate1", timedate,
                                         &synchronised) >= 0);
        REQUIRE(sd_bus_request_name(bus_, "org.freedesktop.timedate1", 0) >= 0);
        thread_ = std::thread([this] {
            while (!stop_)
                if (sd_bus_process(bus_, nullptr) == 0) sd_bus_wait(bus_, 20'000);
        });
    }
    ~Timedated() {
        stop_ = true;
        thread_.join();
        sd_bus_close_unref(bus_);
    }

private:
    sd_bus* bus_ = nullptr;
    std::atomic<bool> stop_ = false;
    std::thread thread_;
};

/// Accepts connections and never answers.
class DeafBus {
public:
    explicit DeafBus(const std::string& path) : listener_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un name{};
        name.sun_family = AF_UNIX;
        std::strncpy(name.sun_path, path.c_str(), sizeof name.sun_path - 1);
        REQUIRE(bind(listener_, reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0);
        REQUIRE(listen(listener_, 4) == 0);
    }
    ~DeafBus() { close(listener_); }

private:
    int listener_;
};

}  // namespace

TEST_CASE("reads timedated's answer over the bus") {
    Bus bus;
    bus.start();
    CHECK_FALSE(query_timedate(30s).has_value());  // bus without that service
    std::atomic<bool> synchronised = true;
    const Timedated timedated(synchronised);
    CHECK(query_timedate(30s) == std::optional(true));
    synchronised = false;
    CHECK(query_timedate(30s) == std::optional(false));
}

TEST_CASE("returns no answer without a bus or at the limit") {
    const Bus bus;
    const Time begin = monotonic_now();
    CHECK_FALSE(query_timedate(3600s).has_value());
    const DeafBus deaf(bus.socket());
    CHECK_FALSE(query_timedate(300ms).has_value());
    int asked = 0;
    CHECK_FALSE(query_timedate(3600s, [&] { return ++asked > 2; }).has_value());
    CHECK(monotonic_now() - begin < 60s);
}

TEST_CASE("queries timedated seldom, but at once after a clock step") {
    std::optional<bool> kernel, said = false;
    int asked = 0;
    ClockWatch watch([&] { return kernel; },
                     [&] {
                         ++asked;
                         return said;
                     });
    const auto look = [&](Time now, Utc away = {}) { return watch.update(1000s + now + away, now); };
    CHECK_FALSE(look(10s));
    said = true;
    CHECK_FALSE(look(15s));
    CHECK_FALSE(look(69s));
    CHECK(asked == 1);
    CHECK(look(70s));  // a minute after it answered no
    said.reset();
    CHECK(look(669s));
    CHECK(asked == 2);
    CHECK_FALSE(look(670s));  // no answer counts as no
    said = true;
    CHECK(look(731s));
    said = false;
    CHECK(look(736s, 900ms));
    CHECK(asked == 4);
    CHECK_FALSE(look(741s, 2000ms));  // more than a second since the last query
    CHECK(asked == 5);
    kernel = true;
    CHECK(look(742s));
    CHECK(asked == 5);
}

}  // namespace timedate_test
