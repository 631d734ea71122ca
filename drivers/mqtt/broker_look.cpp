#include "drivers/mqtt/broker_look.hpp"

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <thread>

#include "drivers/mqtt/client.hpp"
#include "drivers/mqtt/discovery.hpp"
#include "drivers/mqtt/shared_topics.hpp"
#include "drivers/source.hpp"
#include "drivers/thread.hpp"

namespace volt {
namespace {

constexpr ConnectTimes connect_times{.keys = 3s, .connect = 3s, .keepalive = 30s};
constexpr Duration connect_limit = 8s;
constexpr std::chrono::milliseconds look_step{20};
constexpr std::size_t most_denied = 64;

class Guest final : public Bus {
public:
    Guest(const BrokerConfig& config, const BrokerLookOptions& options)
        : root_(options.root),
          prefix_(options.discovery),
          access_(std::make_shared<BrokerAccess>(config)),
          client_(std::make_shared<TaskThread>("doctor-mqtt", Client::most_tasks), config, Will{}, root_ + "/doctor", [] {}) {}

    bool up() const override { return look.connected; }
    Time up_since() const override { return since_; }
    bool publish(const std::string& topic, const std::string& payload, PublishAs as) override {
        return client_.publish(topic, payload, {.retained = false, .command = as.command});
    }
    void subscribe(const std::vector<std::string>& filters) override {
        for (const std::string& filter : filters) client_.subscribe(filter);
    }
    void unsubscribe(const std::vector<std::string>& filters) override {
        for (const std::string& filter : filters) client_.unsubscribe(filter);
    }

    void connect() {
        if (!client_.connect(access_, connect_times)) look.why = no_thread_text;
        const Time end = monotonic_now() + connect_limit;
        while (!look.connected && look.why.empty() && monotonic_now() < end) {
            std::this_thread::sleep_for(look_step);
            take();
        }
        if (!look.connected && look.why.empty()) look.why = "no answer in time";
    }

    void send_echo(bool for_voltd) {
        subscribe({root_ + "/doctor", root_ + "/status"});
        if (for_voltd) subscribe({root_ + "/echo"});
        if (!prefix_.empty()) subscribe({prefix_ + "/device/+/config"});  // before the echo, which ends the waiting
        sent_ = monotonic_now();
        client_.publish_echo(token_);
    }

    std::vector<Received> take() {
        Inbox::Content content = client_.take();
        for (const LinkEvent& event : content.events) note(event);
        for (const Received& message : content.messages) {
            if (message.topic == root_ + "/doctor" && message.payload == token_ && !look.echo) look.echo = message.at - sent_;
            if (message.topic == root_ + "/echo" && !message.retained) look.voltd_heard = true;
            if (message.topic == root_ + "/status") look.site_online = message.payload == "online";
            if (is_discovery(message)) look.discovery[message.topic] = message.payload;
        }
        return std::move(content.messages);
    }

    BrokerLook look;

private:
    bool is_discovery(const Received& message) const {
        return !prefix_.empty() && message.retained && look.discovery.size() < Discovery::most_devices &&
               is_ha_topic_of(message.topic, prefix_, root_.substr(root_.find('/') + 1));
    }
    void note(const LinkEvent& event) {
        switch (event.kind) {
            case LinkEvent::Kind::connected:
                look.connected = true;
                since_ = monotonic_now();
                return;
            case LinkEvent::Kind::connect_failed:
                look.why = event.text;
                look.login_refused = event.auth;
                return;
            case LinkEvent::Kind::lost:
            case LinkEvent::Kind::taken_over: look.why = event.text; return;
            case LinkEvent::Kind::echo_acked:
            case LinkEvent::Kind::heard_again: return;
            case LinkEvent::Kind::not_heard:
            case LinkEvent::Kind::denied:
                if (look.denied.size() < most_denied) look.denied.push_back(event.text);
        }
    }

    const std::string root_, prefix_;
    const std::string token_ = std::to_string(::getpid()) + "-" + std::to_string(monotonic_now().count());
    std::shared_ptr<BrokerAccess> access_;
    Client client_;
    Time since_{}, sent_{};
};

/// Returns true once listening cannot add anything.
bool is_done(const BrokerLook& look, const std::vector<OutputReport>& reports) {
    return look.echo && std::all_of(reports.begin(), reports.end(), [](const OutputReport& report) {
               return report.available && report.state != OutputState::unknown && !report.hint;
           });
}

void listen(Guest& guest, const BrokerLookOptions& options) {
    guest.send_echo(options.for_voltd);
    MqttOutputs outputs(options.outputs, guest, {.clear_retained = false, .live = false, .on_sent = {}});
    SharedTopics shared(options.outputs, guest);
    const Time end = monotonic_now() + options.listen;
    std::vector<OutputReport> reports;
    do {
        outputs.turn(monotonic_now());
        for (const Received& message : guest.take()) {
            outputs.receive(message);
            shared.receive(message);
        }
        outputs.read(reports);
        std::this_thread::sleep_for(look_step);
        if (options.for_voltd && (guest.look.site_online || guest.look.voltd_heard)) break;
    } while (monotonic_now() < end && (options.for_voltd || !is_done(guest.look, reports)));
    guest.take();
    guest.look.reports = std::move(reports);
    for (std::size_t i = 0; i < options.outputs.size(); ++i) guest.look.shared.push_back(shared.sign(i));
    guest.look.retained = outputs.retained_commands();
}

/// Connects, with MQTT 3.1.1 if the broker does not support 5, and listens to a broker that is connected.
template <class Listen>
BrokerLook connect_as_guest(BrokerConfig config, const BrokerLookOptions& options, const Listen& listen_to) {
    config.client_id = "voltd-doctor-" + std::to_string(::getpid());
    for (const int version : config.version == 3 ? std::vector<int>{3} : std::vector<int>{5, 3}) {
        config.version = version;
        Guest guest(config, options);
        guest.look.version = version;
        guest.connect();
        if (guest.look.connected) listen_to(guest);
        // An MQTT 3.1.1 broker refuses. A broker that does not respond is not tried again.
        const bool older = version == 5 && guest.look.why.find("refused the connection") != std::string::npos;
        if (guest.look.connected || !older) return guest.look;
    }
    return {};
}

}  // namespace

BrokerLook look_at_broker(const BrokerConfig& config, const BrokerLookOptions& options) {
    return connect_as_guest(config, options, [&](Guest& guest) { listen(guest, options); });
}

bool takes_anyone(const BrokerConfig& config) {
    BrokerConfig stranger = config;
    stranger.username.clear();
    stranger.password_file.clear();
    return connect_as_guest(stranger, {"voltd/doctor", {}}, [](Guest&) {}).connected;
}

}  // namespace volt
