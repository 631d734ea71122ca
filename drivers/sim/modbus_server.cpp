#include "drivers/sim/modbus_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <stdexcept>

namespace volt::sim {

namespace {

constexpr std::size_t most_clients = 16, most_held = 64, most_buffered = 1'024;
constexpr Duration patience = 2'150ms, line_time = 40ms;  // as in mbusd: three retries of 500 ms; 9,600 bit/s
constexpr std::uint8_t no_slave = 0x0B;

int listen_on(int port) {
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || listen(listener, 16) != 0) {
        const std::string reason = std::strerror(errno);
        if (listener >= 0) close(listener);
        throw std::runtime_error("cannot listen on 127.0.0.1:" + std::to_string(port) + ": " + reason);
    }
    return listener;
}

int port_of(int listener) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
}

/// Makes close() send a reset instead of a clean end.
void set_reset_on_close(int socket) {
    const linger now{1, 0};
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

}  // namespace

std::optional<ServerFault> server_fault_of(std::string_view text) {
    struct Known {
        std::string_view name;
        ServerFaultKind kind;
        int number;
    };
    using enum ServerFaultKind;
    constexpr std::array<Known, 11> known = {{{"none", none, 0},
                                              {"silent", silent, 0},
                                              {"slow", slow, 2'500},
                                              {"reset", reset, 0},
                                              {"exception", exception, 4},
                                              {"zeros", zeros, 0},
                                              {"frozen", frozen, 0},
                                              {"shifted", shifted, 0},
                                              {"late", late, 0},
                                              {"ignores-write", ignores_write, 0},
                                              {"refuses-write", refuses_write, 0}}};
    const auto colon = std::min(text.find(':'), text.size());
    const auto found =
        std::find_if(known.begin(), known.end(), [&](const Known& one) { return one.name == text.substr(0, colon); });
    if (found == known.end()) return std::nullopt;
    ServerFault fault{found->kind, found->number};
    if (colon == text.size()) return fault;
    const std::string_view digits = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), fault.number);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    const int most = fault.kind == slow ? 60'000 : fault.kind == exception ? 127 : 0;
    return fault.number >= 1 && fault.number <= most ? std::optional(fault) : std::nullopt;
}

ModbusServer::ModbusServer(Registers& registers, Wire wire, int port)
    : registers_(registers), wire_(wire), listener_(listen_on(port)), port_(port_of(listener_)) {}

ModbusServer::~ModbusServer() {
    for (const Client& client : clients_) close(client.socket);
    close(listener_);
}

void ModbusServer::add_descriptors(std::vector<pollfd>& descriptors) const {
    descriptors.push_back({listener_, POLLIN, 0});
    for (const Client& client : clients_) descriptors.push_back({client.socket, POLLIN, 0});
}

std::optional<Time> ModbusServer::due() const {
    std::optional<Time> first;
    if (fault_.kind != ServerFaultKind::none) first = fault_until_;
    for (const Held& held : held_) first = first ? std::min(*first, held.due) : held.due;
    return first;
}

void ModbusServer::fault(ServerFault fault, Time until) {
    fault_ = fault;
    fault_until_ = until;
    registers_.freeze(fault.kind == ServerFaultKind::frozen);
    for (Client& client : clients_) client.kept.clear();
}

void ModbusServer::turn(Time now) {
    if (fault_.kind != ServerFaultKind::none && now >= fault_until_) fault({}, now);
    accept_all();
    for (Client& client : clients_) serve(client, now);
    send_due(now);
    for (const Client& client : clients_) {
        if (client.gone) close(client.socket);
    }
    std::erase_if(clients_, [](const Client& client) { return client.gone; });
}

void ModbusServer::accept_all() {
    for (std::size_t tries = 0; tries < most_clients; ++tries) {
        const int accepted = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (accepted < 0) return;
        if (clients_.size() >= most_clients) {
            close(accepted);
            continue;
        }
        const int on = 1;
        setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        clients_.push_back({accepted, next_id_++, {}, {}});
    }
}

void ModbusServer::serve(Client& client, Time now) {
    std::array<std::uint8_t, most_buffered> bytes{};
    const ssize_t got = recv(client.socket, bytes.data(), bytes.size() - client.buffer.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
    if (got <= 0) {
        client.gone = true;
        return;
    }
    client.buffer.insert(client.buffer.end(), bytes.begin(), bytes.begin() + got);
    for (std::size_t frames = 0; frames < most_buffered && !client.gone; ++frames) {
        const Taken taken = take_frame(wire_, client.buffer);
        client.gone = taken.broken;
        client.buffer.erase(client.buffer.begin(), client.buffer.begin() + static_cast<std::ptrdiff_t>(taken.used));
        if (!taken.request) break;
        answer(client, *taken.request, now);
    }
    if (client.buffer.size() >= most_buffered) client.gone = true;
}

std::optional<Bytes> ModbusServer::spoilt_answer(const Request& request) {
    using enum ServerFaultKind;
    if (fault_.kind == exception) return exception_pdu(request.pdu[0], static_cast<std::uint8_t>(fault_.number));
    const bool writes = request.pdu[0] == 6 || request.pdu[0] == 16;
    if (writes && fault_.kind == refuses_write) return exception_pdu(request.pdu[0], 3);
    if (writes && fault_.kind == ignores_write)
        return Bytes(request.pdu.begin(), request.pdu.begin() + std::min<std::ptrdiff_t>(5, std::ssize(request.pdu)));
    const Spoil spoil = fault_.kind == zeros ? Spoil::zeros : fault_.kind == shifted ? Spoil::next_register : Spoil::nothing;
    return answer_pdu(registers_, request, spoil);
}

void ModbusServer::answer(Client& client, const Request& request, Time now) {
    using enum ServerFaultKind;
    if (fault_.kind == silent) return;
    if (fault_.kind == reset) {
        set_reset_on_close(client.socket);
        client.gone = true;
        return;
    }
    const auto pdu = spoilt_answer(request);
    if (!pdu) return;
    Bytes frame = answer_frame(wire_, request, *pdu);
    if (fault_.kind == late) std::swap(frame, client.kept);
    if (patient_) {
        const bool absent = pdu->size() == 2 && (*pdu)[1] == no_slave;
        line_free_at_ = std::max(line_free_at_, now) + (absent ? patience : line_time);
        if (held_.size() < most_held) held_.push_back({line_free_at_, client.id, std::move(frame)});
    } else if (fault_.kind != slow) {
        send_to(client, frame);
    } else if (held_.size() < most_held) {
        held_.push_back({now + Duration(fault_.number), client.id, std::move(frame)});
    }
}

void ModbusServer::send_to(Client& client, const Bytes& frame) {
    if (frame.empty()) return;
    const ssize_t sent = send(client.socket, frame.data(), frame.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(frame.size())) client.gone = true;  // the client does not read
}

void ModbusServer::send_due(Time now) {
    while (!held_.empty() && held_.front().due <= now) {
        const Held held = std::move(held_.front());
        held_.pop_front();
        const auto client =
            std::find_if(clients_.begin(), clients_.end(), [&](const Client& one) { return one.id == held.client; });
        if (client != clients_.end() && !client->gone) send_to(*client, held.frame);
    }
}

}  // namespace volt::sim
