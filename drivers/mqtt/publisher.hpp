// Publisher: publishes everything under `voltd/<site>/`. Retained state, newest wins; events once or never.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "drivers/mqtt/bus.hpp"

namespace volt {

/// Publishes states and events. For the loop thread only; never blocks. Queues nothing: a topic holds its newest text until it is
/// sent.
class Publisher {
public:
    /// Returns true if a text is worth a message to a receiver that knows the earlier text.
    using Matters = bool (*)(std::string_view before, std::string_view now);

    /// Makes a publisher. `root` is `voltd/<site>`. Without `matters` every change is worth a message.
    Publisher(std::string root, Bus& bus, Matters matters = nullptr);

    /// Publishes due states, and clears retained topics of an earlier run that are no longer used. Call at each tick.
    void turn(Time now);
    /// Takes a received message. Only retained ones below `root` matter.
    void receive(const Received& message);

    /// Sets the newest content of `<root>/<suffix>`: published on a change that matters (at most once a second), every 60 s, and
    /// after each reconnect. Returns false (and does not accept it) if there are too many topics or it is too long.
    bool publish_state(const std::string& suffix, const std::string& json);
    /// Publishes an unchanged state again, for a receiver that missed it; at most once a second.
    void repeat_state(const std::string& suffix);
    void repeat_all();
    /// Clears the topic of a removed or renamed row with an empty retained message.
    void clear_state(const std::string& suffix);
    /// Publishes `<root>/event`, not retained. Returns false if it was dropped: broker offline, or more than 100 in a burst or 20
    /// a second.
    bool publish_event(const std::string& json);

    static constexpr std::size_t most_topics = 1024;
    static constexpr Duration repeat = 60s;
    static constexpr Duration least_gap = 1s;
    static constexpr Duration sweep_listen = 5s;  ///< time to collect old topics after a connect
    static constexpr Duration sweep_after = 30s;  ///< time until unused ones are cleared
    static constexpr int event_burst = 100;
    static constexpr Duration event_gap = 50ms;  ///< 20 per second

private:
    struct Topic {
        std::string text;      ///< empty to clear the topic and then forget it
        std::string mattered;  ///< newest text that was worth a message
        bool changed = true;
        std::optional<Time> published;
    };

    void follow_link();
    void sweep();
    bool due(const Topic& topic) const;

    std::string root_;
    Bus& bus_;
    const Matters matters_;
    std::map<std::string, Topic> topics_;   ///< by suffix
    std::set<std::string> unknown_topics_;  ///< retained by the broker, not used by voltd so far
    std::optional<Time> link_since_;
    bool listening_ = false, swept_ = true;
    Time now_{};
    Duration event_room_ = event_burst * event_gap;
    Time event_room_at_{};
};

}  // namespace volt
