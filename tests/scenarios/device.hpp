// One simulated output of a story. It switches, reports late, meters, holds a lease, and fails like real devices.
#pragma once

#include <optional>
#include <string>

#include "rules/decision.hpp"

namespace volt::stories {

class Device {
public:
    Device(const OutputWiring& wiring, Watts draws) : wiring_(&wiring), draws_(draws) {}

    /// Advances by one tick: the lease may end, a reboot may end, a report may be due. `t` is the time of the story.
    void advance(Time t);
    /// Delivers an order, or drops it.
    void take(const Command& command, Time t, bool broker_up);
    void asked() { asked_ = true; }
    /// Applies `ok deaf stuck mute idle offline reboot reboot-on hand-on hand-off`. Returns false for any other word.
    bool befall(const std::string& word, Time t);
    /// Cuts or restores the site's mains. The relay is off afterward.
    void lose_power(Time t);
    void regain_power(Time t);
    /// Writes the state that the daemon can know now. `shift` converts times of the story to monotonic ones.
    void report(OutputReport& report, Time t, Duration shift, bool broker_up);

    /// Returns the real draw, regardless of its reports.
    Watts drawn(Time t) const;
    bool on() const { return on_; }
    void rewire(const OutputWiring& wiring, Watts draws) {
        wiring_ = &wiring;
        draws_ = draws;
    }

private:
    void switch_to(bool on, std::int32_t level, Time t);
    bool meter_is_due(Time t) const;

    const OutputWiring* wiring_;
    Watts draws_;
    bool on_ = false;
    std::int32_t level_ = 0;
    Time on_at_{};
    std::optional<Time> lease_ends_;
    bool deaf_ = false, stuck_ = false, mute_ = false, idle_ = false, offline_ = false, dark_ = false;
    std::optional<Time> reboot_ends_;
    Time there_since_{};      ///< start of the availability
    bool known_long_ = true;  ///< the first report is an old one
    bool asked_ = false;
    std::optional<Time> report_due_ = Time{};  ///< the device reports a change one tick later
};

}  // namespace volt::stories
