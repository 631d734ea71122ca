// MqttOutputs: all outputs of the site on one bus. Turns device messages into reports and orders into messages, immediately or
// never.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "drivers/mqtt/bus.hpp"
#include "drivers/output.hpp"

namespace volt {

struct OutputsOptions {
    bool clear_retained = false;  ///< clear retained commands (never for generic outputs)
    bool live = true;             ///< false (`shadow`): only queries are sent
    /// Called after each message sent to a device, including an empty retained one that clears a command.
    std::function<void(std::size_t output, const Message& message, Time at)> on_sent;
};

/// A retained message on a device's command topic, which the device obeys each time it connects.
struct RetainedCommand {
    std::size_t output = 0;
    std::string topic;
    bool operator==(const RetainedCommand&) const = default;
};

/// A device's own message about a rejected order or a trip (Shelly: an RPC error, `overpower`).
struct OutputProblem {
    std::size_t output = 0;
    std::string text;
    bool operator==(const OutputProblem&) const = default;
};

/// All outputs. For the loop thread only; never blocks. Call turn() at each tick, then receive() for each received message.
class MqttOutputs final : public Outputs {
public:
    MqttOutputs(const std::vector<OutputConfig>& configs, Bus& bus, OutputsOptions options = {});

    /// Switches `shadow` on and off without a new connection.
    void set_live(bool live);
    void turn(Time now);
    void receive(const Received& message);

    bool send(std::size_t output, const OutputOrder& order) override;
    bool ask(std::size_t output) override;
    void set_lease(std::size_t output, Duration lease) override;
    void read(std::vector<OutputReport>& reports) const override;
    bool link_up() const override { return bus_.up(); }
    Time link_up_since() const override { return bus_.up_since(); }

    /// Returns the topics on which this output reports.
    std::vector<std::string> filters(std::size_t output) const;
    /// Returns the topic on which the broker may retain its "offline", or an empty string if none.
    std::string availability_topic(std::size_t output) const;

    /// Returns the reason why the last message on the state topic is not a state, or "" if it is one or none came.
    const std::string& unread(std::size_t output) const { return channels_[output].unread; }

    /// Returns true if two devices answer on this output's topic, each with its own setting.
    bool disputed(std::size_t output) const { return channels_[output].report.timer_trap == TimerTrap::disputed; }

    /// Returns the retained commands for the alarm `retained_command`, at most 64. They are checked every minute and when a
    /// device comes back. An entry is dropped when a check no longer finds it (an empty live message proves nothing: queries are
    /// empty too).
    std::vector<RetainedCommand> retained_commands() const;

    /// Returns new problems since the last call, at most 32. A repeated text is new after a report without it.
    std::vector<OutputProblem> take_problems() { return std::exchange(problems_, {}); }

    static constexpr std::size_t most_retained = 64;
    static constexpr std::size_t most_problems = 32;
    static constexpr Duration restart_lasts = 60s;   ///< a device reports OFF while it boots, and then obeys a retained command
    static constexpr int most_lease_tries = 6;       ///< for each connect of the device
    static constexpr Duration lease_gap_first = 2s;  ///< delay until the setup is tried again; doubles
    static constexpr Duration read_back_after = 1s;  ///< delay after an order to a device that cannot be queried
    static constexpr Duration read_back_listen = 5s;
    static constexpr Duration ask_gap = 1s;      ///< between queries that the rules did not request
    static constexpr Duration settle_gap = 10s;  ///< between queries to a gateway until two consecutive answers agree
    static constexpr Duration recheck = 60s;     ///< interval of the check of all filters for retained commands
    static constexpr int checks_at_once = 16;    ///< filters that one turn resubscribes for the check
    static constexpr Duration recheck_listen = 5s;
    static constexpr Duration answers_within = 2s;  ///< two devices that share a topic answer one query within this time

private:
    struct Channel {
        OutputConfig config;
        std::unique_ptr<Dialect> dialect;  ///< null if not built in, and then never available
        bool reports_availability = false;
        OutputReport report;
        std::int32_t level = 0;     ///< last reported level, also while off
        bool device_up = true;      ///< unless its availability topic reports otherwise
        bool gateway_up = true;     ///< unless its availability topic reports otherwise
        bool lease_denied = false;  ///< voltd's ON was reported without its timer
        bool last_order_on = false;
        std::optional<Time> ordered_at{};            ///< time when it last changed
        static constexpr Duration old_status = 30s;  ///< Shelly firmware 2.0 repeats the old output for this long after an order
        std::string problem{};                       ///< last reported problem
        std::map<std::string, std::string> words{};  ///< problems that a status repeats, by its topic (a dialect has few)
        std::string unread{};                        ///< reason why the last message about its state was not one
        std::vector<std::string> states{};           ///< retained states to read back from the broker; see read_back()
        std::optional<Time> read_at{};               ///< time to read them
        std::optional<Time> read_until{};            ///< a retained message before then is an answer
        std::optional<Time> reported_at;    ///< last live state since the broker connected; any message if the output cannot be
                                            ///< queried
        std::optional<Time> last_on;        ///< last ON sent, for the remaining lease time
        std::optional<Time> asked_at;       ///< last query by voltd itself, not for the rules
        std::optional<Time> ask_again;      ///< unless it has reported its state since `asked_at`
        std::optional<OutputState> said{};  ///< state through a gateway that may send it from its cache; see settles()
        int answers = 0;                    ///< consecutive answers with that state
        int unanswered = 0;                 ///< consecutive queries without an answer
        bool question_open = false;         ///< no state has come since the last query
        std::optional<Time> said_at{};      ///< last message that counted as an answer
        bool spoke = false;                 ///< the device itself sent a message since it came online
        bool settled = false;               ///< two consecutive answers agreed since the output came back
        bool trap_known = false;            ///< known since it connected: its settings do or do not make its timer a danger
        std::int64_t trap_setting = 0;      ///< that setting, as last reported
        Time trap_at{};                     ///< time of that report
        bool timer_reported = false;        ///< reported since it connected
        int lease_tries = 0;
        Time lease_next{};
        Time lease_set_at{};  ///< another length was requested
    };

    struct FoundCommand {
        RetainedCommand command;
        Time seen{};
    };

    std::pair<std::vector<std::string>, std::vector<std::string>> parted(const std::vector<OutputConfig>& configs) const;
    void follow_link();
    void check_retained();
    void check(const std::string& filter);
    void apply(std::size_t output, const OutputEvent& event, const Received& message);
    static void unsettle(Channel& channel);
    static bool settles(Channel& channel, OutputState state, Time at);
    void settle(std::size_t output);
    void receive_availability(std::size_t output, const OutputEvent& event, Time at);
    void receive_state(Channel& channel, const OutputEvent& event, Time at);
    static void receive_power(Channel& channel, const OutputEvent& event, Time at);
    static void receive_level(Channel& channel, const OutputEvent& event, Time at);
    void receive_lease(std::size_t output, const OutputEvent& event);
    void receive_trap(std::size_t output, const OutputEvent& event, Time at);
    void receive_retained(std::size_t output, const std::string& topic);
    void read_back(std::size_t output);
    bool is_read_back(const Channel& channel, const Received& message) const;
    static bool is_old_status(const Channel& channel, const OutputEvent& event, Time at);
    static bool is_disputed(const Channel& channel, const OutputEvent& event, Time at);
    std::optional<Time> silent_since(const Channel& channel) const;
    std::optional<Time> unproven_since(const Channel& channel) const;
    void receive_problem(std::size_t output, const OutputEvent& event, const Received& message);
    static std::string new_words(const Channel& channel, const OutputEvent& event);
    static void keep_words(Channel& channel, const OutputEvent& event, const std::string& topic);
    void came(std::size_t output, Time at, bool settled = false);
    bool disproves_kept(Channel& channel, const OutputEvent& event);
    void hear(Channel& channel, const OutputEvent& event);
    void ask_unprompted(std::size_t output);
    void ask_once_more(std::size_t output);
    void keep_lease(std::size_t output);
    void ask_lease(std::size_t output);
    bool transmit(std::size_t output, const std::vector<Message>& messages, bool awaited = false);

    Bus& bus_;
    OutputsOptions options_;
    std::vector<Channel> channels_;
    std::vector<std::string> filters_;  ///< filters of all dialects, sorted
    std::vector<FoundCommand> retained_;
    std::vector<OutputProblem> problems_;
    std::vector<std::string> command_filters_;  ///< command filters of all dialects, sorted
    std::set<std::string> checks_;              ///< command filters to check; at most one entry per filter
    Time recheck_at_{}, last_check_{};
    std::optional<Time> rechecked_;   ///< start of the running check of all filters
    std::optional<Time> link_since_;  ///< empty while offline
    Time live_since_{};
    Time now_{};
};

}  // namespace volt
