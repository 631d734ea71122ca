#include "drivers/mqtt/client.hpp"

#include <mqtt/async_client.h>

#include <array>
#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "drivers/mqtt/no_delay.hpp"
#include "drivers/source.hpp"
#include "drivers/thread.hpp"

namespace volt {
namespace {

constexpr auto goodbye_limit = 500ms;
constexpr std::int32_t command_expiry_s = 5;
constexpr int most_inflight_acks = 1000;  ///< unacknowledged QoS 1 messages before paho holds back further ones
/// Limits messages waiting for the broker's acknowledgement; further ones use QoS 0. A broker accepts a limited number at a time
/// (mosquitto 20, others 10), and the library would hold back the rest for a second, too long for a command.
constexpr int most_unacknowledged = 8;
constexpr int most_handed_over = 4096;      ///< messages on their way to the library's sending thread
constexpr std::size_t most_unheard = 2048;  ///< filters that are remembered as denied or not heard
constexpr int wrong_version = 1;            ///< a broker's answer under MQTT 3.1.1

/// Identify a token's message by address.
char echo_mark, counted_mark;

/// Returns the broker's answer, which the library stores in different places. Below 0 is a failure of the library itself.
int answer_of(const mqtt::token& token) {
    const int reason = token.get_reason_code();
    return reason >= 0x80 && reason != mqtt::ReasonCode::MQTTPP_V3_CODE ? reason : token.get_return_code();
}

/// Returns true for 4 and 5 under 3.1.1; under MQTT 5 for bad user name or password, not authorized, banned.
bool refused_for_who_we_are(int answer) {
    return answer == 4 || answer == 5 || answer == mqtt::ReasonCode::BAD_USER_NAME_OR_PASSWORD ||
           answer == mqtt::ReasonCode::NOT_AUTHORIZED || answer == mqtt::ReasonCode::BANNED;
}

std::string first_topic(const mqtt::token& token) {
    const auto topics = token.get_topics();
    return topics && !topics->empty() ? std::string((*topics)[0]) : std::string();
}

/// Passes events from the library's threads to the Inbox. Outlives the paho client.
class PahoCallbacks final : public mqtt::callback, public mqtt::iaction_listener {
public:
    PahoCallbacks(std::function<void()> wake, std::string echo, const BrokerConfig& broker)
        : inbox(std::move(wake), std::move(echo)),
          tls_(broker.tls),
          v5_(broker.version != 3),
          host_(broker.host),
          port_(broker.port) {}

    void message_arrived(mqtt::const_message_ptr message) override {
        try {
            if (message) inbox.put(message->get_topic(), message->get_payload_ref().to_string(), message->is_retained());
        } catch (...) {  // out of memory: the message is lost, the connection's own checks continue
        }
    }

    void connection_lost(const std::string& cause) override {
        inbox.put({LinkEvent::Kind::lost, cause.empty() ? "connection lost" : "connection lost: " + cause, false, {}});
    }

    void on_success(const mqtt::token& token) override {
        try {
            succeeded(token);
        } catch (...) {}
    }

    void on_failure(const mqtt::token& token) override {
        try {
            failed(token);
        } catch (...) {}
    }

    void disconnected(mqtt::ReasonCode reason) {
        if (reason == mqtt::ReasonCode::SESSION_TAKEN_OVER)
            inbox.put({LinkEvent::Kind::taken_over, "another client uses the same client id", false, {}});
    }

    Inbox inbox;
    std::atomic<int> in_flight{0};
    std::atomic<int> unacknowledged{0};  ///< messages with QoS 1, except the echo
    std::atomic<std::uint64_t> unsent{0};
    std::atomic<std::uint32_t> most_packet{0};  ///< 0 if there is no limit

    /// Records that the library did not accept the SUBSCRIBE, or lost it.
    void not_heard(const std::string& filter) { unheard(LinkEvent::Kind::not_heard, filter); }

private:
    void unheard(LinkEvent::Kind kind, const std::string& filter) {
        {
            const std::lock_guard lock(mutex_);
            if (unheard_.size() < most_unheard) unheard_.insert(filter);
        }
        inbox.put({kind, filter, false, {}});
    }

    void heard(const std::string& filter) {
        {
            const std::lock_guard lock(mutex_);
            if (unheard_.erase(filter) == 0) return;
        }
        inbox.put({LinkEvent::Kind::heard_again, filter, false, {}});
    }

    void succeeded(const mqtt::token& token) {
        switch (token.get_type()) {
            case mqtt::token::CONNECT:
                send_without_delay(port_);
                read_limits(token);
                inbox.put({LinkEvent::Kind::connected, {}, false, {}});
                return;
            case mqtt::token::PUBLISH: published(token); return;
            case mqtt::token::SUBSCRIBE: subscribed(token); return;
            case mqtt::token::UNSUBSCRIBE:
            case mqtt::token::DISCONNECT: return;
        }
    }

    void failed(const mqtt::token& token) {
        switch (token.get_type()) {
            case mqtt::token::CONNECT:
                inbox.put({LinkEvent::Kind::connect_failed, failure_text(token), refused_for_who_we_are(answer_of(token)), {}});
                return;
            case mqtt::token::PUBLISH: published(token); return;
            case mqtt::token::SUBSCRIBE: subscribed(token); return;
            case mqtt::token::UNSUBSCRIBE:
            case mqtt::token::DISCONNECT: return;
        }
    }

    /// Handles an answer of the broker. Any answer, even a refusal, proves that it is alive; a refusal is also reported.
    void published(const mqtt::token& token) {
        --in_flight;
        if (token.get_user_context() == &counted_mark) --unacknowledged;
        const bool refused = answer_of(token) >= 0x80;
        if (refused) inbox.put({LinkEvent::Kind::denied, first_topic(token), false, {}});
        const bool answered = refused || answer_of(token) == 0;
        if (token.get_user_context() == &echo_mark && answered) inbox.put({LinkEvent::Kind::echo_acked, {}, false, {}});
    }

    void subscribed(const mqtt::token& token) {
        const int answer = answer_of(token);
        if (answer >= 0x80) unheard(LinkEvent::Kind::denied, first_topic(token));
        else if (answer < 0) not_heard(first_topic(token));
        else heard(first_topic(token));
    }

    /// Reads the broker's limits. A packet above them would end the connection.
    void read_limits(const mqtt::token& token) {
        try {
            const mqtt::properties properties = token.get_connect_response().get_properties();
            if (properties.contains(mqtt::property::MAXIMUM_PACKET_SIZE))
                most_packet = mqtt::get<std::uint32_t>(properties, mqtt::property::MAXIMUM_PACKET_SIZE);
        } catch (const std::exception&) {}  // MQTT 3.1.1 has none
    }

    std::string failure_text(const mqtt::token& token) {
        const int answer = answer_of(token);
        if (refused_for_who_we_are(answer)) return "the broker rejected the user name or password";
        if (answer < 0 && tls_)
            return "no connection to the broker, or its certificate is not trusted (wrong CA, wrong name or expired); check "
                   "with `openssl s_client -connect " +
                   host_ + ":" + std::to_string(port_) + "`";
        if (answer < 0) return "no connection to the broker (check network, name and port)";
        if (v5_ && (answer == wrong_version || answer == mqtt::ReasonCode::UNSUPPORTED_PROTOCOL_VERSION))
            return "the broker refused the connection: it does not speak MQTT 5. Set `mqtt: { version: 3 }` in voltd.yaml";
        return "the broker refused the connection, code " + std::to_string(answer);
    }

    const bool tls_, v5_;
    const std::string host_;
    const int port_;
    std::mutex mutex_;
    std::set<std::string> unheard_;  ///< guarded by `mutex_`
};

/// Runs the action. Returns empty, or the exception's message.
template <class Action>
std::optional<std::string> tried(const Action& action) {
    try {
        action();
        return std::nullopt;
    } catch (const std::exception& error) { return error.what(); }
}

/// Checks that two threads can start: the library needs them, and never retries.
bool has_threads() {
    std::array<std::thread, 2> two;
    bool all = true;
    for (std::thread& one : two) all = all && start_thread(one, "mqtt-try", [] {});
    for (std::thread& one : two)
        if (one.joinable()) one.join();
    return all;
}

std::string uri_of(const BrokerConfig& config, const std::string& to) {
    const bool v6 = to.find(':') != std::string::npos && to.front() != '[';
    const std::string host = v6 ? "[" + to + "]" : to;
    return (config.tls ? "ssl://" : "tcp://") + host + ":" + std::to_string(config.port);
}

int paho_version(int version) { return version == 3 ? MQTTVERSION_3_1_1 : MQTTVERSION_5; }

mqtt::create_options create_options_of(const BrokerConfig& config) {
    mqtt::create_options options(paho_version(config.version));
    options.set_max_buffered_messages(most_handed_over);
    return options;
}

}  // namespace

/// State shared with posted tasks. Runs on the courier, except the constructor and members marked otherwise.
struct Client::Session {
    Session(const BrokerConfig& broker, std::string echo, std::function<void()> wake)
        : config(broker), callbacks(std::move(wake), std::move(echo), broker) {}

    bool v5() const { return config.version != 3; }

    void open(const std::string& host) {
        client.emplace(uri_of(config, host), config.client_id, create_options_of(config), nullptr);
        client->set_callback(callbacks);
        if (!v5()) return;
        client->set_disconnected_handler(
            [this](const mqtt::properties&, mqtt::ReasonCode reason) { callbacks.disconnected(reason); });
    }

    void not_connected(const std::string& why, bool auth = false) {
        callbacks.inbox.put({LinkEvent::Kind::connect_failed, why, auth, {}});
    }

    void connect(BrokerAccess& access, const Will& will, const ConnectTimes& times);
    mqtt::delivery_token_ptr send(const std::string& topic, const std::string& payload, int qos, bool retained, bool expires,
                                  void* context);

    /// Sends a message that was counted as in flight when it was posted.
    void send_counted(const std::string& topic, const std::string& payload, PublishAs as, Time asked) {
        const bool late = as.command && monotonic_now() - asked > oldest_command;
        const bool expires = as.command && v5();
        const bool sure = (expires || as.acknowledged) && callbacks.unacknowledged < most_unacknowledged;
        void* const context = sure ? &counted_mark : nullptr;
        if (!client || late || tried([&] { send(topic, payload, sure ? 1 : 0, as.retained, expires, context); })) {
            --callbacks.in_flight;
            ++callbacks.unsent;
        }
    }

    void subscribe(const std::string& filter, bool as_published) {
        mqtt::subscribe_options options;
        if (v5()) options.set_retain_as_published(as_published);
        client->subscribe(filter, 1, nullptr, callbacks, options);
    }

    BrokerConfig config;
    PahoCallbacks callbacks;
    std::atomic<bool> ended{false};  ///< any thread: drop unsent messages
    std::optional<mqtt::async_client> client;
};

// Connects with one named options object, without connect or will properties: copies of those dangle in this version of the
// library.
void Client::Session::connect(BrokerAccess& access, const Will& will, const ConnectTimes& times) {
    const auto keys = access.take(monotonic_now() + times.keys, [this] { return ended.load(); });
    if (ended) return;
    if (!keys) return not_connected(keys.failure().text, keys.failure().fault == Fault::refused);
    if (!has_threads()) return not_connected(no_thread_text);
    const auto failure = tried([&] {
        open(keys.value().host);
        mqtt::connect_options options;
        options.set_mqtt_version(paho_version(config.version));
        if (v5()) {
            options.set_clean_start(true);
        } else {
            options.set_clean_session(true);
        }
        options.set_connect_timeout(times.connect);
        options.set_keep_alive_interval(times.keepalive);
        options.set_automatic_reconnect(false);
        options.set_max_inflight(most_inflight_acks);
        if (!will.topic.empty()) options.set_will(mqtt::will_options(will.topic, will.payload, 1, true));
        if (!config.username.empty()) {
            options.set_user_name(config.username);
            options.set_password(keys.value().password);
        }
        if (config.tls) {
            // No error handler: the library would call it through a dangling pointer to connect()'s stack.
            mqtt::ssl_options tls;
            tls.set_trust_store(config.ca_file.empty() ? default_ca_file : config.ca_file);
            tls.set_enable_server_cert_auth(true);
            tls.set_verify(true);
            options.set_ssl(tls);
        }
        client->connect(options, nullptr, callbacks);
    });
    if (failure) not_connected(*failure);
}

mqtt::delivery_token_ptr Client::Session::send(const std::string& topic, const std::string& payload, int qos, bool retained,
                                               bool expires, void* context) {
    auto message = mqtt::make_message(topic, payload, qos, retained);
    if (expires) {
        mqtt::properties properties;
        properties.add({mqtt::property::MESSAGE_EXPIRY_INTERVAL, command_expiry_s});
        message->set_properties(std::move(properties));
    }
    const bool counts = context == &counted_mark;
    if (counts) ++callbacks.unacknowledged;
    try {
        return client->publish(message, context, callbacks);
    } catch (...) {
        if (counts) --callbacks.unacknowledged;
        throw;
    }
}

Client::Client(std::shared_ptr<TaskThread> courier, const BrokerConfig& config, Will will, std::string echo,
               std::function<void()> wake)
    : courier_(std::move(courier)),
      session_(std::make_shared<Session>(config, echo, std::move(wake))),
      will_(std::move(will)),
      echo_(std::move(echo)) {}

Client::~Client() {
    session_->ended = !disconnecting_;  // after disconnect(), earlier messages still go out
    session_->callbacks.inbox.close();
    courier_->post_last([session = std::move(session_)] { session->client.reset(); });
}

bool Client::send(std::function<void(Session&)> call) {
    return courier_->post([session = session_, call = std::move(call)] {
        if (session->client && !session->ended) call(*session);
    });
}

bool Client::connect(std::shared_ptr<BrokerAccess> access, ConnectTimes times) {
    return courier_->post([session = session_, access = std::move(access), will = will_, times] {
        if (!session->ended) session->connect(*access, will, times);
    });
}

void Client::disconnect(const std::string& payload) {
    disconnecting_ = true;
    courier_->post_last([session = session_, topic = will_.topic, payload] {
        if (!session->client) return;
        if (!topic.empty()) {
            ++session->callbacks.in_flight;
            tried([&] { session->send(topic, payload, 1, true, false, nullptr)->wait_for(goodbye_limit); });
        }
        tried([&] { session->client->disconnect(0)->wait_for(goodbye_limit); });
    });
}

bool Client::publish(const std::string& topic, const std::string& payload, PublishAs as) {
    ++session_->callbacks.in_flight;
    const bool posted = courier_->post([session = session_, topic, payload, as, asked = monotonic_now()] {
        if (!session->ended) session->send_counted(topic, payload, as, asked);
    });
    if (!posted) --session_->callbacks.in_flight;
    return posted;
}

bool Client::publish_echo(const std::string& payload) {
    return send([topic = echo_, payload](Session& session) {
        ++session.callbacks.in_flight;
        if (tried([&] { session.send(topic, payload, 1, false, false, &echo_mark); })) --session.callbacks.in_flight;
    });
}

bool Client::subscribe(const std::string& filter, bool as_published) {
    return send([filter, as_published](Session& session) {
        if (tried([&] { session.subscribe(filter, as_published); })) session.callbacks.not_heard(filter);
    });
}

bool Client::unsubscribe(const std::string& filter) {
    return send([filter](Session& session) { tried([&] { session.client->unsubscribe(filter, nullptr, session.callbacks); }); });
}

void Client::await_until(Time until) { session_->callbacks.inbox.await_until(until); }

void Client::accept_payloads(std::size_t most) { session_->callbacks.inbox.accept_payloads(most); }

int Client::in_flight() const { return session_->callbacks.in_flight; }

std::uint32_t Client::most_packet() const { return session_->callbacks.most_packet; }

std::uint64_t Client::take_unsent() { return session_->callbacks.unsent.exchange(0); }

Inbox::Content Client::take() { return session_->callbacks.inbox.take(); }

}  // namespace volt
