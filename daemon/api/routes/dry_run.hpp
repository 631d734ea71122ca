// What a change would switch now: the rules run on copies, nothing is sent.
#pragma once

#include <optional>

#include "daemon/api/http/answers.hpp"
#include "daemon/api/routes/settings_routes.hpp"
#include "daemon/loop/requests.hpp"

namespace volt::api {

/// A hypothetical change: other settings, an override, or both.
struct Thought {
    std::shared_ptr<const Settings> settings;  ///< null: as they are
    std::optional<SiteMode> mode;
    std::optional<OverrideRequest> request;  ///< indexes of the policy in force
};

/// `{"would":[{"output":…,"order":…,"reason":…,"load":…,"text":…}],"explain":…}`: the commands of one more turn on the newest
/// snapshot, not sent. The order of a level is its number or `off`. `explain`: of an override the whole explanation of its
/// load, else by load what is wanted and why.
Object would_json(const DecisionInputs& inputs, const Thought& thought);

/// The inputs of the present decision; nothing: the loop did not answer in time.
std::optional<DecisionInputs> take_inputs(LoopRequests& requests);
/// The configuration in force; nothing: the loop did not answer within a second.
std::optional<Config> take_config(LoopRequests& requests);

/// What the handlers of settings need of the loop; `requests` must outlive it.
SettingsContext settings_context(LoopRequests& requests, std::function<void()> changed);

}  // namespace volt::api
