#include "drivers/store/settings/checks.hpp"

#include <algorithm>
#include <cmath>

#include "drivers/decimal.hpp"
#include "drivers/store/settings/io.hpp"
#include "drivers/store/settings/rules.hpp"

namespace volt {

namespace {

bool differs(const Record* before, const Record& after, const std::string& field) {
    return before == nullptr || before->at(field) != after.at(field);
}

const std::int64_t* steps_of(const Record& record, const char* field) { return std::get_if<std::int64_t>(&record.at(field)); }

/// Returns the value nearest to the current one that satisfies its bounds and all related columns, or an empty string if none
/// does.
std::string nearest_allowed(const Record& record, const char* name) {
    const SettingsField& field = field_at(record.table, name);
    std::int64_t low = field.bounds.low, high = field.bounds.high;
    for (const FieldOrder& it : orders_of(record.table)) {
        const std::int64_t gap = it.order == Order::below ? 1 : 0;
        if (it.low == std::string_view(name))
            if (const auto* limit = steps_of(record, it.high)) high = std::min(high, *limit - gap);
        if (it.high == std::string_view(name))
            if (const auto* limit = steps_of(record, it.low)) low = std::max(low, *limit + gap);
    }
    if (low > high) return "";
    return short_decimal(std::clamp(*steps_of(record, name), low, high), field.bounds.decimals);
}

EditProblem order_problem(const Record* before, const Record& after, const FieldOrder& order) {
    const bool blame_low = differs(before, after, order.low) || !differs(before, after, order.high);
    const char* name = blame_low ? order.low : order.high;
    const char* other = blame_low ? order.high : order.low;
    const std::string sign = order.order == Order::below ? (blame_low ? "< " : "> ") : (blame_low ? "<= " : ">= ");
    return make_problem(name, after.text(name), sign + other + " (" + after.text(other) + ")", nearest_allowed(after, name));
}

void check_orders(const Record* before, const Record& after, std::vector<EditProblem>& problems) {
    for (const FieldOrder& it : orders_of(after.table)) {
        const auto *low = steps_of(after, it.low), *high = steps_of(after, it.high);
        if (low != nullptr && high != nullptr && !it.holds(*low, *high)) problems.push_back(order_problem(before, after, it));
    }
}

/// Checks the ends of the curve, which are the calibration.
void check_curve_ends(const Record* before, const Record& after, std::vector<EditProblem>& problems) {
    const Curve* curve = std::get_if<Curve>(&after.at("voltage_curve"));
    if (curve == nullptr || curve->empty()) return;
    const auto check_end = [&](const char* name, const CurvePoint& end, const char* which) {
        const std::int64_t* calibration = steps_of(after, name);
        if (calibration == nullptr || *calibration == end.voltage.steps) return;
        const std::string point = short_decimal(end.voltage.steps, 2);
        if (differs(before, after, name) || !differs(before, after, "voltage_curve"))
            problems.push_back(make_problem(
                name, after.text(name),
                "the voltage of the " + std::string(which) + " point of voltage_curve (" + point + "); change both together",
                point));
        else
            problems.push_back(make_problem("voltage_curve", after.text("voltage_curve"),
                                            "a curve whose " + std::string(which) + " point is at " + name + " (" +
                                                after.text(name) + "); change both together"));
    };
    check_end("voltage_at_0_percent", curve->front(), "first");
    check_end("voltage_at_100_percent", curve->back(), "last");
}

/// Output required by an enabled row.
struct OutputClaim {
    std::string output, field, row, id;
};

void add_claims(const Record& row, std::vector<OutputClaim>& claims) {
    const auto claim = [&](const char* field, const std::string& who) {
        if (const std::string output = row.text(field); !output.empty())
            claims.push_back({output, field, who + row.name(), row.id()});
    };
    if (!row.flag("enabled")) return;
    if (row.table == SettingsTable::miners) return claim("device_id", "miner ");
    const bool heater = row.text("heating_priority_1") == "heater" || row.text("heating_priority_2") == "heater";
    if (row.flag("heating_enabled") && heater) claim("heater_device_id", "the heater of zone ");
    if (row.flag("exhaust_fan_enabled")) claim("exhaust_fan_device_id", "the fan of zone ");
}

std::vector<OutputClaim> claims_of(const SettingsState& state) {
    std::vector<OutputClaim> claims;
    for (const Record& row : state.miners) add_claims(row, claims);
    for (const Record& row : state.zones) add_claims(row, claims);
    return claims;
}

EditProblem conflict(std::string field, std::string value, std::string need, const std::string& text) {
    EditProblem problem{std::move(field), std::move(value), std::move(need), "", ""};
    problem.text = problem.field + " " + problem.value + ": " + text;
    return problem;
}

class Conflicts {
public:
    Conflicts(const SettingsState& before, const SettingsState& target) : before_(before), target_(target) {}

    std::vector<EditProblem> found() {
        for (const SettingsTable table : {SettingsTable::zones, SettingsTable::miners}) {
            same_slugs(table);
            too_many(table);
        }
        same_outputs();
        lost_zones();
        return std::move(problems_);
    }

private:
    bool changed(SettingsTable table, const Record& row) const {
        const Record* old = find_id(before_.rows(table), row.id());
        return old == nullptr || *old != row;
    }

    void same_slugs(SettingsTable table) {
        const std::vector<Record>& rows = target_.rows(table);
        for (std::size_t i = 0; i < rows.size(); ++i)
            for (std::size_t j = 0; j < i; ++j) {
                if (rows[i].slug() != rows[j].slug()) continue;
                const bool later = changed(table, rows[i]);
                if (!later && !changed(table, rows[j])) continue;
                const Record &mine = later ? rows[i] : rows[j], &other = later ? rows[j] : rows[i];
                problems_.push_back(conflict(name_column(table), mine.name(), "a name other than " + other.name(),
                                             "its slug " + mine.slug() + " is taken by " + noun_of(table) + " " + other.name()));
            }
    }

    void too_many(SettingsTable table) {
        const std::size_t count = target_.rows(table).size();
        if (count <= most_settings_rows || count <= before_.rows(table).size()) return;
        problems_.push_back(conflict(name_column(table), target_.rows(table).back().name(),
                                     "at most " + std::to_string(most_settings_rows) + " rows",
                                     "there are " + std::to_string(most_settings_rows) + " rows already"));
    }

    void same_outputs() {
        const std::vector<OutputClaim> claims = claims_of(target_), old = claims_of(before_);
        const auto is_new = [&](const OutputClaim& it) {
            return std::none_of(old.begin(), old.end(), [&](const OutputClaim& o) {
                return o.id == it.id && o.field == it.field && o.output == it.output;
            });
        };
        for (std::size_t i = 0; i < claims.size(); ++i)
            for (std::size_t j = 0; j < i; ++j) {
                if (claims[i].output != claims[j].output) continue;
                const bool later = is_new(claims[i]);
                if (!later && !is_new(claims[j])) continue;
                const OutputClaim &mine = later ? claims[i] : claims[j], &other = later ? claims[j] : claims[i];
                problems_.push_back(
                    conflict(mine.field, mine.output, "a separate output", "this output is in use by " + other.row));
            }
    }

    void lost_zones() {
        for (const Record& miner : target_.miners) {
            const std::string zone = miner.text("hvac_zone_id");
            if (zone.empty() || find_id(target_.zones, zone) != nullptr) continue;
            const Record* old = find_id(before_.zones, zone);
            problems_.push_back(conflict("hvac_zone_id", old == nullptr ? zone : old->name(), "a zone, or null",
                                         (old == nullptr ? "no such zone for miner " : "it is the zone of miner ") +
                                             miner.name() + "; first give that miner another zone, or null"));
        }
    }

    const SettingsState &before_, &target_;
    std::vector<EditProblem> problems_;
};

}  // namespace

std::vector<EditProblem> check_record(const Record* before, const Record& after) {
    std::vector<EditProblem> problems;
    const std::vector<SettingsField>& fields = fields_of(after.table);
    for (std::size_t i = 0; i < fields.size(); ++i)
        if (!fields[i].fixed)
            if (auto problem = check_value(fields[i], after.values[i])) problems.push_back(std::move(*problem));
    if (!problems.empty()) return problems;
    check_orders(before, after, problems);
    if (after.table == SettingsTable::preferences) check_curve_ends(before, after, problems);
    return problems;
}

std::vector<EditProblem> find_conflicts(const SettingsState& before, const SettingsState& target) {
    return Conflicts(before, target).found();
}

}  // namespace volt
