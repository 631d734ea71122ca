// SharedTopics: finds two Tasmotas with the same topic, which one order switches together. Both answer each query, and both
// announce the topic, each with its own MAC.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "drivers/mqtt/bus.hpp"

namespace volt {

/// Finds shared topics. For the loop thread only; never blocks. Call sent() for each message to a device, and receive() for each
/// received one.
class SharedTopics {
public:
    SharedTopics(const std::vector<OutputConfig>& configs, Bus& bus);

    void sent(std::size_t output, const Message& message, Time at);
    void receive(const Received& message);
    /// Returns the evidence that two devices share this output's topic ("announced by A0B1C2 and D3E4F5"), or "".
    std::string sign(std::size_t output) const;

    static constexpr const char* announcements = "tasmota/discovery/+/config";
    static constexpr Duration answer_within = 3s;
    static constexpr int needed = 3;                     ///< consecutive queries with two answers: others may query too, but
                                                         ///< rarely
    static constexpr std::size_t most_announced = 1000;  ///< devices

private:
    struct Channel {
        std::string topic{}, full_topic{};
        std::string question{};                 ///< topic of the query, or empty if not a Tasmota
        std::vector<std::string> answers_on{};  ///< topics of the answers
        std::optional<Time> asked_at{};         ///< query whose answers are counted
        std::optional<Time> sent_at{};          ///< last query or order
        int answers = 0;                        ///< answers to that query
        int doubles = 0;                        ///< consecutive queries with more than one answer, at most `needed`
    };
    void announced(const std::string& mac, const std::string& payload);
    static void judge(Channel& channel, Time now);

    std::vector<Channel> channels_;
    std::map<std::string, std::pair<std::string, std::string>> devices_;  ///< topic and full topic, by MAC
};

}  // namespace volt
