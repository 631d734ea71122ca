#include "daemon/site/charge_orders.hpp"

#include <algorithm>

namespace volt {

void ChargeOrders::send(int limit_a, Time now) {
    newest_ = ChargeOrder{exchange_.order().number + 1, limit_a, now + lasts};
    exchange_.send(*newest_);
}

/// A device may carry out an order some seconds after voltd sends it.
std::optional<Time> ChargeOrders::newest_write() const {
    if (!newest_) return std::nullopt;
    const ChargeSeen seen = exchange_.seen();
    if (seen.number < newest_->number) return newest_->until;
    return seen.written && seen.wrote_at ? std::max(sent_at(), *seen.wrote_at) : sent_at();
}

bool ChargeOrders::exhausted(int limit_a, Time now) {
    const ChargeSeen seen = exchange_.seen();
    if (newest_ && judged_ != newest_->number && seen.read_back) {
        judged_ = newest_->number;
        if (newest_->limit_a != limit_a) without_effect_ = 0;
        else if (seen.number >= newest_->number && seen.written) ++without_effect_;
    }
    if (newest_is_not(limit_a) || (newest_ && now - sent_at() >= rest_after_tries)) without_effect_ = 0;
    return tries_ > 0 && without_effect_ >= tries_;
}

}  // namespace volt
