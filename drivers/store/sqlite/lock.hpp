// Who may change the database: one program at a time, voltd for as long as it runs, `voltctl db` for a moment.
#pragma once

#include <optional>
#include <string>

namespace volt {

/// An advisory lock on `<database>.lock`, released when it is destroyed or the process ends, however it ends.
class DatabaseLock {
public:
    /// Nothing when another process holds it (tried for 0.5 s). Where no lock file can be made (a read-only disk) the
    /// lock is held without one: control must not depend on it.
    static std::optional<DatabaseLock> take(const std::string& database);
    /// Whether a process holds it now; makes no file.
    static bool is_held(const std::string& database);

    DatabaseLock(DatabaseLock&& other) noexcept;
    DatabaseLock& operator=(DatabaseLock&&) = delete;
    DatabaseLock(const DatabaseLock&) = delete;
    DatabaseLock& operator=(const DatabaseLock&) = delete;
    ~DatabaseLock();

private:
    explicit DatabaseLock(int fd) : fd_(fd) {}
    int fd_ = -1;
};

}  // namespace volt
