#include "daemon/whatif/read_record.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "daemon/explain/explain.hpp"
#include "daemon/explain/history_json.hpp"
#include "daemon/host/clock.hpp"
#include "daemon/host/sun.hpp"
#include "daemon/journal/rule_state_codec.hpp"
#include "daemon/whatif/read_policies.hpp"
#include "daemon/whatif/read_runs.hpp"
#include "drivers/iso_time.hpp"
#include "drivers/override_body.hpp"
#include "drivers/store/settings/io.hpp"
#include "drivers/store/telemetry/history_reader.hpp"
#include "rules/names.hpp"
#include "rules/subject.hpp"

namespace volt::whatif {

namespace {

constexpr std::int64_t most_events = 10000;
constexpr std::int64_t least_gap_s = 120;         // shorter gaps are not mentioned
constexpr std::int64_t fan_levels_s = 7 * day_s;  // before the range: a level holds until the next one
constexpr std::size_t most_notes = 20;

EditFailure failed(const Failure& failure) {
    return {failure.fault == Fault::refused ? EditFault::refused : EditFault::unavailable, failure.text, {}, {}};
}

/// Reads the parts of a record one after the other. The first failure ends it.
class RecordReader {
public:
    RecordReader(Connection& db, const Config& config, SiteRecord& record) : db_(db), config_(config), record_(record) {}

    std::optional<Failure> read(const PolicyLine& policies, const Settings& now) {
        policy_ = &policies.back().policy;
        zone_ = ZoneClock::load(now.timezone);
        if (auto wrong = read_rows()) return wrong;
        if (auto wrong = read_loads(db_, policies, record_)) return wrong;
        end_cut_runs(record_);
        begin_at(begin_of(record_));
        if (auto wrong = read_overrides()) return wrong;
        if (auto wrong = read_alarms()) return wrong;
        read_learned();
        if (auto wrong = read_fit()) return wrong;
        if (!config_.control.live)
            note("voltd is in shadow mode: nothing was switched, so there are no real runs to compare with");
        note_gaps();
        return std::nullopt;
    }

private:
    /// Calls `take(row, value)` for each raw point of a series. Names without a source give no rows.
    template <class Take>
    std::optional<Failure> series(const std::string& name, Take take) {
        HistoryQuery query{name, utc_of_s(record_.from_s - longest_lead_s), utc_of_s(record_.to_s), Resolution::raw,
                           series_sources(config_)};
        const Result<History> history = read_history(db_, query, utc_of_s(record_.to_s));
        if (!history) return history.failure();
        for (const Point& point : history.value().points) take(row_at(point.at_s), point.value);
        return std::nullopt;
    }

    HeldRow& row_at(std::int64_t at_s) {
        HeldRow& row = rows_[at_s];
        row.at_s = at_s;
        row.voltages.resize(policy_->voltage_sources.size());
        row.least.resize(policy_->voltage_sources.size());
        row.temperatures.resize(record_.sensors.size());
        return row;
    }

    static Volts volts(double value) { return Volts{std::llround(value * 100)}; }

    std::optional<Failure> read_rows() {
        for (std::size_t i = 0; i < policy_->voltage_sources.size(); ++i) {
            const std::string topic = "source/" + policy_->voltage_sources[i].name;
            if (auto wrong = series(topic + ".voltage_v", [i](HeldRow& row, double it) { row.voltages[i] = volts(it); }))
                return wrong;
            if (auto wrong = series(topic + ".voltage_min_v", [i](HeldRow& row, double it) { row.least[i] = volts(it); }))
                return wrong;
        }
        using Field = std::optional<Watts> HeldRow::*;
        for (const auto& [name, field] : {std::pair<const char*, Field>{"battery.power_w", &HeldRow::battery},
                                          {"power.pv_w", &HeldRow::pv},
                                          {"power.load_w", &HeldRow::load},
                                          {"power.grid_w", &HeldRow::grid}}) {
            const Field into = field;
            if (auto wrong = series(name, [into](HeldRow& row, double it) { row.*into = Watts{std::llround(it)}; })) return wrong;
        }
        if (auto wrong = read_temperatures()) return wrong;
        if (auto wrong = read_fans()) return wrong;
        for (auto& [at_s, row] : rows_) {
            if (zone_) row.local = zone_->local(utc_of_s(at_s));
            if (config_.site_place) row.sun = sun_of(*config_.site_place, utc_of_s(at_s), row.local);
            record_.rows.push_back(std::move(row));
        }
        return std::nullopt;
    }

    void begin_at(std::int64_t begin_s) {
        const auto first =
            std::find_if(record_.rows.begin(), record_.rows.end(), [&](const HeldRow& it) { return it.at_s >= begin_s; });
        record_.rows.erase(record_.rows.begin(), first);
    }

    /// Reads temperatures of the GX. Reports of the broker's sensors are not stored.
    std::optional<Failure> read_temperatures() {
        if (!config_.victron) return std::nullopt;
        for (const GxTemperature& sensor : config_.victron->temperatures) {
            const std::size_t place = record_.sensors.size();
            record_.sensors.push_back(sensor.id);
            for (auto& [at_s, row] : rows_) row.temperatures.resize(record_.sensors.size());
            std::size_t found = 0;
            const auto take = [&](HeldRow& row, double it) {
                row.temperatures[place] = Celsius{std::llround(it * 10)};
                ++found;
            };
            if (auto wrong = series("source/victron." + sensor.id + ".temperature_c", take)) return wrong;
            if (found > 0) continue;
            record_.sensors.pop_back();
            for (auto& [at_s, row] : rows_) row.temperatures.resize(record_.sensors.size());
        }
        return std::nullopt;
    }

    /// Reads fans. A fan that follows its room shows its temperature: full from too_hot up, then a level for each part of the way
    /// down to hot_ok.
    std::optional<Failure> read_fans() {
        for (const Zone& zone : policy_->zones) {
            if (zone.fan == no_index || !zone.fan_enabled || zone.fan_mode != FanMode::automatic || zone.sensor == no_index)
                continue;
            const std::string& sensor = policy_->sensors[static_cast<std::size_t>(zone.sensor)].name;
            if (std::find(record_.sensors.begin(), record_.sensors.end(), sensor) != record_.sensors.end()) continue;
            auto levels = read_decisions(
                db_, {fan_of(zone.slug), "", utc_of_s(record_.from_s - fan_levels_s), utc_of_s(record_.to_s), most_events});
            if (!levels) return levels.failure();
            if (levels.value().empty()) continue;
            std::reverse(levels.value().begin(), levels.value().end());
            record_.sensors.push_back(sensor);
            auto next = levels.value().begin();
            Celsius held = room_at(zone, {});
            for (auto& [at_s, row] : rows_) {
                for (; next != levels.value().end() && next->at <= utc_of_s(at_s); ++next) held = room_at(zone, *next);
                row.temperatures.push_back(held);
            }
        }
        return std::nullopt;
    }

    static Celsius room_at(const Zone& zone, const DecisionRow& order) {
        const bool by_heat = order.reason == name_of(ZoneReason::too_hot) || order.reason == name_of(ZoneReason::hysteresis);
        const int level = by_heat ? std::atoi(order.to.c_str()) : 0;
        if (level <= 0) return Celsius{(zone.cold_ok.steps + zone.hot_ok.steps) / 2};
        if (level >= zone.fan_max_level) return zone.too_hot;
        return zone.hot_ok + Celsius{(zone.too_hot - zone.hot_ok).steps * level / zone.fan_max_level};
    }

    std::optional<Failure> read_overrides() {
        EventQuery query;
        query.kind = "override";
        query.to = utc_of_s(record_.to_s);
        query.limit = most_events;
        const auto events = read_events(db_, query);
        if (!events) return events.failure();
        for (auto event = events.value().rbegin(); event != events.value().rend(); ++event) {
            const auto data = nlohmann::json::parse(event->data_json, nullptr, false);
            if (!data.is_object() || !data.contains("to")) continue;
            OverrideValue value;
            const bool fan = event->subject.ends_with(fan_end);
            const nlohmann::json& to = data["to"];
            const std::string word = to.is_string() ? to.get<std::string>() : "";
            const bool level = !word.empty() && word.find_first_not_of("0123456789") == std::string::npos && word.size() < 4;
            if (read_override(level ? nlohmann::json(std::stoi(word)) : to, fan, value)) continue;
            record_.overrides.push_back({event->at.count() / 1000, event->subject, value.kind, value.level});
        }
        return std::nullopt;
    }

    /// Reads alarms. A clock that jumped and a database that was restored make times and rows doubtful.
    std::optional<Failure> read_alarms() {
        EventQuery query;
        query.kind = "alarm";
        query.from = utc_of_s(record_.from_s);
        query.to = utc_of_s(record_.to_s);
        query.limit = most_events;
        const auto events = read_events(db_, query);
        if (!events) return events.failure();
        std::set<std::string> seen;
        for (auto event = events.value().rbegin(); event != events.value().rend(); ++event) {
            const auto code = alarm_code(event->subject);
            if (code != AlarmCode::clock_jumped && code != AlarmCode::database_restored) continue;
            if (seen.insert(event->subject).second) note(iso_time(event->at.count() / 1000) + "Z: " + event->message);
        }
        return std::nullopt;
    }

    void read_learned() {
        record_.resistance_mohm = policy_->preferences.internal_resistance_mohm;
        const auto text = read_rule_state(db_);
        if (!text || !text.value()) return;
        const auto state = decode_rule_state(*text.value(), *policy_, {Time{day_s * 1000}, utc_of_s(record_.to_s), true});
        if (!state) return;
        const BudgetMemory& budget = state->site.budget;
        record_.budget.days.rises = budget.days.rises;
        record_.budget.days.falls = budget.days.falls;
        record_.budget.days.sums = budget.days.sums;
        record_.budget.house_mean = budget.house_mean;
        record_.budget.house_seen = budget.house_seen;
        record_.budget.raised_percent = budget.raised_percent;
        std::int64_t sum = 0, count = 0;
        for (const LoadMemory& load : state->loads) {
            if (!load.sag.learned) continue;
            LoadMemory& kept = record_.learned.emplace_back();
            kept.key = load.key;
            kept.sag.learned = load.sag.learned;
            for (const Miner& miner : policy_->miners) {
                if (miner.id != load.key || miner.power.steps <= 0) continue;
                sum += *load.sag.learned * miner.start.steps / (1000 * miner.power.steps);
                ++count;
            }
        }
        if (count > 0) record_.resistance_mohm = sum / count;
    }

    /// Reads current and voltage of the same source, by minute.
    std::optional<Failure> read_fit() {
        if (policy_->voltage_sources.empty()) return std::nullopt;
        const Utc to = utc_of_s(record_.to_s), from = utc_of_s(record_.to_s - fitted_s);
        std::map<std::int64_t, BatteryMinute> minutes;
        const std::string topic = "source/" + policy_->voltage_sources.front().name;
        for (const bool current : {false, true}) {
            const auto history =
                read_history(db_, {topic + (current ? ".current_a" : ".voltage_v"), from, to, Resolution::minute, {}}, to);
            if (!history) return history.failure();
            for (const Point& point : history.value().points) {
                if (!current) minutes[point.at_s] = {point.at_s, volts(point.value), {}};
                else if (const auto minute = minutes.find(point.at_s); minute != minutes.end())
                    fitted_.push_back({point.at_s, minute->second.voltage, Amps{std::llround(point.value * 100)}});
            }
        }
        record_.fit = fit_battery(fitted_, record_.resistance_mohm);
        return std::nullopt;
    }

    void note_gaps() {
        std::int64_t end = record_.from_s;
        for (std::size_t i = 0; i <= record_.rows.size(); ++i) {
            const bool last = i == record_.rows.size();
            const std::int64_t begin = last ? record_.to_s : record_.rows[i].at_s;
            if (begin - end >= least_gap_s && !record_.rows.empty())
                note("No rows from " + iso_time(end) + "Z to " + iso_time(begin) + "Z");
            if (!last) end = std::max(end, begin + length_of(record_, i));
        }
    }

    void note(std::string text) {
        if (record_.notes.size() < most_notes) record_.notes.push_back(std::move(text));
    }

    Connection& db_;
    const Config& config_;
    SiteRecord& record_;
    const Policy* policy_ = nullptr;
    std::unique_ptr<ZoneClock> zone_;
    std::map<std::int64_t, HeldRow> rows_;
    std::vector<BatteryMinute> fitted_;
};

}  // namespace

Edit<WhatifInputs> read_inputs(Connection& db, const Config& config, const WhatifQuery& query) {
    WhatifInputs inputs;
    inputs.record.from_s = query.from.count() / 1000;
    inputs.record.to_s = query.to.count() / 1000;
    Edit<PolicyLine> as_is = read_policies(db, config, inputs.record, {});
    if (!as_is) return as_is.failure();
    inputs.as_is = std::move(as_is.value());
    if (!query.changes.empty()) {
        Edit<PolicyLine> changed = read_policies(db, config, inputs.record, query.changes);
        if (!changed) return changed.failure();
        inputs.changed = std::move(changed.value());
    }
    const Result<Settings> now = read_settings(db, Settings{});
    if (!now) return failed(now.failure());
    RecordReader reader(db, config, inputs.record);
    if (const auto wrong = reader.read(inputs.as_is, now.value())) return failed(*wrong);
    return inputs;
}

}  // namespace volt::whatif
