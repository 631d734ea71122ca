#include "daemon/journal/budget_state_codec.hpp"

#include <nlohmann/json.hpp>

namespace volt {

namespace kept {  // rule_state_codec.cpp has helpers of the same names; a unity build compiles both together

namespace {

using Json = nlohmann::json;

constexpr std::int64_t largest_energy = wh(2'400'000).steps, largest_day = 10'000'000;
constexpr std::int64_t largest_voltage = 20'000;
constexpr std::int64_t largest_mean = 1'000'000 * millionths;

/// Exception for a stored number that voltd did not write.
struct Damaged {};

constexpr Duration longest_seen = 6h, longest_against = 24h;  // limits for the house, and for the clock against the sun
constexpr Duration longest_doubt = 24h;
constexpr std::int64_t most_left_out = 2, largest_mark = std::int64_t{1} << 52, largest_seen = 1'000'000'000;

std::int64_t whole(const Json& number, std::int64_t most) {
    if (!number.is_number_integer()) throw Damaged{};
    const auto value = number.get<std::int64_t>();
    if (value < 0 || value > most) throw Damaged{};
    return value;
}

std::int64_t whole_or_below(const Json& number, std::int64_t most) {
    const bool below = number.is_number_integer() && number.get<std::int64_t>() < 0;
    if (!below) return whole(number, most);
    if (number.get<std::int64_t>() < -most) throw Damaged{};
    return number.get<std::int64_t>();
}

std::optional<std::int64_t> find(const Json& object, const char* key, std::int64_t most) {
    const auto entry = object.find(key);
    return entry == object.end() ? std::nullopt : std::optional<std::int64_t>{whole(*entry, most)};
}

std::optional<std::int32_t> find_second(const Json& object, const char* key, std::int64_t most) {
    const std::optional<std::int64_t> value = find(object, key, most);
    return value ? std::optional<std::int32_t>{static_cast<std::int32_t>(*value)} : std::nullopt;
}

template <class Values>
Json list_of(const Values& values) {
    Json list = Json::array();
    for (const auto& value : values) {
        if constexpr (std::is_integral_v<std::decay_t<decltype(value)>>) list.push_back(value);
        else list.push_back(value.steps);
    }
    return list;
}

void load_days(const Json& object, DaysMemory& days) {
    for (const Json& rise : object.at("rises")) days.rises.add(static_cast<std::int32_t>(whole(rise, day_s - 1)));
    for (const Json& fall : object.at("falls")) days.falls.add(static_cast<std::int32_t>(whole(fall, day_s - 1)));
    for (const Json& sum : object.at("sums")) days.sums.add({whole(sum, largest_energy)});
    days.day = find_second(object, "day", largest_day);
    days.rise = find_second(object, "rise", day_s - 1);
    days.fall = find_second(object, "fall", day_s - 1);
    days.sum = {whole(object.at("sum"), largest_energy)};
    days.seen = Duration(whole(object.at("seen_ms"), day_s * 1000));
    days.open = {find(object, "open", largest_energy).value_or(0)};
    days.shut = find(object, "shut", millionths).value_or(0);
    days.left_out = static_cast<int>(find(object, "left_out", most_left_out).value_or(0));
}

void load_count(const Json& object, const Moment& moment, BankMemory& bank) {
    const std::optional<std::int64_t> counted = find(object, "counted", wh(1'000'000).steps);
    const Duration age = moment.utc - Utc(whole(object.at("utc"), std::int64_t{1} << 52));
    if (!counted || !moment.clock_trusted || !object.at("clock_trusted").get<bool>() || age < 0ms) return;
    bank.counted = Energy{*counted};
    bank.lost = Duration(whole(object.at("lost_ms"), std::int64_t{1} << 40)) + age;
}

void load_points(const Json& list, LastDays<FitPoint, 3>& points) {
    for (const Json& point : list)
        points.add({static_cast<std::int32_t>(whole(point.at(0), largest_day)), Volts{whole(point.at(1), largest_voltage)},
                    Energy{whole(point.at(2), largest_energy)}});
}

/// Loads the fit. Like the count, the energy since full depends on the clock.
void load_fit(const Json& root, const Moment& moment, FitMemory& fit) {
    const auto found = root.find("fit");
    if (found == root.end()) return;
    const Json& object = *found;
    load_points(object.at("rests"), fit.rests);
    load_points(object.at("cycles"), fit.cycles);
    fit.days_not_full = static_cast<int>(whole(object.at("days_not_full"), limits::days_not_full));
    fit.sunny_among = object.at("sunny_among").get<bool>();
    const std::optional<std::int64_t> given = find(object, "given", largest_energy);
    const Duration age = moment.utc - Utc(whole(root.at("utc"), std::int64_t{1} << 52));
    if (!given || !moment.clock_trusted || !root.at("clock_trusted").get<bool>() || age < 0ms) return;
    fit.given = Energy{*given};
    fit.lost = Duration(whole(object.at("lost_ms"), std::int64_t{1} << 40)) + age;
    LastDays<FitPoint, 3> lowest;
    load_points(object.at("lowest"), lowest);
    if (!lowest.empty()) fit.lowest = lowest.newest();
    fit.taken = Energy{whole_or_below(object.at("taken"), largest_energy)};
}

Json points_of(const LastDays<FitPoint, 3>& points) {
    Json list = Json::array();
    for (const FitPoint& point : points) list.push_back({point.day, point.voltage.steps, point.given.steps});
    return list;
}

/// Returns true if anything but the two holds, which are not stored, differs from the default.
bool is_worth_keeping(FitMemory fit) {
    fit.rests_since.reset();
    fit.calm_since.reset();
    return fit != FitMemory{};
}

Json save_fit(const FitMemory& fit) {
    Json object = {{"rests", points_of(fit.rests)},
                   {"cycles", points_of(fit.cycles)},
                   {"days_not_full", fit.days_not_full},
                   {"sunny_among", fit.sunny_among}};
    if (!fit.given) return object;
    object["given"] = fit.given->steps;
    object["lost_ms"] = fit.lost.count();
    object["taken"] = fit.taken.steps;
    LastDays<FitPoint, 3> lowest;
    if (fit.lowest) lowest.add(*fit.lowest);
    object["lowest"] = points_of(lowest);
    return object;
}

/// Returns the rest of a time that continued while voltd was down, or all of it if the downtime is unknown.
Duration left_of(const Json& root, const Moment& moment, Duration left) {
    const Duration age = moment.utc - Utc(whole(root.at("utc"), std::int64_t{1} << 52));
    const bool dated = moment.clock_trusted && root.at("clock_trusted").get<bool>() && age > 0ms;
    return std::max(dated ? left - age : left, Duration{});
}

/// Loads the size. A state from before this was stored belongs to the current settings.
void load_size(const Json& root, const Moment& moment, SizeMemory& size) {
    const auto found = root.find("size");
    if (found == root.end()) return;
    const Json& object = *found;
    size.settings = whole(object.at("settings"), largest_mark);
    if (const auto cut = find(object, "cut", largest_energy))
        size.sums = BankSums{{*cut}, {whole(object.at("given"), largest_energy)}};
    const Duration left = left_of(root, moment, Duration{find(object, "doubt_ms", longest_doubt.count()).value_or(0)});
    if (left > 0ms)
        size.doubt = SizeDoubt{object.at("too_large").get<bool>(), whole_or_below(object.at("seen"), largest_seen), left};
}

Json save_size(const SizeMemory& size) {
    Json object = {{"settings", size.settings}};
    if (size.sums) {
        object["cut"] = size.sums->cut.steps;
        object["given"] = size.sums->given.steps;
    }
    if (!size.doubt) return object;
    object["doubt_ms"] = size.doubt->left.count();
    object["too_large"] = size.doubt->too_large;
    object["seen"] = size.doubt->seen;
    return object;
}

/// Saves which load ran last without an `on` override, and when. Its plan is not stored.
Json save_ran(const RuleState& state, const Moment& moment) {
    const std::optional<NightPlan>& plan = state.site.missed.plan;
    if (!plan || plan->load < 0 || static_cast<std::size_t>(plan->load) >= state.loads.size()) return nullptr;
    return {{"load", state.loads[static_cast<std::size_t>(plan->load)].key},
            {"utc", (moment.utc - (moment.now - plan->last_ran)).count()}};
}

void load_ran(const Json& root, const Moment& moment, RuleState& state) {
    const auto found = root.find("ran");
    if (found == root.end() || !moment.clock_trusted || !root.at("clock_trusted").get<bool>()) return;
    const Duration age = moment.utc - Utc(whole(found->at("utc"), std::int64_t{1} << 52));
    const auto& key = found->at("load").get_ref<const std::string&>();
    for (std::size_t i = 0; i < state.loads.size() && age >= 0ms; ++i) {
        if (state.loads[i].key != key) continue;
        NightPlan plan;
        plan.load = static_cast<Index>(i);
        plan.last_ran = moment.now - age;
        state.site.missed.plan = plan;
        return;
    }
}

BudgetMemory load(const Json& object, const Moment& moment) {
    BudgetMemory memory;
    load_days(object, memory.days);
    load_count(object, moment, memory.bank);
    load_size(object, moment, memory.size);
    load_fit(object, moment, memory.fit);
    memory.house_mean = find(object, "house", largest_mean);
    // A state from before this was counted had seen the house long enough.
    if (memory.house_mean)
        memory.house_seen = Duration{find(object, "house_seen_ms", longest_seen.count()).value_or(longest_seen.count())};
    memory.against_sun = left_of(object, moment, Duration{find(object, "against_sun_ms", longest_against.count()).value_or(0)});
    memory.raised_percent = static_cast<int>(whole(object.at("raised_percent"), 20));
    return memory;
}

}  // namespace

}  // namespace kept

nlohmann::json save_budget(const RuleState& state, const Moment& moment) {
    const BudgetMemory& memory = state.site.budget;
    const DaysMemory& days = memory.days;
    const bool counts = memory.bank.counted && moment.clock_trusted;  // without its age it is useless
    if (!days.day && !memory.house_mean && !counts) return nlohmann::json::object();
    using kept::list_of;
    nlohmann::json object = {{"utc", moment.utc.count()},    {"clock_trusted", moment.clock_trusted},
                             {"rises", list_of(days.rises)}, {"falls", list_of(days.falls)},
                             {"sums", list_of(days.sums)},   {"sum", days.sum.steps},
                             {"seen_ms", days.seen.count()}, {"raised_percent", memory.raised_percent}};
    if (kept::is_worth_keeping(memory.fit)) object["fit"] = kept::save_fit(memory.fit);
    if (counts) {
        object["counted"] = memory.bank.counted->steps;
        object["lost_ms"] = memory.bank.lost.count();
    }
    if (memory.house_mean) object["house"] = *memory.house_mean;
    if (memory.house_mean) object["house_seen_ms"] = memory.house_seen.count();
    if (memory.against_sun > 0ms) object["against_sun_ms"] = memory.against_sun.count();
    if (memory.size.settings != 0) object["size"] = kept::save_size(memory.size);
    if (nlohmann::json ran = kept::save_ran(state, moment); !ran.is_null()) object["ran"] = std::move(ran);
    if (days.open != Energy{}) object["open"] = days.open.steps;
    if (days.shut != 0) object["shut"] = days.shut;
    if (days.left_out != 0) object["left_out"] = days.left_out;
    if (days.day) object["day"] = *days.day;
    if (days.rise) object["rise"] = *days.rise;
    if (days.fall) object["fall"] = *days.fall;
    return object;
}

void load_budget(const nlohmann::json& object, const Moment& moment, RuleState& state) {
    if (object.empty()) return;
    try {
        state.site.budget = kept::load(object, moment);
        kept::load_ran(object, moment, state);
    } catch (const nlohmann::json::exception&) { state.site.budget = {}; } catch (const kept::Damaged&) {
        state.site.budget = {};
    }
}

}  // namespace volt
