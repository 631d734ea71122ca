#include "drivers/store/settings/row.hpp"

#include <algorithm>
#include <type_traits>

#include "drivers/decimal.hpp"
#include "drivers/store/settings/fields.hpp"
#include "drivers/store/settings/value.hpp"
#include "rules/names.hpp"

namespace volt {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <class T>
const T* find_by_id(const std::vector<T>& rows, const std::string& id) {
    for (const T& row : rows)
        if (row.id == id) return &row;
    return nullptr;
}

/// Reads a row. An invalid column is added to the problems and does not change its target.
class SettingsRow {
public:
    explicit SettingsRow(const Statement& row) : row_(row) {}

    /// Reads each column with a member in `Row`; takes an invalid one from `otherwise`.
    template <class Row>
    void read(SettingsTable table, Row& into, const Row& otherwise) {
        const auto read_one = [&](const SettingsField& field, auto member) {
            if constexpr (requires { into.*member; }) {
                into.*member = otherwise.*member;
                take(field, into.*member);
            }
        };
        for (const SettingsField& field : fields_of(table))
            std::visit([&](auto member) { read_one(field, member); }, field.member);
    }

    void take(const SettingsField& field, double& into);
    void take(const SettingsField& field, std::string& into);
    template <class T>
    void take(const SettingsField& field, T& into) {
        if constexpr (std::is_enum_v<T>) {
            take_word(field, into);
        } else if (field.kind == FieldKind::clock) {
            if (const auto second = second_of_day(field)) put(*second, field, into);
        } else if (const auto found = steps(field)) {
            put(*found, field, into);
        }
    }
    /// Reads a value; NULL becomes empty.
    template <class T>
    void take(const SettingsField& field, std::optional<T>& into) {
        into.reset();
        if (const auto found = steps(field)) put(*found, field, into.emplace());
    }

    void add(std::string field, std::string value, std::string need);
    void add(std::vector<SettingProblem> more);
    const std::vector<SettingProblem>& problems() const { return problems_; }
    /// Returns the column as text: `NULL` if it is NULL, `(missing)` if there is none.
    std::string raw(const char* name) const;

private:
    /// Returns empty for a valid NULL, or for a value that was added to the problems.
    std::optional<std::int64_t> steps(const SettingsField& field);
    /// Parses `HH:MM` as a second of the day.
    std::optional<std::int64_t> second_of_day(const SettingsField& field);

    template <class Enum>
    void take_word(const SettingsField& field, Enum& into) {
        const std::string found = raw(field.name);
        for (std::size_t i = 0; i < field.words.size(); ++i)
            if (const auto value = static_cast<Enum>(i); found == name_of(value)) return void(into = value);
        add(field.name, found, need_of(field));
    }

    static void put(std::int64_t steps, const SettingsField&, bool& into) { into = steps != 0; }
    static void put(std::int64_t steps, const SettingsField&, int& into) { into = static_cast<int>(steps); }
    static void put(std::int64_t steps, const SettingsField&, std::int64_t& into) { into = steps; }
    template <class Tag>
    static void put(std::int64_t steps, const SettingsField&, Quantity<Tag>& into) {
        into.steps = steps;
    }
    /// Stores whole seconds, or thousandths of an hour.
    static void put(std::int64_t steps, const SettingsField& field, Duration& into) {
        into = Duration{steps * (field.bounds.decimals == 3 ? 3600 : 1000)};
    }

    const Statement& row_;
    std::vector<SettingProblem> problems_;
};

std::string SettingsRow::raw(const char* name) const {
    const int column = row_.column(name);
    if (column < 0) return "(missing)";
    return row_.is_null(column) ? "NULL" : row_.text(column);
}

void SettingsRow::add(std::string field, std::string value, std::string need) {
    problems_.push_back({std::move(field), std::move(value), std::move(need)});
}

void SettingsRow::add(std::vector<SettingProblem> more) {
    for (SettingProblem& problem : more) problems_.push_back(std::move(problem));
}

std::optional<std::int64_t> SettingsRow::steps(const SettingsField& field) {
    const int column = row_.column(field.name);
    if (column >= 0 && row_.is_null(column) && field.nullable) return std::nullopt;
    if (column >= 0 && row_.is_number(column)) {
        const auto found = whole_steps(row_.real(column), field.bounds.decimals);
        if (found && *found >= field.bounds.low && *found <= field.bounds.high) return found;
    }
    add(field.name, raw(field.name), need_of(field.bounds));
    return std::nullopt;
}

void SettingsRow::take(const SettingsField& field, double& into) {
    const int column = row_.column(field.name);
    if (column >= 0 && row_.is_number(column)) {
        const double value = row_.real(column);
        if (value >= static_cast<double>(field.bounds.low) && value <= static_cast<double>(field.bounds.high))
            return void(into = value);
    }
    add(field.name, raw(field.name), need_of(field));
}

void SettingsRow::take(const SettingsField& field, std::string& into) {
    const int column = row_.column(field.name);
    const std::string found = raw(field.name);
    if (field.kind == FieldKind::word) {
        if (std::find(field.words.begin(), field.words.end(), found) != field.words.end()) return void(into = found);
        return add(field.name, found, need_of(field));
    }
    if (column >= 0 && row_.is_null(column) && field.nullable) return into.clear();
    // 64 characters of at most 4 bytes
    const auto least = static_cast<std::size_t>(field.nullable ? 0 : field.bounds.low);
    if (column >= 0 && row_.is_text(column) && found.size() >= least && found.size() <= 256) return void(into = found);
    add(field.name, found, std::to_string(least) + " to 64 characters");
}

std::optional<std::int64_t> SettingsRow::second_of_day(const SettingsField& field) {
    const std::string t = raw(field.name);
    if (t.size() == 5 && is_digit(t[0]) && is_digit(t[1]) && t[2] == ':' && is_digit(t[3]) && is_digit(t[4])) {
        const std::int64_t hour = (t[0] - '0') * 10 + (t[1] - '0'), minute = (t[3] - '0') * 10 + (t[4] - '0');
        if (hour < 24 && minute < 60) return hour * 3600 + minute * 60;
    }
    add(field.name, t, need_of(field));
    return std::nullopt;
}

std::vector<CurvePoint> read_curve(Connection& db, SettingsRow& row) {
    const std::string json = row.raw("voltage_curve");
    const FieldValue value = curve_of_json(db, json);
    if (const Curve* curve = std::get_if<Curve>(&value)) return *curve;
    row.add("voltage_curve", json, json.starts_with('[') ? "points of numbers in steps of 0.01" : "a JSON list of points");
    return {};
}

/// Substitute for an invalid row: a zone that cools and guards, and does not heat.
Zone careful_zone() {
    Zone zone;
    zone.fan_enabled = zone.block_charging_enabled = true;
    zone.minimum_solar_for_heating = Watts{field_at(SettingsTable::zones, "minimum_solar_for_heating_w").bounds.high};
    return zone;
}

Zone read_zone(SettingsRow& row) {
    Zone zone;
    row.read(SettingsTable::zones, zone, careful_zone());
    if (row.problems().empty()) row.add(check(zone));
    return zone;
}

/// Thresholds for a miner whose own are invalid: above every bank.
constexpr struct {
    Volts start{battery_volts.high}, stop{battery_volts.high - 1}, emergency{battery_volts.high - 2};
} never_starts;

/// Substitute for an invalid row: a miner that never starts, the last in order, with the largest draw.
Miner careful_miner() {
    Miner miner;
    miner.power = Watts{field_at(SettingsTable::miners, "power_draw_w").bounds.high};
    miner.priority_level = static_cast<int>(field_at(SettingsTable::miners, "priority_level").bounds.high);
    miner.start = never_starts.start, miner.stop = never_starts.stop, miner.emergency = never_starts.emergency;
    miner.require_excess_solar = true;
    miner.enabled = false;
    return miner;
}

Miner read_miner(SettingsRow& row) {
    Miner miner;
    row.read(SettingsTable::miners, miner, careful_miner());
    std::string method;
    row.take(field_at(SettingsTable::miners, "control_method"), method);
    if (row.problems().empty()) row.add(check(miner));
    return miner;
}

}  // namespace

void read_preferences(Connection& db, const Statement& found, const Settings& previous, Settings& into) {
    constexpr SettingsTable table = SettingsTable::preferences;
    SettingsRow row(found);
    row.read(table, into, previous);
    SiteMode mode = previous.preferences.mode;
    row.take(field_at(table, "operating_mode"), mode);
    const std::size_t apart = row.problems().size();
    Preferences read;
    Volts at_0{}, at_100{};
    row.read(table, read, {});
    read.curve = read_curve(db, row);
    row.take(field_at(table, "voltage_at_0_percent"), at_0);
    row.take(field_at(table, "voltage_at_100_percent"), at_100);
    if (row.problems().size() == apart) {
        row.add(check(read));
        row.add(check_curve(read.curve, at_0, at_100));
    }
    into.preferences = row.problems().size() == apart ? read : previous.preferences;
    into.preferences.mode = mode;
    add_problems(into, "user_preferences", row.problems(), "using the last good values, or the defaults");
}

void add_zone(const Statement& found, const Settings& previous, Settings& into) {
    SettingsRow row(found);
    Zone zone = read_zone(row);
    if (!row.problems().empty()) {
        const Zone* last = find_by_id(previous.zones, zone.id);
        const std::string name = "hvac_zones " + (zone.slug.empty() ? row.raw("id") : zone.slug);
        add_problems(into, name, row.problems(),
                     last != nullptr ? "using the last good row, or the default one" : "using default values");
        if (last != nullptr) zone = *last;
        const Zone defaults;
        if (!check(zone).empty())
            zone.too_hot = defaults.too_hot, zone.hot_ok = defaults.hot_ok, zone.too_cold = defaults.too_cold,
            zone.cold_ok = defaults.cold_ok;
    }
    into.zones.push_back(std::move(zone));
}

void add_miner(const Statement& found, const Settings& previous, Settings& into) {
    SettingsRow row(found);
    Miner miner = read_miner(row);
    if (row.problems().empty()) {
        into.miners.push_back(std::move(miner));
        return;
    }
    const Miner* last = find_by_id(previous.miners, miner.id);
    const std::string name = "miner_profiles " + (miner.slug.empty() ? row.raw("id") : miner.slug);
    add_problems(into, name, row.problems(),
                 last != nullptr ? "using the last good row, or the default one" : "the miner counts as disabled");
    const bool stays_on = miner.enabled && last != nullptr;
    if (last != nullptr) miner = *last;
    if (!stays_on) miner.enabled = false;
    if (!check(miner).empty())
        miner.start = never_starts.start, miner.stop = never_starts.stop, miner.emergency = never_starts.emergency;
    into.miners.push_back(std::move(miner));
}

}  // namespace volt
