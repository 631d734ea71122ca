#include "daemon/site/override_request.hpp"

#include <fmt/format.h>

#include "rules/subject.hpp"

namespace volt {

namespace {

OverrideProblem unknown(const NamedOverride& named, const Policy& policy) {
    return {OverrideProblem::Kind::unknown, "unknown load: " + named.load, loads_of(policy), ""};
}

std::optional<OverrideProblem> check_level(const NamedOverride& named, TargetKind kind, std::int32_t most) {
    if (named.kind != OverrideKind::level) return std::nullopt;
    if (kind != TargetKind::fan)
        return OverrideProblem{OverrideProblem::Kind::level, "only a fan has levels", {}, "auto, on, off"};
    if (named.level <= most) return std::nullopt;
    return OverrideProblem{OverrideProblem::Kind::level,
                           fmt::format("level {} is above the maximum, {}", named.level, most),
                           {},
                           fmt::format("auto, on, off or a level from 0 to {}", most)};
}

std::optional<OverrideProblem> check_zone(const NamedOverride& named, TargetKind kind, const Zone& zone) {
    const bool fan = kind == TargetKind::fan;
    if ((fan ? zone.fan : zone.heater) == no_index) {
        const char* what = fan ? "fan" : "heater";
        const std::string& output = fan ? zone.fan_id : zone.heater_id;
        const std::string why = output.empty()
                                    ? fmt::format("zone '{}' has no {}", zone.slug, what)
                                    : fmt::format(
                                          "the {} of zone '{}' cannot be switched: its output {} is not in voltd.yaml, or "
                                          "does not fit; see `voltctl config check`",
                                          what, zone.slug, output);
        return OverrideProblem{OverrideProblem::Kind::lacking, why, {}, ""};
    }
    return check_level(named, kind, zone.fan_max_level);
}

}  // namespace

std::optional<OverrideProblem> resolve(const NamedOverride& named, const Policy& policy, OverrideRequest& request) {
    const auto target = find_target(policy, named.load);
    if (!target) return unknown(named, policy);
    const auto [kind, index] = *target;
    auto problem = kind == TargetKind::miner ? check_level(named, kind, 0) : check_zone(named, kind, policy.zones[index]);
    if (!problem) request = {kind, index, named.kind, named.level, named.lasts};
    return problem;
}

std::vector<std::string> loads_of(const Policy& policy) {
    std::vector<std::string> loads;
    for (const Miner& miner : policy.miners) loads.push_back(miner.slug);
    for (const Zone& zone : policy.zones) {
        if (zone.fan != no_index) loads.push_back(fan_of(zone.slug));
        if (zone.heater != no_index) loads.push_back(heat_of(zone.slug));
    }
    return loads;
}

}  // namespace volt
