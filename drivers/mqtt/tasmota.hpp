// The Tasmota dialect: one relay of a Tasmota device.
//
// The device's dead-man timer is PulseTime: voltd sets it once, and each ON restarts it, even if the relay is already on. So a
// renewal is the same ON, and commands carry no timer.
#pragma once

#include <string>
#include <vector>

#include "drivers/output.hpp"

namespace volt {

/// Returns `cmnd/<topic>/`, in the order of the device's FullTopic.
std::string tasmota_topic(const OutputConfig& config, const std::string& prefix);

class Tasmota final : public Dialect {
public:
    explicit Tasmota(const OutputConfig& config);

    std::vector<std::string> subscriptions() const override;
    std::vector<std::string> command_filters() const override { return {cmnd_ + "+", group_ + "+"}; }
    std::vector<Message> order(const OutputOrder& order) const override;
    std::vector<Message> query() const override;
    std::vector<Message> set_up_lease(Duration lease) const override;
    std::vector<Message> ask_trap() const override { return {{cmnd_ + "STATUS", "", false}}; }
    std::vector<Message> clear_lease() const override;
    std::vector<OutputEvent> understand(const Message& message) const override;

private:
    std::vector<OutputEvent> receive_command(const std::string& command, const Message& message) const;
    std::vector<OutputEvent> receive_availability(const Message& message) const;
    std::vector<OutputEvent> receive_warning(const Message& message) const;
    std::vector<OutputEvent> receive_words(const Message& message) const;
    std::vector<OutputEvent> receive_json(const Message& message) const;
    OutputState state_of(std::string_view word) const;
    bool is_our_power(const std::string& name) const;

    std::string cmnd_, group_, stat_, tele_;  ///< topic prefixes with their last slash; all Tasmotas share the group
    std::string power_;                       ///< name of the command: POWER or POWER<n>
    std::vector<std::string> power_names_;    ///< names under which the device may report the state
    std::size_t channel_ = 1;
    bool one_channel_ = false;  ///< a channel is configured
    std::string word_off_, word_on_;
    bool meter_ = false;
};

/// Returns the value of PulseTime for a duration: tenths of a second up to 11.1 s, else seconds + 100; at most 64,800 s.
int pulse_time_of(Duration lease);
/// Returns the duration of a value of PulseTime, or 0 without a timer.
Duration duration_of_pulse_time(std::int64_t value);

}  // namespace volt
