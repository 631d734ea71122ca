// RAII wrappers for SQLite: connection, statement, transaction. No exceptions; every call returns its extended code.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace volt {

/// Result of a call to SQLite: extended result code (0 for success) and its text.
struct SqlStatus {
    int code = 0;
    std::string text;

    bool ok() const { return code == 0; }
    bool full() const;       ///< no space on the device, or the page cap is reached
    bool broken() const;     ///< 11, 26: the file is damaged or not a database
    bool busy() const;       ///< another connection holds the lock
    bool bad_row() const;    ///< this one statement's data is wrong, another row may pass
    bool only_read() const;  ///< read-only file, file system or directory
    Failure failure(const std::string& what) const;
};

/// A prepared statement. A failed prepare is stored and returned by status(), so that calls can be chained.
class Statement {
public:
    Statement(sqlite3* db, std::string_view sql);

    /// Binds a parameter for the next run. Parameters count from 1; an empty value binds NULL.
    Statement& bind(int index, std::int64_t value);
    Statement& bind(int index, double value);
    Statement& bind(int index, std::string_view value);
    Statement& bind_null(int index);
    template <class T>
    Statement& bind(int index, const std::optional<T>& value) {
        return value ? bind(index, *value) : bind_null(index);
    }

    /// Steps to the next row. Returns false at the end and on an error (see status()).
    bool row();
    /// Runs to the end, and resets for the next binding.
    SqlStatus run();
    SqlStatus status() const { return status_; }
    void reset();

    int columns() const;
    /// Returns the column by its name, or -1 if there is none. Columns count from 0.
    int column(std::string_view name) const;
    std::string column_name(int column) const;
    bool is_null(int column) const;
    bool is_text(int column) const;
    bool is_number(int column) const;
    std::int64_t integer(int column) const;
    double real(int column) const;
    std::string text(int column) const;

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    std::unique_ptr<sqlite3_stmt, Finalize> handle_;
    sqlite3* db_;
    SqlStatus status_;
};

/// Time that a connection waits for the lock of another one. Once `give_up` is set, waits end at once, and so do long statements.
struct LockWait {
    int ms = 0;
    const std::atomic<bool>* give_up = nullptr;
};

/// Mode of opening. `frozen`: read-only without lock and WAL, for a file system that is not writable.
enum class OpenMode : std::uint8_t { read_only, read_write, create, frozen };

/// A connection with extended codes, foreign keys, and no extensions loaded from SQL.
class Connection {
public:
    Connection() = default;
    static Result<Connection> open(const std::string& path, OpenMode mode);

    explicit operator bool() const { return handle_ != nullptr; }
    /// Runs one or more statements without parameters, and discards rows.
    SqlStatus execute(const std::string& sql);
    Statement prepare(std::string_view sql) { return Statement(handle_.get(), sql); }
    /// Returns the first column of the first row of a query, or empty on an error, NULL or no row.
    std::optional<std::int64_t> number(std::string_view sql);
    std::optional<std::string> text(std::string_view sql);
    /// Returns PRAGMA data_version, which changes when another connection commits. Prepared once, because it runs every second.
    std::optional<std::int64_t> data_version();
    SqlStatus status() const;
    bool in_transaction() const;
    std::int64_t changes() const;
    void busy_timeout(int ms);
    /// Replaces busy_timeout(). `wait` and its flag must outlive the connection.
    void wait_with(const LockWait& wait);
    sqlite3* handle() const { return handle_.get(); }
    void close();

private:
    struct Close {
        void operator()(sqlite3* db) const;
    };
    std::unique_ptr<sqlite3, Close> handle_;
    std::optional<Statement> version_;  ///< destroyed before the connection, which it would keep half open
};

/// Executes BEGIN IMMEDIATE, and ROLLBACK in the destructor unless committed.
class Transaction {
public:
    explicit Transaction(Connection& db);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    SqlStatus status() const { return begun_; }
    SqlStatus commit();

private:
    Connection& db_;
    SqlStatus begun_;
    bool open_ = false;
};

/// Returns `text` between single quotes, with inner quotes doubled.
std::string sql_quoted(std::string_view text);

}  // namespace volt
