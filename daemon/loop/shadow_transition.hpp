// ShadowTransition: from `live` to `shadow` over several turns. The rules order every load off; once that is confirmed, or
// its time is over, fans take their `on_exit`; then nothing is ordered any more.
#pragma once

#include <string>
#include <vector>

#include "daemon/site/leaving.hpp"
#include "daemon/site/system_alarms.hpp"
#include "rules/decide.hpp"

namespace volt {

/// Loop thread only.
class ShadowTransition {
public:
    void begin() { leaving_.begin(); }
    void cancel() { leaving_.cancel(); }
    /// Orders may still go out.
    bool active() const { return leaving_.active(); }
    /// The rules are still live, and order every load off.
    bool loads_go() const { return leaving_.loads_go(); }

    /// What one turn came to.
    struct Step {
        bool loads_done = false;         ///< the rules order nothing from now on
        bool charger_stays_off = false;  ///< because of the cold; nothing will switch it on again
        bool ended = false;
        std::vector<std::string> unconfirmed;  ///< ids of outputs that may still be on
    };
    /// After the orders of a turn went out.
    Step turn(const Policy& policy, const Decision& decision, const SiteSnapshot& snapshot, Outputs& outputs);

private:
    Leaving leaving_;
};

/// A charge output that is off while nothing is ordered: a bank that nobody charges runs empty.
std::optional<SystemAlarm> idle_charger(const Policy& policy, const Decision& decision, const SiteSnapshot& snapshot);

}  // namespace volt
