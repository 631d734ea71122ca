// A small MQTT 3.1.1 client for tests, written on the socket: independent of the library under test, quick to connect, and able
// to vanish silently.
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
    std::chrono::steady_clock::time_point at{};  ///< arrival time of a received one
};

struct PeerOptions {
    std::string id;
    std::string user, password;            ///< empty if none
    std::string will_topic, will_payload;  ///< retained; no will if the topic is empty
};

/// One connection with QoS 0 in both directions. Not thread-safe.
class MqttPeer {
public:
    /// Throws if the broker is unreachable or refuses.
    MqttPeer(int port, const PeerOptions& options);
    ~MqttPeer();  ///< disconnects in order
    MqttPeer(const MqttPeer&) = delete;
    MqttPeer& operator=(const MqttPeer&) = delete;

    void publish(const std::string& topic, const std::string& payload, bool retained = false);
    void subscribe(const std::string& filter);
    /// Returns the next message, or empty if none came within `limit` or the connection is closed.
    std::optional<PeerMessage> next(std::chrono::milliseconds limit);
    bool gone() const { return fd_ < 0; }
    bool subscribed() const { return subscribed_; }  ///< next() has received the answer to subscribe()
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

/// Collects all messages on a filter, and reconnects by itself. Observes the traffic of the code under test.
class MqttListener {
public:
    explicit MqttListener(int port, std::string filter = "#");
    ~MqttListener();
    MqttListener(const MqttListener&) = delete;
    MqttListener& operator=(const MqttListener&) = delete;

    std::vector<PeerMessage> received() const;
    /// Returns the messages on `topic` since the start, including empty ones.
    std::vector<std::string> payloads(const std::string& topic) const;
    bool wait_for(const std::string& topic, const std::string& payload) const;
    /// Waits until its subscription was accepted `connects` times. It then receives everything published.
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

/// Publishes one message from a separate client.
void publish_once(int port, const std::string& topic, const std::string& payload, bool retained = false);

}  // namespace volt::testing
