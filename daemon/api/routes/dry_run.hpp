// Preview of what a change would switch now. Runs the rules on copies and sends nothing.
#pragma once

#include <optional>

#include "daemon/api/http/answers.hpp"
#include "daemon/api/routes/settings_routes.hpp"
#include "daemon/loop/requests.hpp"

namespace volt::api {

/// Hypothetical change: other settings, an override, or both.
struct Thought {
    std::shared_ptr<const Settings> settings;  ///< null: unchanged
    std::optional<SiteMode> mode;
    std::optional<OverrideRequest> request;  ///< indexes of the current policy
};

/// Returns `{"would":[{"output":…,"order":…,"reason":…,"load":…,"text":…}],"explain":…}`: the commands of one more turn on the
/// newest snapshot, without sending them. The order of a level is its number or `off`. `explain`: for an override the whole
/// explanation of its load, else the verdict and reason by load.
Object would_json(const DecisionInputs& inputs, const Thought& thought);

/// Returns the inputs of the current decision, or nothing if the loop did not answer in time.
std::optional<DecisionInputs> take_inputs(LoopRequests& requests);
/// Returns the current configuration, or nothing if the loop did not answer within a second.
std::optional<Config> take_config(LoopRequests& requests);

/// Returns the loop functions that settings handlers need. `requests` must outlive it.
SettingsContext settings_context(LoopRequests& requests, std::function<void()> changed);

}  // namespace volt::api
