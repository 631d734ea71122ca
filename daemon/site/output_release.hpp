// OutputRelease: switches off outputs that a reload removes from voltd.yaml or moves to another device.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "drivers/output.hpp"
#include "rules/time.hpp"

namespace volt {

/// Result for the released outputs that were not off, with ids of the old configuration.
struct ReleaseResult {
    std::vector<std::string> off;         ///< switched off and confirmed
    std::vector<std::string> unanswered;  ///< OFF sent, but not confirmed in time
    std::vector<std::string> unsent;      ///< the broker was offline: nothing could be sent
    std::vector<std::string> kept;        ///< left on because that is its safe state: a fan
    std::vector<std::string> left_off;    ///< left off although on is its safe state: a blocked charger

    bool empty() const { return off.empty() && unanswered.empty() && unsent.empty() && kept.empty() && left_off.empty(); }
};

/// Releases outputs over several turns of the loop. Use on the loop thread only; never waits.
class OutputRelease {
public:
    /// Sends OFF to each output of `before` that is missing in `after` or has another device there. Skips outputs that are off,
    /// and those that are safe when on (unless `on_exit: off`). `outputs` belongs to `before`.
    OutputRelease(Outputs& outputs, const std::vector<OutputConfig>& before, const std::vector<OutputConfig>& after, Time now);

    /// Returns the released outputs by index of `before`. They get no more ON.
    const std::vector<std::size_t>& released() const { return released_; }
    /// Returns true if all switched-off outputs have confirmed, or `release_limit` has passed.
    bool done(const Outputs& outputs, Time now) const;
    /// Returns the current result.
    ReleaseResult result(const Outputs& outputs) const;

private:
    ReleaseResult result_;
    std::vector<std::size_t> released_, awaited_;
    std::vector<std::string> ids_;  ///< ids of `before`
    Time until_;
};

/// Returns true if no output that `on_exit` switches off still reports on, for a clean shutdown. Does not check fans with `safe`.
bool released(const Outputs& outputs, const std::vector<OutputConfig>& configs);

/// Returns the sentences for the log, each after `where` ("Removed from voltd.yaml or changed"), or none if everything is off.
std::vector<std::string> sentences(const ReleaseResult& result, const std::string& where);

/// Returns the alarm text for an output that may still be on with nothing to switch it off. `what`: "did not confirm OFF".
std::string left_on_text(const std::string& who, const char* what);
/// Returns the alarm text of each such output, by id.
std::map<std::string, std::string> alarms_of(const ReleaseResult& result);

/// Returns the ids of `after` that are new or whose device differs from the one in `before`.
std::vector<std::string> other_devices(const std::vector<OutputConfig>& before, const std::vector<OutputConfig>& after);

constexpr Duration release_limit = 1000ms;

}  // namespace volt
