// MqttOutputs: all outputs of the site over one bus. Turns device messages into reports and orders into messages, now or never.
#pragma once

#include <functional>
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
    bool clear_retained = false;  ///< clear retained commands (never of generic outputs)
    bool live = true;             ///< false (`shadow`): questions are asked, nothing else is sent
    /// Told after each message that went out towards a device, a cleared one (retained, empty) too.
    std::function<void(std::size_t output, const Message& message, Time at)> on_sent;
};

/// A retained message on a device's command topic: the device obeys it each time it connects.
struct RetainedCommand {
    std::size_t output = 0;
    std::string topic;
    bool operator==(const RetainedCommand&) const = default;
};

/// What a device rejected or tripped on, in its own words (Shelly: an error of its RPC, `overpower`).
struct OutputProblem {
    std::size_t output = 0;
    std::string text;
    bool operator==(const OutputProblem&) const = default;
};

/// Loop thread only; never blocks. Call turn() at each tick, then receive() for each message of the link.
class MqttOutputs final : public Outputs {
public:
    MqttOutputs(const std::vector<OutputConfig>& configs, Bus& bus, OutputsOptions options = {});

    /// Into and out of `shadow` without a new connection.
    void set_live(bool live);
    void turn(Time now);
    void receive(const Received& message);

    bool send(std::size_t output, const OutputOrder& order) override;
    bool ask(std::size_t output) override;
    std::vector<OutputReport> reports() const override;
    bool link_up() const override { return bus_.up(); }
    Time link_up_since() const override { return bus_.up_since(); }

    /// The topics on which this output reports.
    std::vector<std::string> filters(std::size_t output) const;

    /// For the alarm `retained_command`, at most 64. Looked for every minute, and where a device comes back; an entry that
    /// is not there any more goes (an empty live message tells nothing: questions are empty, too).
    std::vector<RetainedCommand> retained_commands() const;

    /// New ones since the last call, at most 32; a repeated text is new after a report without it.
    std::vector<OutputProblem> take_problems() { return std::exchange(problems_, {}); }

    static constexpr std::size_t most_retained = 64;
    static constexpr std::size_t most_problems = 32;
    static constexpr Duration restart_lasts = 60s;   ///< it reports OFF as it boots, and then obeys a retained command
    static constexpr int most_lease_tries = 6;       ///< for each connect of the device
    static constexpr Duration lease_gap_first = 2s;  ///< until the set-up is tried again; doubles
    static constexpr Duration read_back_after = 1s;  ///< an order, of a device that cannot be asked
    static constexpr Duration read_back_listen = 5s;
    static constexpr Duration ask_gap = 1s;   ///< of questions that are asked unbidden
    static constexpr Duration recheck = 60s;  ///< of retained commands, everywhere
    static constexpr int looks_at_once = 16;  ///< filters that one turn resubscribes for this
    static constexpr Duration recheck_listen = 5s;

private:
    struct Slot {
        OutputConfig config;
        std::unique_ptr<Dialect> dialect;  ///< nothing: not built in, never available
        bool tells_availability = false;
        OutputReport report;
        std::int32_t level = 0;     ///< as last reported, also while off
        bool device_up = true;      ///< unless its availability topic reports otherwise
        bool gateway_up = true;     ///< likewise
        bool lease_denied = false;  ///< our ON was shown without its timer
        bool last_order_on = false;
        std::string problem{};              ///< as last reported
        std::vector<std::string> states{};  ///< retained ones that are read back from the broker; see read_back()
        std::optional<Time> read_at{};      ///< when to read them
        std::optional<Time> read_until{};   ///< what is retained until then is an answer
        std::optional<Time> heard;          ///< since the broker is there: its state, live; of one that cannot be asked: anything
        std::optional<Time> last_on;        ///< when ON was sent last, for the time the lease has left
        std::optional<Time> asked_at;       ///< unbidden
        std::optional<Time> ask_again;      ///< unless it has reported its state since `asked_at`
        bool timer_told = false;            ///< since it came
        int lease_tries = 0;
        Time lease_next{};
    };

    struct Standing {
        RetainedCommand command;
        Time seen{};
    };

    void follow_link();
    void look_for_retained();
    void look_at(const std::string& filter);
    void apply(std::size_t output, const OutputEvent& event, const Received& message);
    void hear_availability(std::size_t output, const OutputEvent& event, Time at);
    void hear_state(Slot& slot, const OutputEvent& event, Time at);
    static void hear_level(Slot& slot, const OutputEvent& event, Time at);
    void hear_lease(Slot& slot, const OutputEvent& event);
    void hear_retained(std::size_t output, const std::string& topic);
    void read_back(std::size_t output);
    bool is_read_back(const Slot& slot, const Received& message) const;
    std::optional<Time> unheard_since(const Slot& slot) const;
    std::optional<Time> unproven_since(const Slot& slot) const;
    void hear_problem(std::size_t output, const OutputEvent& event);
    void came(std::size_t output, Time at);
    void ask_unbidden(std::size_t output);
    void ask_once_more(std::size_t output);
    void keep_lease(std::size_t output);
    void ask_lease(std::size_t output);
    bool transmit(std::size_t output, const std::vector<Message>& messages);

    Bus& bus_;
    OutputsOptions options_;
    std::vector<Slot> slots_;
    std::vector<std::string> filters_;  ///< of all dialects, sorted
    std::vector<Standing> retained_;
    std::vector<OutputProblem> problems_;
    std::vector<std::string> command_filters_;  ///< of all dialects, sorted
    std::set<std::string> looks_;               ///< command filters to check; at most one entry per filter
    Time recheck_at_{}, last_look_{};
    std::optional<Time> rechecked_;   ///< since then all are checked; answers are still coming in
    std::optional<Time> link_since_;  ///< nothing: offline
    Time live_since_{};
    Time now_{};
};

}  // namespace volt
