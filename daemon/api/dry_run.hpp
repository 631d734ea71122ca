// What a change would switch now: the rules run on copies, nothing is sent.
#pragma once

#include <optional>

#include "daemon/api/answers.hpp"
#include "daemon/api/errands.hpp"

namespace volt::api {

/// A change that is only thought of: other settings, a wish, or both.
struct Thought {
    std::shared_ptr<const Settings> settings;  ///< null: as they are
    std::optional<SiteMode> mode;
    std::optional<OverrideRequest> request;  ///< indexes of the policy in force
};

/// `{"would":[{"output":…,"order":…,"reason":…}]}`: the commands of one more turn on the newest snapshot, sent to
/// nobody. The order of a level is its number or `off`.
Object would_json(const Frame& frame, const Thought& thought);

/// The inputs of the present decision; nothing: the loop did not answer in time.
std::optional<Frame> take_frame(Errands& errands);
/// The configuration in force; nothing: the loop did not answer within a second.
std::optional<Config> take_config(Errands& errands);

}  // namespace volt::api
