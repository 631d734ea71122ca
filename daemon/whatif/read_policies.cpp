#include "daemon/whatif/read_policies.hpp"

#include <algorithm>

#include "daemon/config/build_policy.hpp"
#include "drivers/store/settings/log.hpp"
#include "drivers/store/settings/write.hpp"

namespace volt::whatif {

Edit<PolicyLine> read_policies(Connection& db, const Config& config, const SiteRecord& record, const Proposal& changes) {
    Edit<ScratchSettings> scratch = ScratchSettings::open();
    if (!scratch) return scratch.failure();
    const auto moments = settings_moments(db, utc_of_s(record.from_s - longest_lead_s), utc_of_s(record.to_s), most_policies);
    if (!moments) return moments.failure();
    if (moments.value().size() > most_policies)
        return refused({{"from", "", "a shorter range", "", "the settings changed too often in this range"}});
    const Edit<SettingsState> now = read_records(db);
    if (!now) return now.failure();
    // Check the change against today's settings first, to report the rejection in those words.
    if (const auto tried = scratch.value().with(now.value(), changes, false); !tried) return tried.failure();
    PolicyLine line;
    const auto add = [&](std::int64_t from_s, const SettingsState& state,
                         const Proposal& proposal) -> std::optional<EditFailure> {
        const Edit<Settings> settings = scratch.value().with(state, proposal, true);
        if (!settings) return settings.failure();
        line.push_back({from_s, replayable(build_policy(config, settings.value(), 1))});
        return std::nullopt;
    };
    // Before the range both replays use the original settings, so that they enter it alike.
    const auto add_both = [&](std::int64_t from_s, const SettingsState& state, bool reaches_range) -> std::optional<EditFailure> {
        if (from_s < record.from_s)
            if (auto wrong = add(from_s, state, {})) return wrong;
        return reaches_range ? add(std::max(from_s, record.from_s), state, changes) : std::nullopt;
    };
    const std::vector<SettingsMoment>& all = moments.value();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Edit<SettingsState> state = settings_after(db, all[i].change);
        if (!state) return state.failure();
        if (state.value().preferences.empty()) continue;
        const bool reaches_range = i + 1 == all.size() || all[i + 1].from_s > record.from_s;
        if (const auto wrong = add_both(all[i].from_s, state.value(), reaches_range)) return *wrong;
    }
    if (line.empty())
        if (const auto wrong = add_both(0, now.value(), true)) return *wrong;
    return line;
}

}  // namespace volt::whatif
