#include "daemon/site/override_request.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace volt {

namespace {

constexpr std::string_view fan_end = "/fan", heat_end = "/heat";

TargetKind kind_of(std::string_view load) {
    if (load.ends_with(fan_end)) return TargetKind::fan;
    return load.ends_with(heat_end) ? TargetKind::heat : TargetKind::miner;
}

std::string_view slug_of(std::string_view load, TargetKind kind) {
    if (kind == TargetKind::miner) return load;
    return load.substr(0, load.size() - (kind == TargetKind::fan ? fan_end : heat_end).size());
}

template <class Row>
std::optional<std::size_t> find(const std::vector<Row>& rows, std::string_view slug) {
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.slug == slug; });
    if (found == rows.end()) return std::nullopt;
    return static_cast<std::size_t>(found - rows.begin());
}

OverrideProblem unknown(const NamedOverride& wish, const Policy& policy) {
    return {OverrideProblem::Kind::unknown, "unknown load: " + wish.load, loads_of(policy), ""};
}

std::optional<OverrideProblem> check_level(const NamedOverride& wish, TargetKind kind, std::int32_t most) {
    if (wish.kind != OverrideKind::level) return std::nullopt;
    if (kind != TargetKind::fan)
        return OverrideProblem{OverrideProblem::Kind::level, "only a fan has levels", {}, "auto, on, off"};
    if (wish.level <= most) return std::nullopt;
    return OverrideProblem{OverrideProblem::Kind::level,
                           fmt::format("level {} is above the maximum, {}", wish.level, most),
                           {},
                           fmt::format("auto, on, off or a level from 0 to {}", most)};
}

std::optional<OverrideProblem> check_zone(const NamedOverride& wish, TargetKind kind, const Zone& zone) {
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
    return check_level(wish, kind, zone.fan_max_level);
}

}  // namespace

std::optional<OverrideProblem> resolve(const NamedOverride& wish, const Policy& policy, OverrideRequest& request) {
    const TargetKind kind = kind_of(wish.load);
    const std::string_view slug = slug_of(wish.load, kind);
    const auto index = kind == TargetKind::miner ? find(policy.miners, slug) : find(policy.zones, slug);
    if (!index) return unknown(wish, policy);
    auto problem = kind == TargetKind::miner ? check_level(wish, kind, 0) : check_zone(wish, kind, policy.zones[*index]);
    if (!problem) request = {kind, *index, wish.kind, wish.level, wish.lasts};
    return problem;
}

std::vector<std::string> loads_of(const Policy& policy) {
    std::vector<std::string> loads;
    for (const Miner& miner : policy.miners) loads.push_back(miner.slug);
    for (const Zone& zone : policy.zones) {
        if (zone.fan != no_index) loads.push_back(zone.slug + "/fan");
        if (zone.heater != no_index) loads.push_back(zone.slug + "/heat");
    }
    return loads;
}

}  // namespace volt
