// Commands by topic, such as `<root>/miner/<slug>/set`, read strictly and answered.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "drivers/mqtt/bus.hpp"
#include "drivers/result.hpp"
#include "rules/policy.hpp"

namespace volt {

/// A command as defined by topic and payload. The daemon checks if the load exists.
struct TopicCommand {
    enum class Kind : std::uint8_t { miner, fan, heat, mode };
    Kind kind{};
    std::string topic;  ///< topic on which it came, for the answer
    std::string slug;   ///< slug of the miner or zone, or empty for a mode
    OverrideKind override_kind = OverrideKind::automatic;
    std::int32_t level = 0;         ///< level of a fan
    std::optional<Duration> lasts;  ///< empty if it has no end (`off` only)
    SiteMode mode{};                ///< mode of `mode/set`
    std::optional<Utc> sent_at;     ///< the sender's time of the command, or empty if not given
    Time at{};
};

/// Parses one command; `path` is the topic below the root. Empty if it is not a command topic.
std::optional<Result<TopicCommand>> parse_command(const std::string& path, const std::string& payload);

/// Receives and answers commands. For the loop thread only; never blocks.
class Commands {
public:
    /// Subscribes to the command topics below `root` (`voltd/<site>`).
    Commands(std::string root, Bus& bus);

    /// Takes a received message. Answers an invalid command at once; refuses and clears a retained one.
    void receive(const Received& message);
    /// Returns the commands since the last call, one per topic (the newest). Answer each. `utc` is the wall time if the clock is
    /// trusted. A command whose time differs from it by more than `oldest` is refused as a recording; a time in the future never
    /// refuses `off`.
    std::vector<TopicCommand> take(std::optional<Utc> utc = std::nullopt);
    /// Returns true if commands wait for take().
    bool waits() const { return !waiting_.empty(); }
    /// Answers on the `/result` topic; `error` is the reason of a refusal.
    void answer(const TopicCommand& command, const std::optional<std::string>& error = std::nullopt);

    /// Returns the topics on which a retained command was found and cleared since the last call.
    std::vector<std::string> take_retained();

    /// Returns the state topics below the root (`miner/<slug>`, `zone/<slug>`, `site`) of commands refused since the last call:
    /// the sender shows the requested value until the state comes again.
    std::vector<std::string> take_refused();

    static constexpr Duration oldest = 30s;
    static constexpr std::size_t most_waiting = 64;
    static constexpr std::size_t most_bytes = 1024;  ///< bytes of a payload

private:
    void answer_topic(const std::string& topic, const std::optional<std::string>& error);
    void note_refused(const std::string& path);

    std::string root_;
    Bus& bus_;
    std::vector<TopicCommand> waiting_;
    std::vector<std::string> retained_, refused_;
};

}  // namespace volt
