// Line of replayed input, merged into the inputs of the tick. An omitted value was not received.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/host/clock.hpp"
#include "daemon/whatif/followed_outputs.hpp"

namespace volt::ctl {

using Json = nlohmann::ordered_json;

/// Error in a line, as text for people.
struct BadLine : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Keeps what carries over from line to line: samples, overrides, commands of outputs.
class ReplayInput {
public:
    /// `policy` must outlive it; only its mode and revision may change.
    ReplayInput(Policy& policy, std::unique_ptr<ZoneClock> zone, const std::optional<SitePlace>& place);

    /// Returns the snapshot after this line. Throws BadLine for an unknown key or name, a wrong type, or a time before the last
    /// one.
    const SiteSnapshot& take(const Json& line);
    /// Applies commands. Outputs that the next line omits follow them.
    void follow(const std::vector<Command>& commands) { followed_.follow(commands); }

private:
    void take_time(const Json& line);
    void take_clock(const Json& line);
    void take_voltages(const Json& line);
    void take_temperatures(const Json& line);
    void take_outputs(const Json& line);
    void take_output(std::size_t index, const Json& given);
    void take_overrides(const Json& line);
    void take_mode(const Json& line);
    OverrideRequest target_of(const std::string& load) const;
    template <class T>
    void take_sample(const Json& line, const char* key, double scale, Sample<T>& sample) const;
    template <class T>
    void set(const Json& value, const std::string& key, double scale, Sample<T>& sample) const;

    Policy& policy_;
    std::unique_ptr<ZoneClock> zone_;
    std::optional<SitePlace> place_;
    SiteSnapshot snapshot_;
    bool first_ = true;
    whatif::FollowedOutputs followed_;
    std::map<std::string, OverrideRequest> overrides_;  ///< active ones; at most one per load
};

}  // namespace volt::ctl
