#include "drivers/store/sqlite/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <thread>
#include <utility>

#include "drivers/store/sqlite/files.hpp"

namespace volt {

namespace {

using namespace std::chrono_literals;

constexpr int tries = 10;  ///< another program's is_held() takes it for a moment
constexpr auto between_tries = 50ms;

std::string lock_file_of(const std::string& database) { return database + ".lock"; }

}  // namespace

std::optional<DatabaseLock> DatabaseLock::take(const std::string& database) {
    make_directory_of(database);
    const std::string path = lock_file_of(database);
    make_file(path, Rights::data);
    const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (fd < 0) return DatabaseLock(-1);
    for (int i = 0; i < tries; ++i) {
        if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return DatabaseLock(fd);
        std::this_thread::sleep_for(between_tries);
    }
    ::close(fd);
    return std::nullopt;
}

bool DatabaseLock::is_held(const std::string& database) {
    const int fd = ::open(lock_file_of(database).c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    const bool held = ::flock(fd, LOCK_SH | LOCK_NB) != 0;
    ::close(fd);
    return held;
}

DatabaseLock::DatabaseLock(DatabaseLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

DatabaseLock::~DatabaseLock() {
    if (fd_ >= 0) ::close(fd_);
}

}  // namespace volt
