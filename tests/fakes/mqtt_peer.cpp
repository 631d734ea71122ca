#include "tests/fakes/mqtt_peer.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <stdexcept>

#include "tests/fakes/process.hpp"

namespace volt::testing {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
constexpr std::uint8_t connect_packet = 0x10, connack = 0x20, publish_packet = 0x30, subscribe_packet = 0x82, suback = 0x90,
                       disconnect_packet = 0xE0;
constexpr milliseconds answer_limit{10000};

std::string text_of(const std::string& text) {
    const auto size = static_cast<std::uint16_t>(text.size());
    return std::string{static_cast<char>(size >> 8), static_cast<char>(size & 0xff)} + text;
}

std::size_t number_at(const std::string& text, std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(text.at(at))) * 256 + static_cast<unsigned char>(text.at(at + 1));
}

int open_socket(int port) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return fd;
    close(fd);
    throw std::runtime_error("no broker");
}

}  // namespace

MqttPeer::MqttPeer(int port, const PeerOptions& options) : fd_(open_socket(port)) {
    unsigned flags = 0x02;  // clean session
    std::string payload = text_of(options.id);
    if (!options.will_topic.empty()) {
        flags |= 0x04 | 0x20 | 0x08;  // will, retained, QoS 1
        payload += text_of(options.will_topic) + text_of(options.will_payload);
    }
    if (!options.user.empty()) {
        flags |= 0x80 | 0x40;
        payload += text_of(options.user) + text_of(options.password);
    }
    const std::string head{'\x04', static_cast<char>(flags), '\0', '\0'};  // 3.1.1, no keepalive
    write(connect_packet, text_of("MQTT") + head + payload);
    const auto answer = read(answer_limit);
    if (answer && answer->head == connack && answer->body.size() == 2 && answer->body[1] == 0) return;
    vanish();
    throw std::runtime_error("refused by the broker");
}

MqttPeer::~MqttPeer() {
    if (fd_ >= 0) write(disconnect_packet, "");
    vanish();
}

void MqttPeer::vanish() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
}

void MqttPeer::publish(const std::string& topic, const std::string& payload, bool retained) {
    write(static_cast<std::uint8_t>(publish_packet | (retained ? 1 : 0)), text_of(topic) + payload);
}

/// Subscribes. next() finds the answer among the messages that may precede it.
void MqttPeer::subscribe(const std::string& filter) { write(subscribe_packet, std::string{'\0', '\1'} + text_of(filter) + '\0'); }

std::optional<PeerMessage> MqttPeer::next(milliseconds limit) {
    const auto end = Clock::now() + limit;
    do {
        const auto left = std::chrono::duration_cast<milliseconds>(end - Clock::now());
        const auto packet = read(std::max(left, milliseconds{0}));
        if (!packet) return std::nullopt;
        if (packet->head == suback) subscribed_ = true;
        if ((packet->head & 0xF0) != publish_packet) continue;
        const std::size_t size = number_at(packet->body, 0);
        const std::size_t skip = (packet->head & 0x06) != 0 ? 2 : 0;
        return PeerMessage{packet->body.substr(2, size), packet->body.substr(2 + size + skip), (packet->head & 1) != 0,
                           Clock::now()};
    } while (Clock::now() < end);
    return std::nullopt;
}

void MqttPeer::write(std::uint8_t head, const std::string& body) {
    if (fd_ < 0) return;
    std::string bytes{static_cast<char>(head)};
    std::size_t rest = body.size();
    do {
        bytes += static_cast<char>(rest % 128 + (rest >= 128 ? 128 : 0));
        rest /= 128;
    } while (rest > 0);
    bytes += body;
    for (std::size_t sent = 0; sent < bytes.size();) {
        const ssize_t count = send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) return vanish();
        sent += static_cast<std::size_t>(count);
    }
}

std::optional<MqttPeer::Packet> MqttPeer::packet_in_buffer() {
    std::size_t size = 0, at = 1, factor = 1;
    while (true) {
        if (at >= buffer_.size()) return std::nullopt;
        const auto byte = static_cast<unsigned char>(buffer_[at++]);
        size += (byte & 127u) * factor;
        factor *= 128;
        if (byte < 128) break;
    }
    if (buffer_.size() < at + size) return std::nullopt;
    Packet packet{static_cast<std::uint8_t>(buffer_[0]), buffer_.substr(at, size)};
    buffer_.erase(0, at + size);
    return packet;
}

std::optional<MqttPeer::Packet> MqttPeer::read(milliseconds limit) {
    const auto end = Clock::now() + limit;
    while (true) {
        if (auto packet = packet_in_buffer()) return packet;
        if (fd_ < 0) return std::nullopt;
        const auto left = std::chrono::duration_cast<milliseconds>(end - Clock::now()).count();
        pollfd wait{fd_, POLLIN, 0};
        if (poll(&wait, 1, static_cast<int>(std::max<std::int64_t>(left, 0))) <= 0) return std::nullopt;
        std::array<char, 65536> bytes{};
        const ssize_t count = recv(fd_, bytes.data(), bytes.size(), 0);
        if (count <= 0) {
            vanish();
            return std::nullopt;
        }
        buffer_.append(bytes.data(), static_cast<std::size_t>(count));
    }
}

MqttListener::MqttListener(int port, std::string filter)
    : thread_([this, port, wanted = std::move(filter)] { run(port, wanted); }) {}

MqttListener::~MqttListener() {
    stop_ = true;
    thread_.join();
}

void MqttListener::run(int port, const std::string& filter) {
    static std::atomic<int> number{0};
    const std::string id = "listener-" + std::to_string(getpid()) + "-" + std::to_string(++number);
    while (!stop_) {
        try {
            MqttPeer peer(port, {.id = id, .user = {}, .password = {}, .will_topic = {}, .will_payload = {}});
            peer.subscribe(filter);
            for (bool counted = false; !stop_ && !peer.gone();) {
                const auto message = peer.next(milliseconds{10});
                if (peer.subscribed() && !counted) {
                    ++connects_;
                    counted = true;
                }
                const std::lock_guard lock(mutex_);
                if (message) received_.push_back(*message);
            }
        } catch (const std::exception&) { std::this_thread::sleep_for(milliseconds{10}); }
    }
}

std::vector<PeerMessage> MqttListener::received() const {
    const std::lock_guard lock(mutex_);
    return received_;
}

std::vector<std::string> MqttListener::payloads(const std::string& topic) const {
    std::vector<std::string> found;
    for (const PeerMessage& message : received()) {
        if (message.topic == topic) found.push_back(message.payload);
    }
    return found;
}

bool MqttListener::wait_for(const std::string& topic, const std::string& payload) const {
    return eventually([&] {
        const auto all = payloads(topic);
        return std::find(all.begin(), all.end(), payload) != all.end();
    });
}

bool MqttListener::wait_until_connected(int connects) const {
    return eventually([&] { return connects_ >= connects; });
}

void publish_once(int port, const std::string& topic, const std::string& payload, bool retained) {
    MqttPeer peer(port,
                  {.id = "once-" + std::to_string(getpid()), .user = {}, .password = {}, .will_topic = {}, .will_payload = {}});
    peer.publish(topic, payload, retained);
}

}  // namespace volt::testing
