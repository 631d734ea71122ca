// Responses of a broker to connections and subscriptions: refusals, limits, kept retain marks.
#include <doctest/doctest.h>
#include <poll.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "drivers/mqtt/commands.hpp"
#include "tests/drivers/mqtt/broker_site.hpp"
#include "tests/fakes/listener.hpp"

using namespace volt;
using namespace volt::testing;

namespace subscriptions_test {

namespace {

bool contains(const std::vector<std::string>& list, const std::string& text) {
    return std::find(list.begin(), list.end(), text) != list.end();
}

/// A broker of MQTT 3.1.1 with fixed responses to CONNECT and SUBSCRIBE, and to nothing else. Packets are under 128 bytes.
class SmallBroker {
public:
    /// Starts the broker. `connect_code`: 0 accepts. It refuses the first `denials` subscriptions of `room`.
    explicit SmallBroker(char connect_code, int denials = 0)
        : listener_(fakes::listen_anywhere(port)), code_(connect_code), denials_(denials), thread_([this] { run(); }) {}
    ~SmallBroker() {
        stop_ = true;
        thread_.join();
        ::close(listener_);
    }
    SmallBroker(const SmallBroker&) = delete;
    SmallBroker& operator=(const SmallBroker&) = delete;

    int port = 0;

private:
    static bool readable(int socket) {
        pollfd one{socket, POLLIN, 0};
        return ::poll(&one, 1, 20) > 0;
    }
    void run() {
        while (!stop_) {
            if (!readable(listener_)) continue;
            const int socket = ::accept(listener_, nullptr, nullptr);
            serve(socket);
            ::close(socket);
        }
    }
    void serve(int socket) {
        std::string bytes;
        while (!stop_) {
            if (!readable(socket)) continue;
            char part[512];
            const auto count = ::recv(socket, part, sizeof part, 0);
            if (count <= 0) return;
            bytes.append(part, static_cast<std::size_t>(count));
            while (bytes.size() >= 2 && bytes.size() >= 2U + static_cast<unsigned char>(bytes[1])) {
                const std::size_t size = 2U + static_cast<unsigned char>(bytes[1]);
                answer(socket, bytes.substr(0, size));
                bytes.erase(0, size);
            }
        }
    }
    void answer(int socket, const std::string& packet) {
        const int kind = static_cast<unsigned char>(packet[0]) >> 4;
        if (kind == 1) say(socket, {'\x20', 2, 0, code_});
        if (kind != 8) return;
        const bool denied = packet.find("room") != std::string::npos && denials_-- > 0;
        say(socket, {'\x90', 3, packet[2], packet[3], denied ? '\x80' : '\x01'});
    }
    static void say(int socket, const std::string& bytes) { (void)::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL); }

    const int listener_;
    const char code_;
    std::atomic<int> denials_;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

LinkTimes eager_times() {
    LinkTimes times = quick_times();
    times.again_first = 50ms;
    return times;
}

}  // namespace

TEST_CASE("refuses and clears a live retained command under MQTT 5") {
    Mosquitto broker;
    MqttListener listener(broker.port());
    REQUIRE(listener.wait_until_connected());
    BrokerSite site(broker_config(broker.port()));
    Commands commands("voltd/shack", site.link);
    site.link.subscribe({"plug/state"});
    REQUIRE(site.until_heard());
    publish_once(broker.port(), "plug/state", "on", true);
    publish_once(broker.port(), "voltd/shack/mode/set", "conservative", true);
    std::size_t used = 0;
    REQUIRE(site.until([&] {
        for (; used < site.messages.size(); ++used) commands.receive(site.messages[used]);
        return !commands.take_retained().empty();
    }));
    CHECK(commands.take().empty());
    CHECK(listener.wait_for("voltd/shack/mode/set", ""));
    const auto state =
        std::find_if(site.messages.begin(), site.messages.end(), [](const auto& m) { return m.topic == "plug/state"; });
    REQUIRE(state != site.messages.end());
    CHECK_FALSE(state->retained);  // a live state is not a hint
}

TEST_CASE("finds a live retained relay command under MQTT 5") {
    Mosquitto broker;
    OutputConfig relay;
    relay.id = relay.topic = "miner1";
    BrokerSite site(broker_config(broker.port()), {relay});
    REQUIRE(site.until_heard());
    publish_once(broker.port(), "cmnd/miner1/POWER", "ON", true);
    CHECK(site.until([&] { return !site.outputs.retained_commands().empty(); }, MqttOutputs::recheck / 2));
}

TEST_CASE("retries a denied subscription until it is accepted") {
    SmallBroker broker(0, 2);
    BrokerSite site(broker_config(broker.port, 3), {}, {}, eager_times());
    site.link.subscribe({"room/a"});
    REQUIRE(site.until([&] { return contains(site.link.health().denied, "room/a"); }));
    CHECK(site.link.health().fault == LinkFault::topic_denied);
    REQUIRE(site.until([&] { return site.link.health().denied.empty(); }));
    CHECK(site.link.health().fault == LinkFault::none);
    CHECK(site.link.health().connects == 1);
}

TEST_CASE("names a subscription that the library refuses") {
    Mosquitto broker;
    BrokerSite site(broker_config(broker.port()), {}, {}, eager_times());
    const std::string broken = "room/\xff";
    site.link.subscribe({broken});
    REQUIRE(site.until([&] { return contains(site.link.health().unheard, broken); }));
    CHECK(site.link.health().fault == LinkFault::topic_denied);
    CHECK(site.link.up());
    site.link.subscribe({"room/b"});
    REQUIRE(site.until_heard());
    publish_once(broker.port(), "room/b", "1", true);
    CHECK(site.until([&] { return !site.messages.empty(); }));
}

TEST_CASE("suggests the right setting for a refusing MQTT 3.1.1 broker") {
    SmallBroker broker(1);
    BrokerSite site(broker_config(broker.port));
    REQUIRE(site.until([&] { return site.link.health().source.failures > 0; }));
    CHECK(site.link.health().source.last_error.find("mqtt: { version: 3 }") != std::string::npos);
    BrokerSite old(broker_config(broker.port, 3));
    REQUIRE(old.until([&] { return old.link.health().source.failures > 0; }));
    CHECK(old.link.health().source.last_error.find("version: 3") == std::string::npos);
}

TEST_CASE("does not send a message over the broker's packet limit") {
    Mosquitto broker("max_packet_size 2048\n");
    MqttListener listener(broker.port(), "voltd/shack/#");
    REQUIRE(listener.wait_until_connected());
    BrokerSite site(broker_config(broker.port()));
    REQUIRE(site.until_heard());
    CHECK(site.link.most_packet() == 2048);
    CHECK_FALSE(site.link.publish("voltd/shack/site", std::string(3000, 'x'), {.retained = true}));
    CHECK(site.link.publish("voltd/shack/site", std::string(2048 - 36, 'x'), {.retained = true}));
    CHECK(listener.wait_for("voltd/shack/site", std::string(2048 - 36, 'x')));
    CHECK(site.link.health().losses == 0);
}

}  // namespace subscriptions_test
