#include "daemon/journal/rule_state_codec.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "daemon/journal/budget_state_codec.hpp"
#include "daemon/journal/energy_counters.hpp"
#include "rules/align.hpp"
#include "rules/limits.hpp"
#include "rules/names.hpp"

namespace volt {

namespace {

using Json = nlohmann::json;
constexpr int version = 1;

template <class T>
constexpr bool is_reason = std::is_same_v<T, Reason> || std::is_same_v<T, OrderReason>;

/// Writes members into an object, with times in UTC.
class Saver {
public:
    Saver(Json& object, const Moment& moment) : object_(object), moment_(moment) {}

    template <class T>
    void value(const char* key, T& member) {
        if constexpr (is_reason<T>) object_[key] = name_of(member);
        else if constexpr (std::is_enum_v<T>) object_[key] = static_cast<int>(member);
        else object_[key] = member;
    }
    void flag(const char* key, bool& member) {
        if (member) object_[key] = true;
    }
    void past(const char* key, Time& member) { object_[key] = utc_of(member); }
    void past(const char* key, std::optional<Time>& member) {
        if (member) object_[key] = utc_of(*member);
    }
    /// Saves a past moment that counts as now if its age is unknown.
    void past_or_now(const char* key, std::optional<Time>& member) { past(key, member); }
    /// Saves the end of a wait.
    void until(const char* key, std::optional<Time>& member) {
        if (member) object_[key] = (*member - moment_.now).count();
    }
    template <class T>
    void steps(const char* key, std::optional<T>& member) {
        if (member) object_[key] = member->steps;
    }
    void number(const char* key, std::optional<std::int64_t>& member) {
        if (member) object_[key] = *member;
    }
    void duration(const char* key, Duration& member) { object_[key] = member.count(); }
    void starts(const char* key, StartHistory& member) {
        Json list = Json::array();
        for (std::size_t i = 0; i < member.size(); ++i) list.push_back(utc_of(member.at(i)));
        object_[key] = list;
    }
    /// Saves an override. Only `off` may have no end. The endless `on` of a proof is not stored.
    void override_(const OverrideKind& kind, std::optional<Time>& until) {
        OverrideKind kept = until || kind == OverrideKind::off ? kind : OverrideKind::automatic;
        value("override", kept);
        if (until) object_["override_until"] = utc_of(*until);
    }

private:
    std::int64_t utc_of(Time time) const { return (moment_.utc - (moment_.now - time)).count(); }
    Json& object_;
    const Moment& moment_;
};

/// Exception for a stored number that voltd did not write.
struct Damaged {};

/// Farthest stored moment from 1970 in ms: 200,000 years, so that no sum of two times can overflow.
constexpr std::int64_t farthest = std::int64_t{1} << 52;

std::int64_t whole(const Json& number, std::int64_t low, std::int64_t high) {
    if (!number.is_number_integer()) throw Damaged{};
    const bool wraps = number.is_number_unsigned() && number.get<std::uint64_t>() > static_cast<std::uint64_t>(farthest);
    if (wraps) throw Damaged{};
    const auto value = number.get<std::int64_t>();
    if (value < low || value > high) throw Damaged{};
    return value;
}

/// Maximum count of starts, days, steps of a unit or 0.1 mV; well above any legal value.
constexpr std::int64_t largest_count = 100'000'000;

/// Reads a reason by name. Versions before the budget wrote numbers and had one reason fewer.
std::size_t reason_of(const Json& stored, std::size_t count) {
    constexpr auto added = static_cast<std::size_t>(Reason::budget);
    if (!stored.is_string()) {
        const auto number = static_cast<std::size_t>(whole(stored, 0, static_cast<std::int64_t>(count) - 2));
        return number < added ? number : number + 1;
    }
    for (std::size_t i = 0; i < count; ++i)
        if (stored.get_ref<const std::string&>() == name_of(OrderReason::of_number(i))) return i;
    throw Damaged{};
}

constexpr std::int64_t last_of(OverrideKind) { return static_cast<std::int64_t>(OverrideKind::level); }
constexpr std::int64_t last_of(OutputState) { return static_cast<std::int64_t>(OutputState::on); }

/// Reads members back. `believed`: the wall clock was trusted when saving and is trusted now.
class Loader {
public:
    Loader(const Json& object, const Moment& moment, bool believed, Duration downtime)
        : object_(object), moment_(moment), believed_(believed), downtime_(downtime) {}

    template <class T>
    void value(const char* key, T& member) const {
        if constexpr (std::is_same_v<T, Reason>) member = static_cast<Reason>(reason_of(object_.at(key), reason_count));
        else if constexpr (std::is_same_v<T, OrderReason>)
            member = OrderReason::of_number(reason_of(object_.at(key), OrderReason::count));
        else if constexpr (std::is_enum_v<T>) member = static_cast<T>(whole(object_.at(key), 0, last_of(T{})));
        else if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::string>) member = object_.at(key).get<T>();
        else member = static_cast<T>(whole(object_.at(key), -largest_count, largest_count));
    }
    /// Reads a flag. A missing one is false.
    void flag(const char* key, bool& member) const { member = object_.value(key, false); }
    void past(const char* key, Time& member) const { member = time_of(object_.at(key)).value_or(moment_.now); }
    void past(const char* key, std::optional<Time>& member) const {
        member.reset();
        if (object_.contains(key)) member = time_of(object_.at(key)).value_or(moment_.now);
    }
    void past_or_now(const char* key, std::optional<Time>& member) const { past(key, member); }
    void until(const char* key, std::optional<Time>& member) const {
        member.reset();
        if (!object_.contains(key)) return;
        member = moment_.now + Duration(whole(object_.at(key), -farthest, farthest));
        if (believed_) *member -= downtime_;
    }
    template <class T>
    void steps(const char* key, std::optional<T>& member) const {
        member.reset();
        if (object_.contains(key)) member = T{whole(object_.at(key), -largest_count, largest_count)};
    }
    void number(const char* key, std::optional<std::int64_t>& member) const {
        member.reset();
        if (object_.contains(key)) member = whole(object_.at(key), 0, largest_count);
    }
    void duration(const char* key, Duration& member) const { member = Duration(whole(object_.at(key), 0, farthest)); }
    void starts(const char* key, StartHistory& member) const {
        std::vector<Time> times;
        for (const Json& utc : object_.at(key)) times.push_back(time_of(utc).value_or(moment_.now));
        std::sort(times.begin(), times.end());
        for (const Time time : times) member.add(time);
    }
    void override_(OverrideKind& kind, std::optional<Time>& until) const {
        value("override", kind);
        until.reset();
        if (!object_.contains("override_until")) {
            if (kind != OverrideKind::off) kind = OverrideKind::automatic;  // only `off` may have no end
            return;
        }
        const Time end = moment_.now + Utc(whole(object_.at("override_until"), -farthest, farthest)) - moment_.utc;
        if (believed_ && end > moment_.now && end - moment_.now <= limits::longest_override) until = end;
        else kind = OverrideKind::automatic;
    }

private:
    std::optional<Time> time_of(const Json& utc) const {
        const Duration age = moment_.utc - Utc(whole(utc, -farthest, farthest));
        if (!believed_ || age < 0ms) return std::nullopt;
        return moment_.now - age;
    }
    const Json& object_;
    const Moment& moment_;
    bool believed_;
    Duration downtime_;
};

template <class Archive>
void visit(Archive& a, LoadMemory& m) {
    a.value("key", m.key);
    a.value("wanted", m.wanted);
    a.value("reason", m.reason);
    a.past("since", m.since);
    a.override_(m.override_, m.override_until);
    a.value("override_adopted", m.override_adopted);
    a.flag("lease_trial", m.lease_trial);
    a.past("ordered_on", m.ordered_on);
    a.past_or_now("on_since", m.on_since);
    a.past_or_now("off_since", m.off_since);
    a.value("short_runs", m.short_runs);
    a.value("continuous_reached", m.continuous_reached);
    a.flag("ended_by_voltage", m.ended_by_voltage);
    a.starts("starts", m.starts);
    a.value("day", m.day);
    a.value("starts_today", m.starts_today);
    a.duration("runtime_today_ms", m.runtime_today);
    a.until("held_out_ms", m.held_out_until);
    a.number("sag", m.sag.learned);
    a.past("sag_at", m.sag.learned_at);
    a.past("on_battery_at", m.on_battery_at);
}

template <class Archive>
void visit(Archive& a, OutputMemory& m) {
    a.value("key", m.key);
    a.value("ordered", m.ordered);
    a.value("on", m.on);
    a.value("level", m.level);
    a.value("reason", m.reason);
    a.value("last_confirmed", m.last_confirmed);
    a.past("switched_at", m.switched_at);
    a.until("fault_ms", m.fault_until);
    a.until("trip_ms", m.trip_until);
    a.value("not_following", m.not_following);
}

template <class Archive>
void visit(Archive& a, ZoneState& m) {
    a.value("key", m.key);
    a.value("tripped", m.tripped);
    a.value("fan_on", m.fan_on);
    a.value("cold", m.cold);
    a.value("heat_wanted", m.heat_wanted);
    a.past("miner_last_on", m.miner_last_on);
    a.override_(m.fan_override, m.fan_override_until);
    a.value("fan_override_level", m.fan_override_level);
}

template <class Archive>
void visit(Archive& a, ChargeState& m) {
    a.value("source", m.source);
    a.value("cold", m.cold);
    a.value("overvoltage", m.overvoltage);
    a.flag("hot", m.hot);
    a.steps("temperature", m.last_temperature);
}

template <class Archive>
void visit(Archive& a, OtherBlock& m) {
    a.value("source", m.source);
    a.steps("temperature", m.last);
    a.flag("agreed", m.agreed);
}

template <class Archive>
void visit(Archive& a, TemperatureMemory& m) {
    a.steps("temperature", m.good);
    a.past("at", m.good_at);
    a.value("moved", m.moved);
    a.past("in_range_at", m.in_range);
    a.steps("leaped_from", m.leap.from);
    a.flag("hot", m.hot);
}

template <class T>
Json save_list(const std::vector<T>& list, const Moment& moment) {
    Json array = Json::array();
    for (T member : list) {
        Json object = Json::object();
        Saver saver(object, moment);
        visit(saver, member);
        array.push_back(std::move(object));
    }
    return array;
}

/// Saves temperatures by name, because the list may have changed by the time they are loaded.
Json save_temperatures(const std::vector<TemperatureMemory>& memories, const std::vector<TemperatureSource>& sources,
                       const Moment& moment) {
    Json object = Json::object();
    for (std::size_t i = 0; i < std::min(memories.size(), sources.size()); ++i) {
        TemperatureMemory memory = memories[i];
        if (!memory.good) continue;
        Saver saver(object[sources[i].name], moment);
        visit(saver, memory);
    }
    return object;
}

template <class T>
std::vector<T> load_list(const Json& array, const Moment& moment, bool believed, Duration downtime) {
    std::vector<T> list;
    for (const Json& object : array) {
        const Loader loader(object, moment, believed, downtime);
        visit(loader, list.emplace_back());
    }
    return list;
}

/// Loads blocks by other sources. An older version stored no names: such a block has an unknown source, and ends when the guard's
/// own source is warm.
std::vector<OtherBlock> load_others(const Json& charge, const Moment& moment, bool believed, Duration downtime) {
    if (charge.contains("others")) return load_list<OtherBlock>(charge.at("others"), moment, believed, downtime);
    return std::vector<OtherBlock>(charge.value("blocked_by_other", false) ? 1 : 0);
}

/// Makes a temperature of unknown age too old to use. It still distinguishes a jump from a bank that warmed up.
void forget_age(TemperatureMemory& memory) {
    memory.good_at = Time{-farthest};
    memory.in_range.reset();
}

bool in_range(const std::optional<Celsius>& t) { return !t || (*t >= limits::coldest && *t <= limits::hottest); }

std::vector<TemperatureMemory> load_temperatures(const Json& object, const std::vector<TemperatureSource>& sources,
                                                 const Moment& moment, bool believed) {
    std::vector<TemperatureMemory> memories(sources.size());
    for (std::size_t i = 0; i < sources.size(); ++i)
        if (object.contains(sources[i].name)) {
            const Loader loader(object.at(sources[i].name), moment, believed, {});
            visit(loader, memories[i]);
            if (!in_range(memories[i].good) || !in_range(memories[i].leap.from)) throw Damaged{};
            if (!believed) forget_age(memories[i]);
            memories[i].key = sources[i].name;
        }
    return memories;
}

Json save_charge(const ChargeMemory& memory) {
    Json object = {{"ours", memory.ours},
                   {"day", memory.writes.day},
                   {"writes", memory.writes.count},
                   {"written_utc", memory.writes.newest.count()}};
    if (memory.found_a) object["found_a"] = *memory.found_a;
    return object;
}

ChargeMemory load_charge(const Json& root, const char* key) {
    ChargeMemory memory;
    if (!root.contains(key)) return memory;
    const Json& object = root.at(key);
    memory.ours = object.at("ours").get<bool>();
    if (object.contains("found_a")) memory.found_a = static_cast<int>(whole(object.at("found_a"), -32'768, 65'535));
    memory.writes.day = whole(object.at("day"), 0, farthest);
    memory.writes.count = static_cast<int>(whole(object.at("writes"), 0, largest_count));
    memory.writes.newest = Utc(whole(object.at("written_utc"), -farthest, farthest));
    return memory;
}

constexpr std::size_t longest_wiring = 4096;  // three host names of 253 characters and an id

ChargeMemories load_charge(const Json& root) {
    ChargeMemories all{load_charge(root, "charge_write"),
                       load_charge(root, "charge_write_sol_ark"),
                       load_charge(root, "charge_write_sol_ark_2"),
                       {}};
    if (!root.contains("charge_proof")) return all;
    const Json& proof = root.at("charge_proof");
    all.proof = {Utc(whole(proof.at("at_utc"), 0, farthest)), proof.at("wiring").get<std::string>()};
    if (all.proof.wiring.size() > longest_wiring) throw Damaged{};
    return all;
}

RuleState load(const Json& root, const Policy& policy, const Moment& moment) {
    const Duration downtime = moment.utc - Utc(whole(root.at("saved_utc"), -farthest, farthest));
    const bool believed = moment.clock_trusted && root.at("clock_trusted").get<bool>() && downtime >= 0ms;
    RuleState state;
    state.loads = load_list<LoadMemory>(root.at("loads"), moment, believed, downtime);
    state.outputs = load_list<OutputMemory>(root.at("outputs"), moment, believed, downtime);
    state.zones = load_list<ZoneState>(root.at("zones"), moment, believed, downtime);
    const Json none = Json::array();
    state.removed_loads = load_list<LoadMemory>(root.value("removed_loads", none), moment, believed, downtime);
    state.removed_zones = load_list<ZoneState>(root.value("removed_zones", none), moment, believed, downtime);
    const Loader charge(root.at("charge"), moment, believed, downtime);
    visit(charge, state.charge);
    state.charge.others = load_others(root.at("charge"), moment, believed, downtime);
    state.stage.recovering = root.at("recovering").get<bool>();
    state.readings.sensors = load_temperatures(root.at("sensors"), policy.sensors, moment, believed);
    state.readings.batteries = load_temperatures(root.at("batteries"), policy.battery_temperatures, moment, believed);
    if (root.contains("budget")) load_budget(root.at("budget"), moment, state);
    return state;
}

}  // namespace

std::string encode_rule_state(const RuleState& state, const Policy& policy, const Moment& moment, const ChargeMemories& carried,
                              const std::map<std::string, std::int64_t>& energies) {
    if (!state.real.empty()) {  // simulated runs in shadow are not stored
        RuleState real = state;
        forget_orders(real);
        return encode_rule_state(real, policy, moment, carried, energies);
    }
    Json root = {{"version", version}, {"saved_utc", moment.utc.count()}, {"clock_trusted", moment.clock_trusted}};
    root["loads"] = save_list(state.loads, moment);
    root["outputs"] = save_list(state.outputs, moment);
    root["zones"] = save_list(state.zones, moment);
    if (!state.removed_loads.empty()) root["removed_loads"] = save_list(state.removed_loads, moment);
    if (!state.removed_zones.empty()) root["removed_zones"] = save_list(state.removed_zones, moment);
    ChargeState charge = state.charge;
    root["charge"] = Json::object();
    Saver saver(root["charge"], moment);
    visit(saver, charge);
    root["charge"]["others"] = save_list(charge.others, moment);
    root["recovering"] = state.stage.recovering;
    root["sensors"] = save_temperatures(state.readings.sensors, policy.sensors, moment);
    root["batteries"] = save_temperatures(state.readings.batteries, policy.battery_temperatures, moment);
    root["charge_write"] = save_charge(carried.victron);
    root["charge_write_sol_ark"] = save_charge(carried.sol_ark);
    root["charge_write_sol_ark_2"] = save_charge(carried.sol_ark_2);
    if (!carried.proof.wiring.empty())
        root["charge_proof"] = {{"at_utc", carried.proof.at.count()}, {"wiring", carried.proof.wiring}};
    if (Json budget = save_budget(state, moment); !budget.empty()) root["budget"] = std::move(budget);
    if (!energies.empty()) root[energy_key] = energies;
    return root.dump();
}

ChargeMemories decode_charge_memory(const std::string& text) {
    try {
        const Json root = Json::parse(text);
        return load_charge(root);
    } catch (const Json::exception&) { return {}; } catch (const Damaged&) {
        return {};
    }
}

std::optional<RuleState> decode_rule_state(const std::string& text, const Policy& policy, const Moment& moment) {
    try {
        const Json root = Json::parse(text);
        if (root.at("version").get<int>() != version) return std::nullopt;
        load_charge(root);  // one damaged number rejects the text
        return load(root, policy, moment);
    } catch (const Json::exception&) { return std::nullopt; } catch (const Damaged&) {
        return std::nullopt;
    }
}

}  // namespace volt
