// A TCP proxy in front of a device that damages its replies like bad networks and gateways.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "rules/time.hpp"

namespace volt::fakes {

enum class Harm : std::uint8_t {
    pass,
    delay,       ///< the reply comes `time` later
    stall,       ///< half of it at once, the rest `time` later
    cut,         ///< half of it, then an orderly close
    reset,       ///< a reset instead of it
    drip,        ///< byte by byte, `time` apart
    black_hole,  ///< neither requests nor replies pass; connections remain, and new ones are accepted
    one_way,     ///< requests pass, replies do not
    duplicate,   ///< it comes twice, the second time `time` later
    swap,        ///< kept back, and replaced by the one kept before, on any connection
    corrupt,     ///< one bit is flipped, in its first `bytes` (0: anywhere)
};
inline constexpr int harms = 11;

struct Fault {
    Harm harm = Harm::pass;
    Duration time{};
    std::size_t bytes = 0;
    std::uint64_t noise = 0;  ///< selects the bit to flip
};

/// Listens on a free port of 127.0.0.1 and connects to `device_port`, one connection for each of the client's. Runs its own
/// thread; at most 64 connections and 256 waiting pieces each.
class FaultProxy {
public:
    using Chooser = std::function<Fault(std::uint64_t nth_reply)>;

    explicit FaultProxy(int device_port);
    ~FaultProxy();
    FaultProxy(const FaultProxy&) = delete;
    FaultProxy& operator=(const FaultProxy&) = delete;

    int port() const { return port_; }
    std::uint64_t replies() const { return replies_; }
    std::uint64_t harmed() const { return harmed_; }
    std::uint64_t bytes() const { return bytes_; }  ///< requests and replies, as received
    /// Applies the same fault to each reply, from the next piece on.
    void set(Fault fault);
    /// Chooses the fault reply by reply, from the next piece on.
    void choose(Chooser chooser);

private:
    using Bytes = std::vector<std::uint8_t>;
    enum class Then : std::uint8_t { go_on, end, reset };
    struct Piece {
        Time due;
        Bytes bytes;
        Then then = Then::go_on;
    };
    struct Link {
        int client = -1, device = -1;
        std::deque<Piece> waiting;
        bool gone = false;
    };

    void run();
    void accept_one();
    void take_request(Link& link);
    void take_reply(Link& link, Time now);
    void harm(Link& link, Bytes reply, const Fault& fault, Time now);
    void send_due(Link& link, Time now);
    Duration until_due(Time now) const;
    static void drop(Link& link);
    Fault next_fault();

    int device_port_, port_ = 0, listener_;
    std::mutex mutex_;
    Chooser chooser_;
    std::optional<Bytes> kept_;  ///< for `swap`
    std::list<Link> links_;
    std::atomic<std::uint64_t> replies_{0}, harmed_{0}, bytes_{0};
    std::atomic<bool> black_hole_{false}, stop_{false};
    std::thread thread_;
};

}  // namespace volt::fakes
