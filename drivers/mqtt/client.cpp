#include "drivers/mqtt/client.hpp"

#include <mqtt/async_client.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <utility>

namespace volt {
namespace {

constexpr auto goodbye_limit = 500ms;
constexpr auto destroy_limit = 1000ms;
constexpr std::int32_t command_expiry_s = 5;
constexpr int most_inflight_acks = 1000;  ///< unacknowledged QoS 1 messages before paho holds back further ones
/// Commands that wait for the broker's acknowledgement; further ones go with QoS 0. A broker takes so many at a time
/// (mosquitto 20, others 10), and what is over that the library holds back for a second: a command must not wait there.
constexpr int most_unacknowledged = 8;
constexpr int most_handed_over = 4096;     ///< messages on their way to the library's sending thread

/// What a token's message was, by the address of one of these.
char echo_mark, command_mark;

/// The broker's answer, wherever this version of the library puts it; below 0 is a failure of the library itself.
int answer_of(const mqtt::token& token) {
    const int reason = token.get_reason_code();
    return reason >= 0x80 && reason != mqtt::ReasonCode::MQTTPP_V3_CODE ? reason : token.get_return_code();
}

/// 3.1.1 says 4 and 5; MQTT 5 says bad user name or password, not authorised, banned.
bool refused_for_who_we_are(int answer) {
    return answer == 4 || answer == 5 || answer == mqtt::ReasonCode::BAD_USER_NAME_OR_PASSWORD ||
           answer == mqtt::ReasonCode::NOT_AUTHORIZED || answer == mqtt::ReasonCode::BANNED;
}

std::string first_topic(const mqtt::token& token) {
    const auto topics = token.get_topics();
    return topics && !topics->empty() ? std::string((*topics)[0]) : std::string();
}

/// Stands between the library's threads and the Inbox; outlives the paho client.
class Ear final : public mqtt::callback, public mqtt::iaction_listener {
public:
    Ear(std::function<void()> wake, std::string echo, bool tls) : inbox(std::move(wake), std::move(echo)), tls_(tls) {}

    void message_arrived(mqtt::const_message_ptr message) override {
        try {
            if (message) inbox.put(message->get_topic(), message->get_payload_ref().to_string(), message->is_retained());
        } catch (...) {  // out of memory is all it can be: the message is lost, the link's own checks go on
        }
    }

    void connection_lost(const std::string& cause) override {
        inbox.put({LinkEvent::Kind::lost, cause.empty() ? "connection lost" : "connection lost: " + cause, false, {}});
    }

    void on_success(const mqtt::token& token) override {
        try {
            succeeded(token);
        } catch (...) {
        }
    }

    void on_failure(const mqtt::token& token) override {
        try {
            failed(token);
        } catch (...) {
        }
    }

    void disconnected(mqtt::ReasonCode reason) {
        if (reason == mqtt::ReasonCode::SESSION_TAKEN_OVER)
            inbox.put({LinkEvent::Kind::taken_over, "another client came with our client id", false, {}});
    }

    Inbox inbox;
    std::atomic<int> in_flight{0};
    std::atomic<int> unacknowledged{0};  ///< commands with QoS 1

private:
    void succeeded(const mqtt::token& token) {
        switch (token.get_type()) {
            case mqtt::token::CONNECT: inbox.put({LinkEvent::Kind::connected, {}, false, {}}); return;
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
            case mqtt::token::SUBSCRIBE:
                inbox.put({LinkEvent::Kind::denied, first_topic(token), false, {}});
                return;
            case mqtt::token::UNSUBSCRIBE:
            case mqtt::token::DISCONNECT: return;
        }
    }

    /// An answer of the broker, a refusal too, shows that it lives; a refusal is told besides.
    void published(const mqtt::token& token) {
        --in_flight;
        if (token.get_user_context() == &command_mark) --unacknowledged;
        const bool refused = answer_of(token) >= 0x80;
        if (refused) inbox.put({LinkEvent::Kind::denied, first_topic(token), false, {}});
        const bool answered = refused || answer_of(token) == 0;
        if (token.get_user_context() == &echo_mark && answered)
            inbox.put({LinkEvent::Kind::echo_acked, {}, false, {}});
    }

    void subscribed(const mqtt::token& token) {
        if (answer_of(token) >= 0x80) inbox.put({LinkEvent::Kind::denied, first_topic(token), false, {}});
    }

    std::string failure_text(const mqtt::token& token) {
        const int answer = answer_of(token);
        if (refused_for_who_we_are(answer)) return "the broker refuses user name or password";
        if (answer < 0 && tls_)
            return "no connection to the broker, or no trust in its certificate (wrong CA, another name, or expired): `openssl s_client "
                   "-connect HOST:PORT` tells which";
        if (answer < 0) return "no connection to the broker (network, name or port)";
        return "the broker refuses us, code " + std::to_string(answer);
    }

    const bool tls_;
};

/// A caller's action on the library, its exceptions turned into text.
template <class Action>
Client::Trouble tried(const Action& action) {
    try {
        action();
        return std::nullopt;
    } catch (const std::exception& error) {
        return error.what();
    }
}

std::string uri_of(const BrokerConfig& config) {
    const bool v6 = config.host.find(':') != std::string::npos && config.host.front() != '[';
    const std::string host = v6 ? "[" + config.host + "]" : config.host;
    return (config.tls ? "ssl://" : "tcp://") + host + ":" + std::to_string(config.port);
}

int paho_version(int version) { return version == 3 ? MQTTVERSION_3_1_1 : MQTTVERSION_5; }

mqtt::create_options create_options_of(const BrokerConfig& config) {
    mqtt::create_options options(paho_version(config.version));
    options.set_max_buffered_messages(most_handed_over);
    return options;
}

}  // namespace

struct Client::Session {
    Session(const BrokerConfig& broker, std::string echo, std::function<void()> wake)
        : config(broker),
          ear(std::move(wake), std::move(echo), broker.tls),
          client(uri_of(broker), broker.client_id, create_options_of(broker), nullptr) {
        client.set_callback(ear);
        if (v5()) {
            client.set_disconnected_handler([this](const mqtt::properties&, mqtt::ReasonCode reason) {
                ear.disconnected(reason);
            });
        }
    }

    bool v5() const { return config.version != 3; }

    mqtt::delivery_token_ptr send(const std::string& topic, const std::string& payload, int qos, bool retained,
                                  bool expires, void* context) {
        auto message = mqtt::make_message(topic, payload, qos, retained);
        if (expires) {
            mqtt::properties properties;
            properties.add({mqtt::property::MESSAGE_EXPIRY_INTERVAL, command_expiry_s});
            message->set_properties(std::move(properties));
        }
        const bool counts = context == &command_mark;
        ++ear.in_flight;
        if (counts) ++ear.unacknowledged;
        try {
            return client.publish(message, context, ear);
        } catch (...) {
            --ear.in_flight;
            if (counts) --ear.unacknowledged;
            throw;
        }
    }

    BrokerConfig config;
    Ear ear;
    mqtt::async_client client;
};

Client::Client(const BrokerConfig& config, Will will, std::string echo, std::function<void()> wake)
    : session_(std::make_unique<Session>(config, echo, std::move(wake))), will_(std::move(will)), echo_(std::move(echo)) {}

/// The library may hold its lock while it looks up a name: then the session is left behind rather than waited for.
Client::~Client() {
    if (session_) remove(std::move(session_)).wait_for(destroy_limit);
}

std::future<void> Client::discard(std::unique_ptr<Client> client) { return remove(std::move(client->session_)); }

std::future<void> Client::remove(std::unique_ptr<Session> session) {
    session->ear.inbox.close();
    std::promise<void> done;
    auto gone = done.get_future();
    std::thread([old = std::move(session), finished = std::move(done)]() mutable {
        old.reset();
        finished.set_value();
    }).detach();
    return gone;
}

// One options object by name, no connect and no will properties: copies of those dangle in this version of the library.
Client::Trouble Client::connect(const std::string& password, Duration timeout, Duration keepalive) {
    Session& session = *session_;
    return tried([&] {
        mqtt::connect_options options;
        options.set_mqtt_version(paho_version(session.config.version));
        if (session.v5()) {
            options.set_clean_start(true);
        } else {
            options.set_clean_session(true);
        }
        options.set_connect_timeout(timeout);
        options.set_keep_alive_interval(keepalive);
        options.set_automatic_reconnect(false);
        options.set_max_inflight(most_inflight_acks);
        options.set_will(mqtt::will_options(will_.topic, will_.payload, 1, true));
        if (!session.config.username.empty()) {
            options.set_user_name(session.config.username);
            options.set_password(password);
        }
        if (session.config.tls) {
            // No error handler: the library would call it by the address of an object that connect() had on its stack.
            mqtt::ssl_options tls;
            tls.set_trust_store(session.config.ca_file.empty() ? default_ca_file : session.config.ca_file);
            tls.set_enable_server_cert_auth(true);
            tls.set_verify(true);
            options.set_ssl(tls);
        }
        session.client.connect(options, nullptr, session.ear);
    });
}

void Client::farewell(const std::string& payload) {
    tried([&] { session_->send(will_.topic, payload, 1, true, false, nullptr)->wait_for(goodbye_limit); });
    tried([&] { session_->client.disconnect(0)->wait_for(goodbye_limit); });
}

Client::Trouble Client::publish(const std::string& topic, const std::string& payload, PublishAs as) {
    const bool expires = as.command && session_->v5();
    const bool sure = expires && session_->ear.unacknowledged < most_unacknowledged;
    return tried([&] {
        session_->send(topic, payload, sure ? 1 : 0, as.retained, expires, sure ? &command_mark : nullptr);
    });
}

Client::Trouble Client::publish_echo(const std::string& payload) {
    return tried([&] { session_->send(echo_, payload, 1, false, false, &echo_mark); });
}

Client::Trouble Client::subscribe(const std::string& filter) {
    return tried([&] { session_->client.subscribe(filter, 1, nullptr, session_->ear); });
}

Client::Trouble Client::unsubscribe(const std::string& filter) {
    return tried([&] { session_->client.unsubscribe(filter, nullptr, session_->ear); });
}

int Client::in_flight() const { return session_->ear.in_flight; }

Inbox::Content Client::take() { return session_->ear.inbox.take(); }

}  // namespace volt
