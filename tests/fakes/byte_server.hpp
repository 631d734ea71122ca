// A Modbus server whose bytes the test controls: late, split, wrong, too long, dripping, or none at all. By default it behaves
// well and is colored: the word at each address is the address, so that another register's answer is recognizable.
#pragma once

#include <poll.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "drivers/modbus/frame.hpp"
#include "drivers/modbus/stop_event.hpp"
#include "drivers/source.hpp"
#include "tests/fakes/listener.hpp"

namespace volt::fakes {

using namespace volt::modbus;

/// A received request.
struct Asked {
    Framing framing = Framing::tcp;
    Bytes bytes;
    int number = 0;                 ///< number since the server started, from 1
    std::uint16_t transaction = 0;  ///< TCP only
    std::uint8_t unit = 0;
    std::uint16_t address = 0, count = 0;
};

/// Bytes to send after a delay.
struct Piece {
    Bytes bytes;
    Duration before{};
};

/// Response of the server to one request; without pieces it is silent.
struct Script {
    std::vector<Piece> pieces;
    bool then_close = false;
};

/// Returns a reply around any PDU, with the request's transaction and unit.
inline Bytes framed(const Asked& asked, const Bytes& pdu) {
    Request request{asked.unit, pdu, 0};
    return make_frame(asked.framing)->encode(request, asked.transaction);
}

inline Bytes coloured_pdu(std::uint16_t address, std::uint16_t count) {
    Bytes pdu{3, static_cast<std::uint8_t>(2 * count)};
    for (unsigned word = address; word < static_cast<unsigned>(address) + count; ++word) {
        pdu.push_back(static_cast<std::uint8_t>(word >> 8U));
        pdu.push_back(static_cast<std::uint8_t>(word & 0xFFU));
    }
    return pdu;
}

inline Bytes good_reply(const Asked& asked) { return framed(asked, coloured_pdu(asked.address, asked.count)); }
inline Bytes exception_reply(const Asked& asked, std::uint8_t code) { return framed(asked, {0x83, code}); }
inline Script answer_with(Bytes bytes) { return {{{std::move(bytes), 0ms}}, false}; }

/// Listens on a free port of 127.0.0.1, with a thread for each connection.
class ByteServer {
public:
    using Answering = std::function<Script(const Asked&)>;

    explicit ByteServer(Answering answering = {}, Framing framing = Framing::tcp)
        : framing_(framing), answering_(std::move(answering)), listener_(listen_anywhere(port_, 16)) {
        acceptor_ = std::thread([this] { accept_all(); });
    }

    ~ByteServer() {
        stop_.set();
        acceptor_.join();
        for (std::thread& talk : talks_) talk.join();
        ::close(listener_);
    }
    ByteServer(const ByteServer&) = delete;
    ByteServer& operator=(const ByteServer&) = delete;

    int port() const { return port_; }
    int connections() const { return connections_; }
    int requests() const { return requests_; }
    /// Sets the behavior from the next request on; an empty one restores good behavior.
    void answer(Answering answering) {
        const std::lock_guard lock(mutex_);
        answering_ = std::move(answering);
    }

    /// Sets bytes that each connection sends first, and the delay after its accept.
    void greet(Bytes bytes, Duration after) {
        const std::lock_guard lock(mutex_);
        greeting_ = {std::move(bytes), after};
    }

private:
    Piece greeting() {
        const std::lock_guard lock(mutex_);
        return greeting_;
    }

    void accept_all() {
        while (stop_.wait_for(listener_, POLLIN, monotonic_now() + 1h)) {
            const int talk = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (talk < 0) continue;
            ++connections_;
            talks_.emplace_back([this, talk] {
                const Piece first = greeting();
                if (first.bytes.empty() || play(talk, {{first}, false})) {
                    while (serve_one(talk)) {}
                }
                ::close(talk);
            });
        }
    }

    bool serve_one(int talk) {
        Asked asked;
        asked.framing = framing_;
        asked.bytes.resize(framing_ == Framing::tcp ? 12 : 8);
        std::size_t got = 0;
        const auto fill = [&] {
            while (got < asked.bytes.size()) {
                if (!stop_.wait_for(talk, POLLIN, monotonic_now() + 1h)) return false;
                const ssize_t came = recv(talk, asked.bytes.data() + got, asked.bytes.size() - got, 0);
                if (came <= 0) return false;
                got += static_cast<std::size_t>(came);
            }
            return true;
        };
        if (!fill()) return false;
        const std::size_t function_at = framing_ == Framing::tcp ? 7 : 1;
        if (framing_ == Framing::tcp && asked.bytes[function_at] == 16)
            asked.bytes.resize(std::size_t{6} + asked.bytes[5]);  // register words follow
        if (!fill()) return false;
        const auto word = [&](std::size_t at) {
            return static_cast<std::uint16_t>((asked.bytes[at] << 8U) | asked.bytes[at + 1]);
        };
        const std::size_t unit_at = framing_ == Framing::tcp ? 6 : 0;
        if (framing_ == Framing::tcp) asked.transaction = word(0);
        asked.unit = asked.bytes[unit_at];
        asked.address = word(unit_at + 2);
        asked.count = word(unit_at + 4);
        asked.number = ++requests_;
        return play(talk, script_for(asked));
    }

    Script script_for(const Asked& asked) {
        const std::lock_guard lock(mutex_);
        return answering_ ? answering_(asked) : answer_with(good_reply(asked));
    }

    bool play(int talk, const Script& script) {
        for (const Piece& piece : script.pieces) {
            if (piece.before > 0ms && stop_.wait_until(monotonic_now() + piece.before)) return false;
            if (::send(talk, piece.bytes.data(), piece.bytes.size(), MSG_NOSIGNAL) < 0) return false;
        }
        return !script.then_close;
    }

    Framing framing_;
    std::mutex mutex_;
    Answering answering_;
    Piece greeting_{};
    int port_ = 0;
    int listener_;
    std::atomic<int> connections_{0}, requests_{0};
    StopEvent stop_;
    std::thread acceptor_;
    std::vector<std::thread> talks_;  ///< filled by the acceptor, joined after it
};

}  // namespace volt::fakes
