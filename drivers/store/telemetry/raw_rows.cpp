#include "drivers/store/telemetry/raw_rows.hpp"

#include <algorithm>
#include <utility>

namespace volt {

namespace {

template <class T>
std::optional<std::int64_t> steps(const std::optional<T>& quantity) {
    if (!quantity) return std::nullopt;
    return quantity->steps;
}

std::int64_t rounded_mean(std::int64_t sum, std::int64_t count) {
    const std::int64_t half = sum < 0 ? -(count / 2) : count / 2;
    return (sum + half) / count;
}

const std::optional<std::int64_t>& value_of(const RawRow& row, RawField field) {
    return row.values[static_cast<std::size_t>(field)];
}

const char* const insert_victron =
    "INSERT OR REPLACE INTO victron_battery_readings (id, voltage, voltage_min, voltage_max, current, power, soc, "
    "temperature, state, pv_power, load_power, grid_power, pv_voltage, pv_current) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
const char* const insert_sol_ark =
    "INSERT OR REPLACE INTO solark_telemetry (timestamp, batt_voltage, batt_voltage_min, batt_voltage_max, batt_current, "
    "batt_power, soc, pv_power, load_power, grid_power, pv_voltage, pv_current) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
    "?10, ?11, ?12)";

/// Binds the values with which both tables begin.
void bind_battery(Statement& insert, const RawRow& row, std::int64_t key) {
    insert.bind(1, key).bind(2, value_of(row, RawField::voltage)).bind(3, row.voltage_min).bind(4, row.voltage_max);
    insert.bind(5, value_of(row, RawField::current))
        .bind(6, value_of(row, RawField::power))
        .bind(7, value_of(row, RawField::soc));
}

void bind_victron(Statement& insert, const RawRow& row) {
    insert.bind(8, value_of(row, RawField::temperature)).bind(9, value_of(row, RawField::state));
    insert.bind(10, value_of(row, RawField::pv)).bind(11, value_of(row, RawField::load)).bind(12, value_of(row, RawField::grid));
    insert.bind(13, value_of(row, RawField::pv_voltage)).bind(14, value_of(row, RawField::pv_current));
}

void bind_sol_ark(Statement& insert, const RawRow& row) {
    insert.bind(8, value_of(row, RawField::pv)).bind(9, value_of(row, RawField::load)).bind(10, value_of(row, RawField::grid));
    insert.bind(11, value_of(row, RawField::pv_voltage)).bind(12, value_of(row, RawField::pv_current));
}

}  // namespace

RawValues values_of(const SourceReading& r) {
    return {steps(r.voltage),       steps(r.battery_current),
            steps(r.battery_power), steps(r.battery_temperature),
            steps(r.soc),           steps(r.pv),
            steps(r.load),          steps(r.grid),
            steps(r.pv_voltage),    steps(r.pv_current),
            r.battery_state};
}

SqlStatus name_number(Connection& db, const std::string& table, const std::string& name, std::int64_t& number) {
    SqlStatus added = db.prepare("INSERT INTO " + table + " (name) VALUES (?1) ON CONFLICT DO NOTHING").bind(1, name).run();
    if (!added.ok()) return added;
    Statement query = db.prepare("SELECT id FROM " + table + " WHERE name = ?1");
    query.bind(1, name);
    if (query.row()) number = query.integer(0);
    return query.status();
}

std::int64_t RawRows::slot_start(Utc at) const { return at.count() / slot_.count() * slot_.count() / 1000; }

void RawRows::gather(Slot& slot, const SourceReading& reading) {
    const RawValues values = values_of(reading);
    for (std::size_t i = 0; i < field_count; ++i) {
        if (!values[i]) continue;
        const bool last_counts = i == static_cast<std::size_t>(RawField::state);
        slot.sum[i] = last_counts ? *values[i] : slot.sum[i] + *values[i];
        slot.count[i] = last_counts ? 1 : slot.count[i] + 1;
    }
}

void RawRows::add(const SourceReading& r, Utc at) {
    const std::int64_t start = slot_start(at);
    auto found = open_.find(r.name);
    if (found == open_.end()) {
        if (open_.size() >= most_sources) {
            ++dropped_;
            return;
        }
        found = open_.emplace(r.name, Slot{.start_s = start}).first;
    }
    Slot& slot = found->second;
    if (slot.start_s != start) {
        finish(r.name, slot);
        slot = Slot{.start_s = start};
    }
    gather(slot, r);
    if (!r.voltage) return;
    const std::int64_t volts = r.voltage->steps;
    slot.voltage_min = std::min(slot.voltage_min.value_or(volts), volts);
    slot.voltage_max = std::max(slot.voltage_max.value_or(volts), volts);
}

std::optional<RawRow> RawRows::row_of(const std::string& source, const Slot& slot) {
    RawRow row{
        .source = source, .slot_s = slot.start_s, .values = {}, .voltage_min = slot.voltage_min, .voltage_max = slot.voltage_max};
    bool any = false;
    for (std::size_t i = 0; i < field_count; ++i)
        if (slot.count[i] > 0) {
            row.values[i] = rounded_mean(slot.sum[i], slot.count[i]);
            any = true;
        }
    return any ? std::optional(row) : std::nullopt;
}

void RawRows::finish(const std::string& source, const Slot& slot) {
    std::optional<RawRow> row = row_of(source, slot);
    if (!row) return;
    if (rows_.size() >= most_rows_) {
        rows_.pop_front();
        ++dropped_;
    }
    rows_.push_back(std::move(*row));
}

void RawRows::finish_before(Utc now) {
    const std::int64_t start = slot_start(now);
    for (auto it = open_.begin(); it != open_.end();) {
        if (it->second.start_s >= start) {
            ++it;
            continue;
        }
        finish(it->first, it->second);
        it = open_.erase(it);
    }
}

void RawRows::finish() {
    for (const auto& [source, slot] : open_) finish(source, slot);
    open_.clear();
}

SqlStatus RawRows::insert_row(Statement& insert, const RawRow& row, std::int64_t source) {
    const bool is_sol_ark = row.source == sol_ark_source;
    bind_battery(insert, row, is_sol_ark ? row.slot_s : row.slot_s * 256 + source);
    is_sol_ark ? bind_sol_ark(insert, row) : bind_victron(insert, row);
    const SqlStatus done = insert.run();
    if (!done.bad_row()) return done;
    ++dropped_;
    return {};
}

SqlStatus RawRows::write(Connection& db) {
    in_write_ = 0;
    std::vector<RawRow> open;
    for (const auto& [source, slot] : open_)
        if (std::optional<RawRow> row = row_of(source, slot)) open.push_back(std::move(*row));
    std::vector<const RawRow*> rows;
    for (const RawRow& row : rows_) rows.push_back(&row);
    for (const RawRow& row : open) rows.push_back(&row);
    const SqlStatus done = insert(db, rows);
    if (done.ok()) in_write_ = rows_.size();
    return done;
}

SqlStatus RawRows::insert(Connection& db, const std::vector<const RawRow*>& rows) {
    std::map<std::string, std::int64_t> numbers;
    for (const RawRow* row : rows) {
        const auto [number, fresh] = numbers.try_emplace(row->source, -1);
        if (!fresh) continue;
        const SqlStatus named = name_number(db, "sources", row->source, number->second);
        if (!named.ok() && !named.bad_row()) return named;
    }
    // In the order of the key: appending touches the fewest pages.
    std::vector<const RawRow*> sorted = rows;
    const auto key = [&](const RawRow* row) { return std::pair(row->slot_s, numbers.at(row->source)); };
    std::stable_sort(sorted.begin(), sorted.end(), [&](const RawRow* a, const RawRow* b) { return key(a) < key(b); });
    Statement victron = db.prepare(insert_victron), sol_ark = db.prepare(insert_sol_ark);
    for (const RawRow* row : sorted) {
        const std::int64_t number = numbers.at(row->source);
        SqlStatus done;
        if (number < 0) ++dropped_;  // a name that cannot be stored, or exceeds the limit
        else done = insert_row(row->source == sol_ark_source ? sol_ark : victron, *row, number);
        if (!done.ok()) return done;
    }
    return {};
}

std::size_t RawRows::written() {
    rows_.erase(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(in_write_));
    return std::exchange(in_write_, 0);
}

}  // namespace volt
