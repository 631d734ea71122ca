#include "tests/fakes/fault_proxy.hpp"

#include <poll.h>

#include <algorithm>
#include <array>

#include "tests/fakes/listener.hpp"

namespace volt::fakes {
namespace {

constexpr std::size_t most_links = 64, most_waiting = 300;

Time now_of_proxy() { return std::chrono::duration_cast<Time>(std::chrono::steady_clock::now().time_since_epoch()); }

int connected_to(int port) {
    const int device = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    if (connect(device, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        close(device);
        return -1;
    }
    without_delay(device);
    return device;
}

}  // namespace

FaultProxy::FaultProxy(int device_port) : device_port_(device_port), listener_(listen_anywhere(port_, 64, SOCK_NONBLOCK)) {
    thread_ = std::thread([this] { run(); });
}

FaultProxy::~FaultProxy() {
    stop_ = true;
    thread_.join();
    for (Link& link : links_) drop(link);
    close(listener_);
}

void FaultProxy::set(Fault fault) {
    choose([fault](std::uint64_t) { return fault; });
    black_hole_ = fault.harm == Harm::black_hole;
}

void FaultProxy::choose(Chooser chooser) {
    const std::lock_guard lock(mutex_);
    chooser_ = std::move(chooser);
    kept_.reset();
    black_hole_ = false;
}

Fault FaultProxy::next_fault() {
    const std::lock_guard lock(mutex_);
    return chooser_ ? chooser_(replies_) : Fault{};
}

void FaultProxy::run() {
    while (!stop_) {
        std::vector<pollfd> waiting{{listener_, POLLIN, 0}};
        for (const Link& link : links_) {
            waiting.push_back({link.client, POLLIN, 0});
            waiting.push_back({link.device, POLLIN, 0});
        }
        const Time before = now_of_proxy();
        poll(waiting.data(), waiting.size(), static_cast<int>(until_due(before).count()));
        std::size_t at = 1;
        const Time now = now_of_proxy();
        for (Link& link : links_) {
            if (waiting[at].revents != 0) take_request(link);
            if (waiting[at + 1].revents != 0 && !link.gone) take_reply(link, now);
            send_due(link, now);
            at += 2;
        }
        if (waiting[0].revents != 0) accept_one();
        links_.remove_if([](Link& link) {
            if (link.gone) drop(link);
            return link.gone;
        });
    }
}

Duration FaultProxy::until_due(Time now) const {
    Duration shortest = 20ms;  // interval of the check of stop_
    for (const Link& link : links_) {
        if (!link.waiting.empty()) shortest = std::clamp(link.waiting.front().due - now, 0ms, shortest);
    }
    return shortest;
}

void FaultProxy::drop(Link& link) {
    if (link.client >= 0) close(link.client);
    if (link.device >= 0) close(link.device);
    link.client = link.device = -1;
}

void FaultProxy::accept_one() {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    without_delay(client);
    Link link;
    link.client = client;
    link.device = links_.size() < most_links ? connected_to(device_port_) : -1;
    link.gone = link.device < 0;
    links_.push_back(std::move(link));
}

void FaultProxy::take_request(Link& link) {
    std::array<std::uint8_t, 512> bytes{};
    const ssize_t came = recv(link.client, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (came <= 0) {
        link.gone = true;
        return;
    }
    bytes_ += static_cast<std::uint64_t>(came);
    if (black_hole_) return;
    if (send(link.device, bytes.data(), static_cast<std::size_t>(came), MSG_NOSIGNAL) < 0) link.gone = true;
}

void FaultProxy::take_reply(Link& link, Time now) {
    std::array<std::uint8_t, 512> bytes{};
    const ssize_t came = recv(link.device, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (came <= 0 || link.waiting.size() >= most_waiting) {
        link.gone = true;
        return;
    }
    ++replies_;
    bytes_ += static_cast<std::uint64_t>(came);
    const Fault fault = next_fault();
    if (fault.harm != Harm::pass) ++harmed_;
    harm(link, Bytes(bytes.begin(), bytes.begin() + came), fault, now);
}

void FaultProxy::harm(Link& link, Bytes reply, const Fault& fault, Time now) {
    const auto half = reply.begin() + static_cast<std::ptrdiff_t>(reply.size() / 2);
    const auto later = [&](Bytes bytes, Duration wait, Then then = Then::go_on) {
        link.waiting.push_back({now + wait, std::move(bytes), then});
    };
    switch (fault.harm) {
        case Harm::pass: return later(std::move(reply), 0ms);
        case Harm::delay: return later(std::move(reply), fault.time);
        case Harm::stall: later(Bytes(reply.begin(), half), 0ms); return later(Bytes(half, reply.end()), fault.time);
        case Harm::cut: return later(Bytes(reply.begin(), half), 0ms, Then::end);
        case Harm::reset: return later({}, 0ms, Then::reset);
        case Harm::drip:
            for (std::size_t i = 0; i < reply.size(); ++i) later({reply[i]}, fault.time * static_cast<int>(i + 1));
            return;
        case Harm::black_hole:
        case Harm::one_way: return;
        case Harm::duplicate: later(reply, 0ms); return later(reply, fault.time);
        case Harm::swap:
            if (kept_) later(*kept_, 0ms);
            kept_ = std::move(reply);
            return;
        case Harm::corrupt: {
            const std::size_t bits = 8 * (fault.bytes == 0 ? reply.size() : std::min(fault.bytes, reply.size()));
            const std::size_t bit = static_cast<std::size_t>(fault.noise % bits);
            reply[bit / 8] = static_cast<std::uint8_t>(reply[bit / 8] ^ (1U << (bit % 8)));
            return later(std::move(reply), 0ms);
        }
    }
}

void FaultProxy::send_due(Link& link, Time now) {
    while (!link.gone && !link.waiting.empty() && link.waiting.front().due <= now) {
        const Piece piece = std::move(link.waiting.front());
        link.waiting.pop_front();
        if (!piece.bytes.empty() && send(link.client, piece.bytes.data(), piece.bytes.size(), MSG_NOSIGNAL) < 0) {
            link.gone = true;
        }
        if (piece.then == Then::reset) {
            const linger at_once{1, 0};
            setsockopt(link.client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        }
        if (piece.then != Then::go_on) link.gone = true;
    }
}

}  // namespace volt::fakes
