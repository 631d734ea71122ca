// Number of registers in one request: smaller once a gateway has lost larger requests. Pure; time comes in.
#pragma once

#include <cassert>
#include <cstdint>
#include <vector>

#include "rules/time.hpp"

namespace volt::modbus {

/// The request size. Two consecutive lost requests lead to the next smaller size, and after the smallest to the largest again
/// (then size was not the cause). A smaller size that was answered is kept; the larger is tried once more after `retry`.
class RequestSize {
public:
    /// Starts with the largest size. `sizes`: descending, at least one, each 1..125.
    explicit RequestSize(std::vector<std::uint16_t> sizes, Duration retry = 1h) : sizes_(std::move(sizes)), retry_(retry) {
        assert(!sizes_.empty());
    }

    std::uint16_t most() const { return sizes_[at_]; }

    /// Records a request without a complete answer. Returns true if the size changed.
    bool lost() {
        if (sizes_.size() == 1) return false;
        if (trial_) {
            at_ = proven_;
            trial_ = false;
            return true;
        }
        if (++lost_ < patience) return false;
        lost_ = 0;
        at_ = (at_ + 1) % sizes_.size();
        return true;
    }

    /// Records a complete answer. Returns true if the size changed.
    bool answered(Time now) {
        lost_ = 0;
        if (at_ != proven_ || trial_) proven_at_ = now;
        proven_ = at_;
        trial_ = false;
        if (at_ == 0 || now - proven_at_ < retry_) return false;
        proven_at_ = now;
        trial_ = true;
        at_ = 0;
        return true;
    }

private:
    static constexpr int patience = 2;

    std::vector<std::uint16_t> sizes_;
    Duration retry_;
    std::size_t at_ = 0, proven_ = 0;
    Time proven_at_{};
    int lost_ = 0;
    bool trial_ = false;
};

}  // namespace volt::modbus
