// ChargeOrders: sends the orders for the charge limit of one device, and tracks what came of the newest.
#pragma once

#include <cstdint>
#include <optional>

#include "drivers/charge_limit_exchange.hpp"

namespace volt {

/// Loop thread only; never blocks.
class ChargeOrders {
public:
    /// `tries`: writes of one limit without effect before a pause of `rest_after_tries`; 0: no bound.
    ChargeOrders(ChargeLimitExchange& exchange, int tries) : exchange_(exchange), tries_(tries) {}

    /// What is known of the register.
    ChargeSeen seen() const { return exchange_.seen(); }
    /// The register is to be read also where it may not be written.
    void watch(bool wanted) { exchange_.watch(wanted); }

    /// To be carried out within `lasts`.
    void send(int limit_a, Time now);
    /// One was sent, with another limit.
    bool newest_is_not(int limit_a) const { return newest_ && newest_->limit_a != limit_a; }
    /// REQUIRES: one was sent.
    Time sent_at() const { return newest_->until - lasts; }
    /// The device has taken the newest order, or it is too late for it.
    bool done(Time now) const { return !newest_ || now >= newest_->until || seen().number >= newest_->number; }

    /// The newest write, by the device itself where it reported it; nothing: none since the start.
    std::optional<Time> newest_write() const;
    /// So many writes of this limit were taken and had no effect: the next ones wait.
    bool exhausted(int limit_a, Time now);
    /// The register holds what it should.
    void in_effect() { without_effect_ = 0; }

    static constexpr Duration lasts = 10s;
    static constexpr Duration rest_after_tries = 1h;

private:
    ChargeLimitExchange& exchange_;
    int tries_;
    std::optional<ChargeOrder> newest_;
    std::uint64_t judged_ = 0;  ///< number of the newest order that was counted in `without_effect_`
    int without_effect_ = 0;    ///< writes of one limit in a row
};

}  // namespace volt
