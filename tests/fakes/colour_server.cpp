#include "tests/fakes/colour_server.hpp"

#include <poll.h>

#include <array>

#include "tests/fakes/listener.hpp"

namespace volt::fakes {

using namespace modbus;

std::vector<std::uint16_t> colours(int unit, Stretch stretch) {
    std::vector<std::uint16_t> words;
    for (unsigned i = 0; i < stretch.count; ++i) {
        const unsigned address = stretch.address + i;
        words.push_back(
            static_cast<std::uint16_t>(i % 2 == 0 ? address : (static_cast<unsigned>(unit) << 8U) | (address & 0xFFU)));
    }
    return words;
}

ColourServer::ColourServer(Framing framing) : framing_(framing), listener_(listen_anywhere(port_)) {
    thread_ = std::thread([this] { run(); });
}

ColourServer::~ColourServer() {
    stop_ = true;
    thread_.join();
    close(listener_);
}

void ColourServer::run() {
    std::map<int, Bytes> clients;
    while (!stop_) {
        std::vector<pollfd> waiting{{listener_, POLLIN, 0}};
        for (const auto& [client, buffer] : clients) waiting.push_back({client, POLLIN, 0});
        if (poll(waiting.data(), waiting.size(), 20) <= 0) continue;
        for (std::size_t i = 1; i < waiting.size(); ++i) {
            const int client = waiting[i].fd;
            if (waiting[i].revents == 0 || serve(client, clients[client])) continue;
            close(client);
            clients.erase(client);
        }
        if (waiting[0].revents == 0) continue;
        const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0) continue;
        without_delay(client);
        clients[client];
    }
    for (const auto& [client, buffer] : clients) close(client);
}

/// Serves a client. Returns false if it disconnected.
bool ColourServer::serve(int client, Bytes& buffer) const {
    std::array<std::uint8_t, 512> bytes{};
    const ssize_t came = recv(client, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (came <= 0) return false;
    buffer.insert(buffer.end(), bytes.begin(), bytes.begin() + came);
    const std::size_t size = framing_ == Framing::tcp ? 12 : 8;
    while (buffer.size() >= size) {
        const Bytes request(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size));
        buffer.erase(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size));
        const Bytes reply = reply_to(request);
        if (send(client, reply.data(), reply.size(), MSG_NOSIGNAL) < 0) return false;
    }
    return true;
}

Bytes ColourServer::reply_to(const Bytes& request) const {
    const std::size_t unit_at = framing_ == Framing::tcp ? 6 : 0;
    const auto word = [&](std::size_t at) { return static_cast<std::uint16_t>((request[at] << 8U) | request[at + 1]); };
    const Stretch stretch{word(unit_at + 2), word(unit_at + 4)};
    Request made{request[unit_at], {3, static_cast<std::uint8_t>(2 * stretch.count)}, 0};
    for (const std::uint16_t colour : colours(made.unit, stretch)) {
        made.pdu.push_back(static_cast<std::uint8_t>(colour >> 8U));
        made.pdu.push_back(static_cast<std::uint8_t>(colour & 0xFFU));
    }
    return make_frame(framing_)->encode(made, framing_ == Framing::tcp ? word(0) : std::uint16_t{0});
}

}  // namespace volt::fakes
