// Lock for changing the database: one program at a time, voltd for as long as it runs, `voltctl db` for a moment.
#pragma once

#include <optional>
#include <string>

namespace volt {

/// An advisory lock on `<database>.lock`, released when it is destroyed or the process ends in any way.
class DatabaseLock {
public:
    /// Takes the lock. Empty if another process has it (tried for 0.5 s). If no lock file can be made (a read-only disk) it
    /// succeeds without one: control must not depend on it.
    static std::optional<DatabaseLock> take(const std::string& database);
    /// Returns true if a process has it now. Makes no file.
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
