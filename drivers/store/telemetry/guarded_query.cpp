#include "drivers/store/telemetry/guarded_query.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string_view>

#include "drivers/store/telemetry/history_reader.hpp"

namespace volt {

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int steps_between_looks = 20;
/// Limits of the work between two checks of the time: LIKE takes its text times its pattern. trim() takes its text times its set
/// of characters, a hundred times as long as any other function, so it is not available here.
constexpr int longest_value_bytes = 64 * 1024, most_columns = 100, longest_pattern_bytes = 200;
/// Limit of SQLite in this program, for all connections: it sorts in memory, since a file for sorting has no bound.
constexpr sqlite3_int64 most_heap_bytes = std::int64_t{96} * 1024 * 1024;
/// settings_history has whole rows of settings as JSON, including coordinates.
constexpr std::string_view closed_tables[] = {"users", "web_sessions", "settings_history"};
constexpr std::string_view closed_columns[] = {"latitude", "longitude"};
constexpr std::string_view closed_functions[] = {"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"};

template <std::size_t Count>
bool is_one_of(const char* name, const std::string_view (&names)[Count]) {
    return name != nullptr && std::any_of(std::begin(names), std::end(names), [&](std::string_view it) {
               return sqlite3_strnicmp(it.data(), name, static_cast<int>(it.size()) + 1) == 0;
           });
}

/// Authorizes an action. `location` points at whether coordinates may be read.
int authorize(void* location, int action, const char* first, const char* second, const char*, const char*) {
    switch (action) {
        case SQLITE_SELECT:
        case SQLITE_RECURSIVE: return SQLITE_OK;
        case SQLITE_READ:
            if (is_one_of(first, closed_tables)) return SQLITE_DENY;
            return is_one_of(second, closed_columns) && !*static_cast<const bool*>(location) ? SQLITE_IGNORE : SQLITE_OK;
        case SQLITE_FUNCTION: return is_one_of(second, closed_functions) ? SQLITE_DENY : SQLITE_OK;
        default: return SQLITE_DENY;
    }
}

/// Time limit of a statement.
struct QueryTime {
    SteadyClock::time_point end = SteadyClock::now() + std::chrono::milliseconds{guarded_query_ms};
    const std::atomic<bool>* give_up = nullptr;
};

int is_over(void* context) {
    const auto& time = *static_cast<const QueryTime*>(context);
    return (time.give_up != nullptr && time.give_up->load()) || SteadyClock::now() >= time.end ? 1 : 0;
}

void no_trim_set(sqlite3_context* context, int, sqlite3_value**) {
    sqlite3_result_error(context, "trim, ltrim and rtrim take one argument here", -1);
}

void bound_trim(sqlite3* db) {
    for (const char* name : {"trim", "ltrim", "rtrim"})
        sqlite3_create_function(db, name, 2, SQLITE_UTF8, nullptr, no_trim_set, nullptr, nullptr);
}

struct Finalized {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using OwnStatement = std::unique_ptr<sqlite3_stmt, Finalized>;

Failure refusal(const std::string& text) { return {Fault::refused, text}; }

Failure failure_of(sqlite3* db) {
    if (sqlite3_errcode(db) == SQLITE_INTERRUPT)
        return refusal("it took longer than " + std::to_string(guarded_query_ms / 1000) + " s; ask for less");
    return refusal(sqlite3_errmsg(db));
}

/// Returns true if more than blanks, semicolons and comments follow: then preparing the rest gives a statement or an error.
bool has_more_statements(sqlite3* db, const char* rest) {
    sqlite3_stmt* next = nullptr;
    while (*rest != '\0') {
        const char* end = nullptr;
        const int code = sqlite3_prepare_v2(db, rest, -1, &next, &end);
        const OwnStatement owned(next);
        if (code != SQLITE_OK || next != nullptr) return true;
        if (end == rest) return false;
        rest = end;
    }
    return false;
}

GuardedValue value_at(sqlite3_stmt* statement, int column) {
    switch (sqlite3_column_type(statement, column)) {
        case SQLITE_INTEGER: return std::int64_t{sqlite3_column_int64(statement, column)};
        case SQLITE_FLOAT: return sqlite3_column_double(statement, column);
        case SQLITE_NULL: return nullptr;
        case SQLITE_BLOB: return "(" + std::to_string(sqlite3_column_bytes(statement, column)) + " bytes)";
        default: break;
    }
    const auto* text = sqlite3_column_text(statement, column);
    return text == nullptr ? GuardedValue(nullptr) : GuardedValue(std::string(reinterpret_cast<const char*>(text)));
}

std::size_t bytes_of(const GuardedValue& value) {
    const auto* text = std::get_if<std::string>(&value);
    return text == nullptr ? sizeof value : text->size();
}

Result<GuardedRows> rows_of_statement(sqlite3* db, sqlite3_stmt* statement, std::size_t most_rows) {
    GuardedRows found;
    const int columns = sqlite3_column_count(statement);
    for (int i = 0; i < columns; ++i) found.columns.emplace_back(sqlite3_column_name(statement, i));
    std::size_t bytes = 0;
    int code = sqlite3_step(statement);
    for (; code == SQLITE_ROW; code = sqlite3_step(statement)) {
        GuardedRow row;
        for (int i = 0; i < columns && bytes <= most_guarded_bytes; ++i)
            bytes += bytes_of(row.emplace_back(value_at(statement, i)));
        found.more = found.rows.size() == most_rows || bytes > most_guarded_bytes;
        if (found.more) return found;
        found.rows.push_back(std::move(row));
    }
    if (code != SQLITE_DONE) return failure_of(db);
    return found;
}

}  // namespace

Result<GuardedRows> guarded_query(const std::string& path, const std::string& sql, std::size_t most_rows,
                                  const std::atomic<bool>* give_up, bool location) {
    if (sql.size() > most_query_bytes || sql.find('\0') != std::string::npos)
        return refusal("the statement is too long, or no text");
    Result<Connection> opened = open_reader(path);
    if (!opened) return opened.failure();
    opened.value().execute("PRAGMA query_only = 1; PRAGMA temp_store = MEMORY");
    sqlite3_hard_heap_limit64(most_heap_bytes);
    sqlite3* db = opened.value().handle();
    QueryTime time{.give_up = give_up};
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, longest_value_bytes);
    sqlite3_limit(db, SQLITE_LIMIT_COLUMN, most_columns);
    sqlite3_limit(db, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, longest_pattern_bytes);
    bound_trim(db);
    sqlite3_set_authorizer(db, authorize, &location);
    sqlite3_progress_handler(db, steps_between_looks, is_over, &time);
    sqlite3_stmt* prepared = nullptr;
    const char* rest = nullptr;
    const int code = sqlite3_prepare_v2(db, sql.c_str(), -1, &prepared, &rest);
    const OwnStatement statement(prepared);
    if (code != SQLITE_OK) return failure_of(db);
    if (prepared == nullptr || sqlite3_stmt_readonly(prepared) == 0 || sqlite3_stmt_isexplain(prepared) != 0 ||
        sqlite3_column_count(prepared) == 0)
        return refusal("only one SELECT is allowed");
    if (has_more_statements(db, rest)) return refusal("only one statement is allowed");
    return rows_of_statement(db, prepared, most_rows);
}

Result<std::string> readable_schema(const std::string& path) {
    Result<Connection> opened = open_reader(path);
    if (!opened) return opened.failure();
    Statement rows = opened.value().prepare(
        "SELECT m.name, group_concat(c.name, ', ') FROM sqlite_master AS m, pragma_table_info(m.name) AS c "
        "WHERE m.type IN ('view', 'table') AND m.name NOT LIKE 'sqlite%' GROUP BY m.name ORDER BY m.type DESC, m.name");
    std::string text;
    while (rows.row())
        if (!is_one_of(rows.text(0).c_str(), closed_tables)) text += rows.text(0) + " (" + rows.text(1) + ")\n";
    if (!rows.status().ok()) return rows.status().failure(path);
    return text;
}

}  // namespace volt
