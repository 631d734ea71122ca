// ChargeLimitExchange: connects the loop, which decides the charge limit of a device, with the thread that polls the device.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "rules/time.hpp"

namespace volt {

/// One permitted write: carried out at most once, and not after `until`.
struct ChargeOrder {
    std::uint64_t number = 0;  ///< from 1 upwards; 0: none yet
    int limit_a = -1;          ///< A; 0 blocks; -1 is no limit (GX)
    Time until{};
};

/// What is known of the register.
struct ChargeSeen {
    std::optional<int> limit_a;  ///< as last read, A
    Time read_at{};
    std::uint64_t number = 0;        ///< of the newest order taken
    bool written = false;            ///< it was sent; else the register held the value already, or it was too late
    std::string error;               ///< of the newest exchange; empty: none
    std::string refusal{};           ///< a bad answer to the newest write; empty: it was accepted
    bool read_back = true;           ///< `limit_a` was read since the newest write
    std::optional<Time> wrote_at{};  ///< the newest write
};

/// Safe from any thread; each side sees the newest of the other.
class ChargeLimitExchange {
public:
    void send(const ChargeOrder& order) {
        const std::lock_guard lock(mutex_);
        order_ = order;
    }
    ChargeOrder order() const {
        const std::lock_guard lock(mutex_);
        return order_;
    }
    void report(ChargeSeen seen) {
        const std::lock_guard lock(mutex_);
        seen_ = std::move(seen);
    }
    ChargeSeen seen() const {
        const std::lock_guard lock(mutex_);
        return seen_;
    }

    /// Read the register even if it may not be written: it may still hold voltd's block.
    void watch(bool wanted) {
        const std::lock_guard lock(mutex_);
        watched_ = wanted;
    }
    bool watched() const {
        const std::lock_guard lock(mutex_);
        return watched_;
    }

private:
    mutable std::mutex mutex_;
    bool watched_ = false;
    ChargeOrder order_;
    ChargeSeen seen_;
};

}  // namespace volt
