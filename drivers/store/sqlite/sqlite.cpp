#include "drivers/store/sqlite/sqlite.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <utility>

#include "drivers/store/sqlite/files.hpp"

namespace volt {

namespace {

int primary(int code) { return code & 0xff; }

SqlStatus status_of(sqlite3* db, int code) {
    if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return {};
    return {code, db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code)};
}

Fault fault_of(int code) {
    switch (primary(code)) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_FULL:
        case SQLITE_NOMEM:
        case SQLITE_INTERRUPT: return Fault::retry;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return Fault::wrong_device;
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
        case SQLITE_PROTOCOL: return Fault::reconnect;
        default: return Fault::refused;
    }
}

constexpr int longest_nap_ms = 20;
constexpr int steps_between_checks = 10'000;  // virtual machine steps: well under 10 ms

/// Sleeps 1, 2, 3 … 20, 20 … ms, up to the total time of the wait.
int wait_for_lock(void* context, int naps) {
    const auto& wait = *static_cast<const LockWait*>(context);
    const int grown = std::min(naps, longest_nap_ms);
    const int waited = grown * (grown + 1) / 2 + (naps - grown) * longest_nap_ms;
    if (waited >= wait.ms || wait.give_up->load()) return 0;
    sqlite3_sleep(std::min(naps + 1, longest_nap_ms));
    return 1;
}

/// Escapes characters with a meaning in a URI as %XX.
std::string uri_escaped(const std::string& path) {
    std::string escaped;
    for (const char c : path) {
        if (c == '%' || c == '?' || c == '#') {
            escaped += '%';
            escaped += "0123456789ABCDEF"[c >> 4];
            escaped += "0123456789ABCDEF"[c & 15];
        } else {
            escaped += c;
        }
    }
    return escaped;
}

}  // namespace

bool SqlStatus::full() const { return primary(code) == SQLITE_FULL; }
bool SqlStatus::broken() const { return primary(code) == SQLITE_CORRUPT || primary(code) == SQLITE_NOTADB; }
bool SqlStatus::busy() const { return primary(code) == SQLITE_BUSY || primary(code) == SQLITE_LOCKED; }
bool SqlStatus::bad_row() const {
    const int p = primary(code);
    return p == SQLITE_CONSTRAINT || p == SQLITE_MISMATCH || p == SQLITE_TOOBIG || p == SQLITE_RANGE;
}
bool SqlStatus::only_read() const { return primary(code) == SQLITE_READONLY || primary(code) == SQLITE_CANTOPEN; }

Failure SqlStatus::failure(const std::string& what) const {
    return {fault_of(code), what + ": " + text + " (SQLite " + std::to_string(code) + ")"};
}

Statement::Statement(sqlite3* db, std::string_view sql) : db_(db) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(db, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    handle_.reset(statement);
    status_ = status_of(db, code);
    if (code == SQLITE_OK && statement == nullptr) status_ = {SQLITE_MISUSE, "empty statement"};
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement& Statement::bind(int index, std::int64_t value) {
    if (handle_ && sqlite3_bind_int64(handle_.get(), index, value) != SQLITE_OK) status_ = status_of(db_, SQLITE_RANGE);
    return *this;
}

Statement& Statement::bind(int index, double value) {
    if (handle_ && sqlite3_bind_double(handle_.get(), index, value) != SQLITE_OK) status_ = status_of(db_, SQLITE_RANGE);
    return *this;
}

Statement& Statement::bind(int index, std::string_view value) {
    if (!handle_) return *this;
    const char* data = value.data() != nullptr ? value.data() : "";
    const int code = sqlite3_bind_text64(handle_.get(), index, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    if (code != SQLITE_OK) status_ = status_of(db_, code);
    return *this;
}

Statement& Statement::bind_null(int index) {
    if (handle_ && sqlite3_bind_null(handle_.get(), index) != SQLITE_OK) status_ = status_of(db_, SQLITE_RANGE);
    return *this;
}

bool Statement::row() {
    if (!handle_ || !status_.ok()) return false;
    const int code = sqlite3_step(handle_.get());
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) status_ = status_of(db_, code);
    return false;
}

SqlStatus Statement::run() {
    while (row()) {}
    SqlStatus ended = status_;
    reset();
    return ended;
}

void Statement::reset() {
    if (!handle_) return;
    sqlite3_reset(handle_.get());
    sqlite3_clear_bindings(handle_.get());
    status_ = {};
}

int Statement::columns() const { return handle_ ? sqlite3_column_count(handle_.get()) : 0; }

int Statement::column(std::string_view name) const {
    for (int i = 0; i < columns(); ++i)
        if (name == sqlite3_column_name(handle_.get(), i)) return i;
    return -1;
}

std::string Statement::column_name(int column) const {
    const char* name = handle_ ? sqlite3_column_name(handle_.get(), column) : nullptr;
    return name != nullptr ? name : "";
}

bool Statement::is_null(int column) const { return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL; }
bool Statement::is_text(int column) const { return sqlite3_column_type(handle_.get(), column) == SQLITE_TEXT; }
bool Statement::is_number(int column) const {
    const int type = sqlite3_column_type(handle_.get(), column);
    return type == SQLITE_INTEGER || type == SQLITE_FLOAT;
}
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }
double Statement::real(int column) const { return sqlite3_column_double(handle_.get(), column); }

std::string Statement::text(int column) const {
    const unsigned char* data = sqlite3_column_text(handle_.get(), column);
    if (data == nullptr) return {};
    return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

void Connection::Close::operator()(sqlite3* db) const { sqlite3_close_v2(db); }

Result<Connection> Connection::open(const std::string& path, OpenMode mode) {
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    switch (mode) {
        case OpenMode::read_only: flags |= SQLITE_OPEN_READONLY; break;
        case OpenMode::read_write: flags |= SQLITE_OPEN_READWRITE; break;
        case OpenMode::create: flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE; break;
        case OpenMode::frozen: flags |= SQLITE_OPEN_READONLY | SQLITE_OPEN_URI; break;
    }
    const std::string name = mode == OpenMode::frozen ? "file:" + uri_escaped(path) + "?immutable=1" : path;
    // SQLite makes files 0644 at most. Its companions (-wal, -shm) take the mode of the database.
    if (mode == OpenMode::create && path != ":memory:") make_file(path, Rights::data);
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(name.c_str(), &handle, flags, nullptr);
    Connection db;
    db.handle_.reset(handle);
    if (code != SQLITE_OK) return status_of(handle, code).failure("cannot open " + path);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
    return db;
}

SqlStatus Connection::execute(const std::string& sql) {
    return status_of(handle_.get(), sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr));
}

std::optional<std::int64_t> Connection::number(std::string_view sql) {
    Statement query = prepare(sql);
    if (!query.row() || query.is_null(0)) return std::nullopt;
    return query.integer(0);
}

std::optional<std::int64_t> Connection::data_version() {
    if (!version_) version_ = prepare("PRAGMA data_version");
    if (!version_->row()) {
        version_.reset();
        return std::nullopt;
    }
    const std::int64_t version = version_->integer(0);
    version_->reset();
    return version;
}

void Connection::close() {
    version_.reset();
    handle_.reset();
}

std::optional<std::string> Connection::text(std::string_view sql) {
    Statement query = prepare(sql);
    if (!query.row() || query.is_null(0)) return std::nullopt;
    return query.text(0);
}

SqlStatus Connection::status() const { return status_of(handle_.get(), sqlite3_extended_errcode(handle_.get())); }
bool Connection::in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }
std::int64_t Connection::changes() const { return sqlite3_changes64(handle_.get()); }
void Connection::busy_timeout(int ms) { sqlite3_busy_timeout(handle_.get(), ms); }

void Connection::wait_with(const LockWait& wait) {
    auto* context = const_cast<LockWait*>(&wait);
    sqlite3_busy_handler(handle_.get(), wait_for_lock, context);
    sqlite3_progress_handler(
        handle_.get(), steps_between_checks, [](void* it) { return static_cast<const LockWait*>(it)->give_up->load() ? 1 : 0; },
        context);
}

Transaction::Transaction(Connection& db) : db_(db), begun_(db.execute("BEGIN IMMEDIATE")), open_(begun_.ok()) {}

Transaction::~Transaction() {
    // A full disk or an I/O error may have rolled back already.
    if (open_ && db_.in_transaction()) db_.execute("ROLLBACK");
}

SqlStatus Transaction::commit() {
    if (!open_) return begun_;
    SqlStatus ended = db_.execute("COMMIT");
    if (ended.ok()) open_ = false;
    return ended;
}

std::string sql_quoted(std::string_view text) {
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'') quoted += '\'';
        quoted += c;
    }
    return quoted + "'";
}

}  // namespace volt
