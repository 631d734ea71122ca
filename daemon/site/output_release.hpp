// OutputRelease: switches off outputs that a reload removes from voltd.yaml or moves to another device.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "drivers/output.hpp"
#include "rules/time.hpp"

namespace volt {

/// What happened to the released outputs that were not off; ids of the old configuration.
struct ReleaseResult {
    std::vector<std::string> off;         ///< switched off and confirmed
    std::vector<std::string> unanswered;  ///< OFF sent, but not confirmed in time
    std::vector<std::string> unsent;      ///< the broker was offline: nothing could be sent
    std::vector<std::string> kept;        ///< on, and safe that way: a fan
    std::vector<std::string> left_off;    ///< off, though on is its safe state: a charger that is blocked

    bool empty() const { return off.empty() && unanswered.empty() && unsent.empty() && kept.empty() && left_off.empty(); }
};

/// Over several turns of the loop. Loop thread only; nothing here waits.
class OutputRelease {
public:
    /// Sends OFF to each output of `before` that is not in `after`, or there has another device behind it, unless it is off, or
    /// safe when on (`on_exit: off` wins over that). `outputs` are those of `before`.
    OutputRelease(Outputs& outputs, const std::vector<OutputConfig>& before, const std::vector<OutputConfig>& after, Time now);

    /// By index of `before`: they get no ON any more.
    const std::vector<std::size_t>& released() const { return released_; }
    /// All switched-off outputs have confirmed, or `release_limit` has passed.
    bool done(const Outputs& outputs, Time now) const;
    /// What became of them by now.
    ReleaseResult result(const Outputs& outputs) const;

private:
    ReleaseResult result_;
    std::vector<std::size_t> released_, awaited_;
    std::vector<std::string> ids_;  ///< of `before`
    Time until_;
};

/// At a clean shutdown: no output that `on_exit` switches off still reports on (fans with `safe` are not checked).
bool released(const Outputs& outputs, const std::vector<OutputConfig>& configs);

/// The sentences for the log, after `where` ("Removed from voltd.yaml or changed"); nothing where nothing was left behind.
std::vector<std::string> sentences(const ReleaseResult& result, const std::string& where);

/// The text of the alarm for an output that may still be on while nothing switches it. `what`: "did not confirm OFF".
std::string left_on_text(const std::string& who, const char* what);
/// That of each such output, by id.
std::map<std::string, std::string> alarms_of(const ReleaseResult& result);

/// Ids of `after` behind which another device is than in `before`, or that are new.
std::vector<std::string> other_devices(const std::vector<OutputConfig>& before, const std::vector<OutputConfig>& after);

constexpr Duration release_limit = 1000ms;

}  // namespace volt
