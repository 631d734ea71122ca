// ChargeOrders: sends the orders for the charge limit of one device, and tracks the result of the newest.
#pragma once

#include <cstdint>
#include <optional>

#include "drivers/charge_limit_exchange.hpp"

namespace volt {

/// Use on the loop thread only. Never blocks.
class ChargeOrders {
public:
    /// `tries`: writes of one limit without effect before a pause of `rest_after_tries`. 0 means no bound.
    ChargeOrders(ChargeLimitExchange& exchange, int tries) : exchange_(exchange), tries_(tries) {}

    /// Returns the known state of the register.
    ChargeSeen seen() const { return exchange_.seen(); }
    /// Reads the register even if it may not be written.
    void watch(bool wanted) { exchange_.watch(wanted); }

    /// Sends an order that expires after `lasts`.
    void send(int limit_a, Time now);
    /// Returns true if an order was sent and its limit differs from this one.
    bool newest_is_not(int limit_a) const { return newest_ && newest_->limit_a != limit_a; }
    /// Returns when the newest order was sent. REQUIRES: one was sent.
    Time sent_at() const { return newest_->until - lasts; }
    /// Returns true if the device has accepted the newest order, or the order has expired.
    bool done(Time now) const { return !newest_ || now >= newest_->until || seen().number >= newest_->number; }

    /// Returns the time of the newest write, from the device itself if it reports it, or nothing if none was made since the
    /// start.
    std::optional<Time> newest_write() const;
    /// Returns true if the device accepted `tries` writes of this limit without effect. Further writes then wait.
    bool exhausted(int limit_a, Time now);
    /// Notes that the register holds its goal.
    void in_effect() { without_effect_ = 0; }

    static constexpr Duration lasts = 10s;
    static constexpr Duration rest_after_tries = 1h;

private:
    ChargeLimitExchange& exchange_;
    int tries_;
    std::optional<ChargeOrder> newest_;
    std::uint64_t judged_ = 0;  ///< number of the newest order counted in `without_effect_`
    int without_effect_ = 0;    ///< consecutive writes of one limit
};

}  // namespace volt
