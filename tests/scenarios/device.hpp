// One simulated output of a story: switches, reports late, meters, holds a lease, and fails in the ways devices fail.
#pragma once

#include <optional>
#include <string>

#include "rules/decision.hpp"

namespace volt::stories {

class Device {
public:
    Device(const OutputWiring& wiring, Watts draws) : wiring_(&wiring), draws_(draws) {}

    /// Turns one tick on: the lease may run out, a reboot may end, a report may be due. `t` is the time of the story.
    void advance(Time t);
    /// An order arrives, or does not.
    void take(const Command& command, Time t, bool broker_up);
    void asked() { asked_ = true; }
    /// Applies `ok deaf stuck mute idle offline reboot reboot-on hand-on hand-off`. False: none of them.
    bool befall(const std::string& word, Time t);
    /// The site's mains go, or come back; the relay is off then.
    void lose_power(Time t);
    void regain_power(Time t);
    /// Writes what the daemon can know now; `shift` turns times of the story into monotonic ones.
    void report(OutputReport& report, Time t, Duration shift, bool broker_up);

    /// What it draws now, whatever it reports.
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
    Time there_since_{};      ///< available since
    bool known_long_ = true;  ///< the first report is an old one
    bool asked_ = false;
    std::optional<Time> report_due_ = Time{};  ///< a change is reported a tick later
};

}  // namespace volt::stories
