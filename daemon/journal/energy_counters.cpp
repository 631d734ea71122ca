#include "daemon/journal/energy_counters.hpp"

#include <nlohmann/json.hpp>

namespace volt {

namespace {

constexpr std::int64_t a_watt_hour = 3'600'000;      // in watts times milliseconds
constexpr std::int64_t most_wh = 1'000'000'000'000;  // beyond the range of any meter

using Json = nlohmann::json;

/// Returns the counters, or null if the text has none.
Json counters_in(const std::string& rule_state) {
    const Json root = Json::parse(rule_state, nullptr, false);
    if (!root.is_object() || !root.contains(energy_key) || !root[energy_key].is_object()) return nullptr;
    return root[energy_key];
}

}  // namespace

void EnergyCounters::begin(const std::string& rule_state, const Policy& policy, const std::map<std::string, std::int64_t>& runs) {
    const Json counters = counters_in(rule_state);
    const auto keep = [this](const std::string& uuid, std::int64_t wh) {
        if (wh > 0 && wh <= most_wh && drawn_.size() < most) drawn_[uuid] = wh * a_watt_hour;
    };
    if (counters.is_null()) {
        for (const Miner& miner : policy.miners)
            if (const auto run = runs.find(miner.slug); run != runs.end()) keep(miner.id, run->second);
        return;
    }
    for (const auto& [uuid, wh] : counters.items())
        if (wh.is_number_integer()) keep(uuid, wh.get<std::int64_t>());
}

void EnergyCounters::add(const Miner& miner, Watts power, Duration time) {
    if (power.steps <= 0) return;
    if (const auto known = drawn_.find(miner.id); known != drawn_.end()) known->second += power.steps * time.count();
    else if (drawn_.size() < most) drawn_.emplace(miner.id, power.steps * time.count());
}

std::optional<std::int64_t> EnergyCounters::of(const Miner& miner) const {
    const auto known = drawn_.find(miner.id);
    return known == drawn_.end() ? std::nullopt : std::optional(known->second / a_watt_hour);
}

std::map<std::string, std::int64_t> EnergyCounters::saved() const {
    std::map<std::string, std::int64_t> wh;
    for (const auto& [uuid, drawn] : drawn_) wh.emplace(uuid, drawn / a_watt_hour);
    return wh;
}

}  // namespace volt
