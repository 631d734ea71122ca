#include "daemon/settings/settings_json.hpp"

#include "daemon/settings/settings_text.hpp"
#include "drivers/text.hpp"

namespace volt::json {

namespace {

double number_of(std::int64_t steps, int decimals) {
    constexpr double scales[] = {1, 10, 100, 1000};
    return static_cast<double>(steps) / scales[decimals];
}

/// Returns 15 for 15.00 % and 15.5 for 15.50 %, as in the schema.
Object percent(Percent soc) {
    if (soc.steps % 100 == 0) return soc.steps / 100;
    return number_of(soc.steps, 2);
}

/// Reads `{"voltage":45.0,"soc":0}` or `[45.0,0]`.
bool add_point(const Object& point, GivenCurve& curve) {
    const bool pair = point.is_array() && point.size() == 2;
    const bool named = point.is_object() && point.size() == 2 && point.contains("voltage") && point.contains("soc");
    if (!pair && !named) return false;
    const Object &voltage = pair ? point[0] : point["voltage"], &soc = pair ? point[1] : point["soc"];
    if (!voltage.is_number() || !soc.is_number()) return false;
    curve.emplace_back(voltage.get<double>(), soc.get<double>());
    return true;
}

FieldValue curve_of(const Object& given) {
    GivenCurve curve;
    for (const Object& point : given)
        if (curve.size() > 32 || !add_point(point, curve)) return json_text(given);
    return curve;
}

const char* word_of(const RowChange& change) { return !change.before ? "added" : change.after ? "changed" : "removed"; }

const char* word_of(LoggedChange::Kind kind) {
    switch (kind) {
        case LoggedChange::Kind::added: return "added";
        case LoggedChange::Kind::changed: return "changed";
        case LoggedChange::Kind::removed: return "removed";
    }
    return "?";
}

Object problem(const EditProblem& it) {
    Object object{{"error", it.text}};
    if (!it.field.empty()) object["field"] = it.field;
    if (!it.need.empty()) object["need"] = it.need;
    if (!it.value.empty()) object["value"] = it.value;
    if (!it.nearest.empty()) object["nearest"] = it.nearest;
    return object;
}

}  // namespace

Object value(const SettingsField& field, const FieldValue& value) {
    struct Make {
        const SettingsField& field;
        Object operator()(std::monostate) const { return nullptr; }
        Object operator()(bool flag) const { return flag; }
        Object operator()(std::int64_t steps) const {
            if (field.bounds.decimals == 0) return steps;
            return number_of(steps, field.bounds.decimals);
        }
        Object operator()(double number) const { return number; }
        Object operator()(const std::string& text) const { return text; }
        Object operator()(const Curve& curve) const {
            Object points = Object::array();
            for (const CurvePoint& it : curve)
                points.push_back({{"voltage", number_of(it.voltage.steps, 2)}, {"soc", percent(it.soc)}});
            return points;
        }
        Object operator()(const GivenCurve& curve) const {
            Object points = Object::array();
            for (const auto& [voltage, soc] : curve) points.push_back({{"voltage", voltage}, {"soc", soc}});
            return points;
        }
    };
    return std::visit(Make{field}, value);
}

Object record(const Record& record) {
    Object object = Object::object();
    const std::vector<SettingsField>& fields = fields_of(record.table);
    for (std::size_t i = 0; i < fields.size(); ++i) object[fields[i].name] = value(fields[i], record.values[i]);
    return object;
}

Object records(const std::vector<Record>& rows) {
    Object list = Object::array();
    for (const Record& row : rows) list.push_back(record(row));
    return list;
}

Record record_of(SettingsTable table, const Object& object) {
    Record record = make_record(table);
    if (!object.is_object()) return record;
    const std::vector<SettingsField>& fields = fields_of(table);
    for (std::size_t i = 0; i < fields.size(); ++i)
        if (const auto found = object.find(fields[i].name); found != object.end())
            record.values[i] = fitted(fields[i], value_of(fields[i], *found));
    return record;
}

Object given(const Assignment& assignment, SettingsTable table) {
    static const SettingsField unknown{"", FieldKind::text};
    const int index = field_index(table, assignment.field);
    return value(index < 0 ? unknown : fields_of(table)[static_cast<std::size_t>(index)], assignment.value);
}

Object change(const RowChange& change) {
    Object object{{"table", sql_name(change.table)},
                  {"id", change.row().id()},
                  {"row", change.row().slug()},
                  {"what", word_of(change)},
                  {"fields", Object::object()}};
    const std::vector<SettingsField>& fields = fields_of(change.table);
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const FieldValue nothing;
        const FieldValue& before = change.before ? change.before->values[i] : nothing;
        const FieldValue& after = change.after ? change.after->values[i] : nothing;
        if (before == after || std::string_view(fields[i].name) == "updated_at") continue;
        object["fields"][fields[i].name] = {{"before", value(fields[i], before)}, {"after", value(fields[i], after)}};
    }
    return object;
}

Object log_entry(const LoggedChange& change) {
    Object object{{"change", change.change},         {"at", change.at},           {"who", change.who},
                  {"table", sql_name(change.table)}, {"id", change.row_id},       {"row", change.row},
                  {"what", word_of(change.kind)},    {"fields", Object::object()}};
    for (const LoggedField& it : change.fields) object["fields"][it.field] = {{"before", it.before}, {"after", it.after}};
    return object;
}

Object failure(const EditFailure& failure) {
    Object object{{"error", failure.text}};
    if (!failure.problems.empty()) object = problem(failure.problems.front());
    if (failure.problems.size() > 1)
        for (const EditProblem& it : failure.problems) object["problems"].push_back(problem(it));
    if (!failure.known.empty()) object["known"] = failure.known;
    return object;
}

int http_status(EditFault fault) {
    switch (fault) {
        case EditFault::refused: return 400;
        case EditFault::not_found: return 404;
        case EditFault::conflict: return 409;
        case EditFault::moved: return 412;
        case EditFault::unavailable: return 503;
    }
    return 500;
}

FieldValue value_of(const SettingsField& field, const Object& given) {
    if (given.is_null()) return std::monostate{};
    if (given.is_boolean()) return given.get<bool>();
    if (given.is_number()) return given.get<double>();
    const bool curve = field.kind == FieldKind::curve;
    if (given.is_string()) return curve ? value_of_text(field, given.get<std::string>()) : FieldValue(given.get<std::string>());
    if (given.is_array() && curve) return curve_of(given);
    return json_text(given);
}

std::vector<Assignment> assignments(SettingsTable table, const Object& body) {
    std::vector<Assignment> list;
    for (const auto& [name, given] : body.items()) {
        const int index = field_index(table, name);
        if (index < 0) list.push_back({name, json_text(given)});
        else list.push_back({name, value_of(fields_of(table)[static_cast<std::size_t>(index)], given)});
    }
    return list;
}

}  // namespace volt::json
