// A small MQTT 3.1.1 client for tests, written on the socket: independent of the library under test, quick to connect,
// and able to vanish without a word.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace volt::testing {

struct PeerMessage {
    std::string topic, payload;
    bool retained = false;
    std::chrono::steady_clock::time_point at{};  ///< of a received one
};

struct PeerOptions {
    std::string id;
    std::string user, password;            ///< empty: none
    std::string will_topic, will_payload;  ///< retained; an empty topic is no will
};

/// One connection; QoS 0 in both directions. Not for several threads at a time.
class MqttPeer {
public:
    /// Throws when the broker cannot be reached or refuses.
    MqttPeer(int port, const PeerOptions& options);
    ~MqttPeer();  ///< leaves in order
    MqttPeer(const MqttPeer&) = delete;
    MqttPeer& operator=(const MqttPeer&) = delete;

    void publish(const std::string& topic, const std::string& payload, bool retained = false);
    void subscribe(const std::string& filter);
    /// The next message; nothing within `limit`, or when the connection is gone.
    std::optional<PeerMessage> next(std::chrono::milliseconds limit);
    bool gone() const { return fd_ < 0; }
    bool subscribed() const { return subscribed_; }  ///< next() has seen the answer to subscribe()
    void vanish();                                   ///< closes without DISCONNECT: the broker publishes the will

private:
    struct Packet {
        std::uint8_t head = 0;
        std::string body;
    };
    void write(std::uint8_t head, const std::string& body);
    std::optional<Packet> read(std::chrono::milliseconds limit);
    std::optional<Packet> packet_in_buffer();

    int fd_ = -1;
    bool subscribed_ = false;
    std::string buffer_;
};

/// Collects everything on a filter, connecting again by itself. For watching what the code under test sends.
class MqttListener {
public:
    explicit MqttListener(int port, std::string filter = "#");
    ~MqttListener();
    MqttListener(const MqttListener&) = delete;
    MqttListener& operator=(const MqttListener&) = delete;

    std::vector<PeerMessage> received() const;
    /// Messages on `topic` since the start, empty ones too.
    std::vector<std::string> payloads(const std::string& topic) const;
    bool wait_for(const std::string& topic, const std::string& payload) const;
    /// Until its subscription was accepted that many times: it receives what is published from then on.
    bool wait_until_connected(int connects = 1) const;
    int connects() const { return connects_; }

private:
    void run(int port, const std::string& filter);

    mutable std::mutex mutex_;
    std::vector<PeerMessage> received_;
    std::atomic<bool> stop_{false};
    std::atomic<int> connects_{0};
    std::thread thread_;
};

/// One message from a client of its own.
void publish_once(int port, const std::string& topic, const std::string& payload, bool retained = false);

}  // namespace volt::testing
