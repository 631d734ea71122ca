#include "daemon/loop/wall_watch.hpp"

#include <chrono>
#include <utility>

namespace volt {

std::optional<WallWatch::Jump> WallWatch::update(const Moment& moment) {
    constexpr Duration least = 5s;
    const Utc offset = moment.utc - moment.now;
    if (!moment.clock_trusted) {
        if (!untrusted_) untrusted_ = Untrusted{moment.now, offset};
        return std::nullopt;
    }
    const auto before = std::exchange(untrusted_, std::nullopt);
    if (!before || std::chrono::abs(offset - before->offset) < least) return std::nullopt;
    return Jump{(offset - before->offset) / 1s, (moment.now - before->since) / 1s, before->offset + before->since,
                before->offset + moment.now};
}

}  // namespace volt
