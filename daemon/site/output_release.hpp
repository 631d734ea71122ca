// Farewell: switches off outputs that a reload removes from voltd.yaml or moves to another device.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "drivers/output.hpp"
#include "rules/time.hpp"

namespace volt {

/// What happened to the released outputs that were not off; ids of the old configuration.
struct Farewell {
    std::vector<std::string> off;         ///< switched off and confirmed
    std::vector<std::string> unanswered;  ///< OFF sent, but not confirmed in time
    std::vector<std::string> untold;      ///< the broker was offline: nothing could be sent
    std::vector<std::string> kept;        ///< on, and safe that way: a fan
    std::vector<std::string> left_off;    ///< off, though on is its safe state: a charger that is blocked

    bool empty() const { return off.empty() && unanswered.empty() && untold.empty() && kept.empty() && left_off.empty(); }
};

/// Outputs that a reload releases, over several turns of the loop. Loop thread only; nothing here waits.
class Parting {
public:
    /// Sends OFF to each output of `before` that is not in `after`, or there has another device behind it, unless it is off, or
    /// safe when on (`on_exit: off` wins over that). `outputs` are those of `before`.
    Parting(Outputs& outputs, const std::vector<OutputConfig>& before, const std::vector<OutputConfig>& after, Time now);

    /// By index of `before`: they get no ON any more.
    const std::vector<std::size_t>& left() const { return left_; }
    /// All switched-off outputs have confirmed, or `farewell_limit` has passed.
    bool done(const Outputs& outputs, Time now) const;
    /// What became of them by now.
    Farewell result(const Outputs& outputs) const;

private:
    Farewell farewell_;
    std::vector<std::size_t> left_, told_;
    std::vector<std::string> ids_;  ///< of `before`
    Time until_;
};

/// At a clean shutdown: no output that `on_exit` switches off still reports on (fans with `safe` are not checked).
bool released(const Outputs& outputs, const std::vector<OutputConfig>& configs);

/// The sentences for the log, after `where` ("Removed from voltd.yaml or changed"); nothing where nothing was left behind.
std::vector<std::string> sentences(const Farewell& farewell, const std::string& where);

/// What is to be known of an output that may be on behind voltd's back, by id: a standing alarm.
std::map<std::string, std::string> may_be_on_behind(const Farewell& farewell);

/// Ids of `after` behind which another device is than in `before`, or that are new.
std::vector<std::string> other_devices(const std::vector<OutputConfig>& before, const std::vector<OutputConfig>& after);

constexpr Duration farewell_limit = 1000ms;

}  // namespace volt
