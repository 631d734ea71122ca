// Rival: detects a second voltd on the same site by the topic `controller`, on which each publishes its id.
#pragma once

#include <optional>
#include <string>

#include "drivers/mqtt/bus.hpp"

namespace volt {

/// Detects a second voltd. For the loop thread only; never blocks.
class Rival {
public:
    /// Makes a detector. `root` is `voltd/<site>`, `id` that of this voltd; if empty, it publishes and detects nothing.
    Rival(std::string root, std::string id, Bus& bus);

    /// Publishes this voltd's id. Call at each tick.
    void turn(Time now);
    void receive(const Received& message);
    /// Returns the id of another voltd seen within `remembered`, or an empty string if none.
    std::string other(Time now) const;

    static constexpr Duration every = 60s;
    static constexpr Duration remembered = 150s;  ///< two of its messages may be lost
    static constexpr std::size_t most_id = 64;

private:
    std::string topic_, id_;
    Bus& bus_;
    std::optional<Time> published_at_;
    std::string other_;
    Time received_at_{};
};

}  // namespace volt
