#include "drivers/store/schema/settings_sum.hpp"

#include <charconv>

#include "drivers/crypto.hpp"
#include "drivers/store/schema/settings_tables.hpp"

namespace volt {

namespace {

bool has_sums(Connection& db) {
    return db.number("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'settings_sum'").has_value();
}

void add_value(const Statement& row, int column, std::string& text) {
    if (row.is_null(column)) {
        text += "null";
    } else if (row.is_number(column)) {
        char digits[32];
        const auto end = std::to_chars(digits, digits + sizeof digits, row.real(column));
        text.append(digits, end.ptr);
    } else {
        const std::string value = row.text(column);
        text += (row.is_text(column) ? "text " : "blob ") + std::to_string(value.size()) + " " + value;
    }
    text += '\n';
}

/// Returns every value of every row except `updated_at`, which alone is not a change, in the history either.
SqlStatus canonical_text(Connection& db, std::string& text) {
    for (const char* table : settings_table_names) {
        Statement row = db.prepare(std::string("SELECT * FROM ") + table + " ORDER BY id");
        while (row.row()) {
            text += std::string(table) + "\n";
            for (int i = 0; i < row.columns(); ++i) {
                if (row.column_name(i) == "updated_at") continue;
                text += row.column_name(i) + "=";
                add_value(row, i, text);
            }
        }
        if (!row.status().ok()) return row.status();
    }
    return {};
}

}  // namespace

SqlStatus sum_of_settings(Connection& db, std::string& sum) {
    std::string text;
    const SqlStatus done = canonical_text(db, text);
    sum = sha256_hex(text);
    return done;
}

SqlStatus write_sum(Connection& db) {
    if (!has_sums(db)) return {};
    std::string sum;
    SqlStatus done = sum_of_settings(db, sum);
    if (done.ok()) done = db.execute("DELETE FROM settings_sum");
    if (!done.ok()) return done;
    return db.prepare("INSERT INTO settings_sum (revision, sha256) SELECT revision, ?1 FROM settings_revision")
        .bind(1, sum)
        .run();
}

SqlStatus check_sum(Connection& db, SumState& state) {
    state = SumState::missing;
    if (!has_sums(db)) return {};
    Statement kept = db.prepare("SELECT sha256 FROM settings_sum WHERE revision = (SELECT revision FROM settings_revision)");
    if (!kept.row()) return kept.status();
    std::string sum;
    const SqlStatus done = sum_of_settings(db, sum);
    if (done.ok()) state = sum == kept.text(0) ? SumState::good : SumState::damaged;
    return done;
}

}  // namespace volt
