// ChargeLimitExchange: connects the loop, which decides the charge limit of a device, with the thread that polls the device.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "rules/time.hpp"

namespace volt {

/// One permitted write. voltd makes it at most once, and not after `until`.
struct ChargeOrder {
    std::uint64_t number = 0;  ///< counts from 1; 0 if none yet
    int limit_a = -1;          ///< A; 0 blocks; -1 is no limit (GX)
    Time until{};
};

/// State of the register.
struct ChargeSeen {
    std::optional<int> limit_a;  ///< last value read, A
    Time read_at{};
    std::uint64_t number = 0;        ///< number of the newest order taken
    bool written = false;            ///< it was sent; otherwise the register already had the value, or it was too late
    std::string error;               ///< error of the newest exchange, or empty
    std::string refusal{};           ///< a bad answer to the newest write, or empty if it was accepted
    bool read_back = true;           ///< `limit_a` was read after the newest write
    std::optional<Time> wrote_at{};  ///< time of the newest write
};

/// The exchange. Safe from any thread; each side sees the other's newest value.
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

    /// Reads the register even if it may not be written: it may still have voltd's block.
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
