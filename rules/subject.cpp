#include "rules/subject.hpp"

#include <algorithm>

namespace volt {

namespace {

template <class Row>
std::optional<std::size_t> find(const std::vector<Row>& rows, std::string_view slug) {
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.slug == slug; });
    if (found == rows.end()) return std::nullopt;
    return static_cast<std::size_t>(found - rows.begin());
}

}  // namespace

std::optional<Target> find_target(const Policy& policy, std::string_view load) {
    const TargetKind kind = target_kind_of(load);
    if (kind == TargetKind::fan) load.remove_suffix(fan_end.size());
    if (kind == TargetKind::heat) load.remove_suffix(heat_end.size());
    const auto index = kind == TargetKind::miner ? find(policy.miners, load) : find(policy.zones, load);
    return index ? std::optional(Target{kind, *index}) : std::nullopt;
}

}  // namespace volt
