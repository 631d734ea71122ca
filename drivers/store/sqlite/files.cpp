#include "drivers/store/sqlite/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>

namespace volt {

namespace fs = std::filesystem;

namespace {

std::string error_text(const std::string& what) { return what + ": " + std::strerror(errno); }

constexpr std::uint64_t least_free_bytes = 64 * 1024;  ///< shared memory alone needs 32 kB

std::string sync_path(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return error_text(path);
    const int synced = ::fsync(fd);
    const std::string problem = synced == 0 ? "" : error_text("sync of " + path);
    ::close(fd);
    return problem;
}

}  // namespace

std::string file_stamp() {
    const auto now = std::chrono::system_clock::now();
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    char text[40];
    const std::size_t length = std::strftime(text, sizeof text, "%Y%m%dT%H%M%S", &utc);
    return std::string(text, length) + "." + std::to_string(1000 + ms).substr(1) + "Z";
}

std::string directory_of(const std::string& path) {
    const std::string directory = fs::path(path).parent_path().string();
    return directory.empty() ? "." : directory;
}

bool file_exists(const std::string& path) {
    struct stat found {};
    return ::stat(path.c_str(), &found) == 0;
}

bool is_directory(const std::string& path) {
    struct stat found {};
    return ::stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
}

std::uint64_t file_size(const std::string& path) {
    struct stat found {};
    return ::stat(path.c_str(), &found) == 0 ? static_cast<std::uint64_t>(found.st_size) : 0;
}

std::string file_identity(const std::string& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) return {};
    return std::to_string(found.st_dev) + ":" + std::to_string(found.st_ino);
}

bool has_foreign_name(const std::string& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0 || !S_ISREG(found.st_mode)) return false;
    const std::string identity = file_identity(path);
    const std::vector<std::string> beside = files_beside(path, ".");
    const auto own =
        std::count_if(beside.begin(), beside.end(), [&](const std::string& it) { return file_identity(it) == identity; });
    return found.st_nlink > 1 + static_cast<nlink_t>(own);
}

std::string rename_durably(const std::string& from, const std::string& to) {
    if (std::rename(from.c_str(), to.c_str()) != 0) return error_text("rename of " + from + " to " + to);
    return sync_path(directory_of(to));
}

std::string link_durably(const std::string& from, const std::string& to) {
    if (::link(from.c_str(), to.c_str()) != 0) return error_text("second name " + to + " for " + from);
    return sync_path(directory_of(to));
}

std::string copy_durably(const std::string& from, const std::string& to) {
    const std::string half = to + ".tmp";
    std::error_code failed;
    fs::copy_file(from, half, fs::copy_options::overwrite_existing, failed);
    std::string problem = failed ? "copy of " + from + ": " + failed.message() : sync_path(half);
    if (problem.empty()) problem = rename_durably(half, to);
    if (!problem.empty()) remove_file(half);
    return problem;
}

std::string sync_file(const std::string& path) { return sync_path(path); }

void make_file(const std::string& path, Rights rights) {
    const int fd = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0) return;
    ::close(fd);
    give_rights(path, rights);
}

/// Acts on the opened file: a name that members of the group replace by a link to root's file changes nothing.
void give_rights(const std::string& path, Rights rights) {
    struct stat directory {
    }, file{};
    if (::stat(directory_of(path).c_str(), &directory) != 0) return;
    const int fd = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return;
    // A file with a second name may be anyone's.
    if (::fstat(fd, &file) == 0 && S_ISREG(file.st_mode) && file.st_nlink == 1) {
        [[maybe_unused]] int refused = 0;
        // A directory that anyone can write to (/tmp) does not show who owns the file.
        const bool theirs = (directory.st_mode & S_IWOTH) == 0;
        const bool root = ::geteuid() == 0;
        if (theirs && (file.st_gid != directory.st_gid || (root && file.st_uid != directory.st_uid)))
            refused = ::fchown(fd, root ? directory.st_uid : static_cast<uid_t>(-1), directory.st_gid);
        const auto mode = static_cast<mode_t>(rights);
        if ((file.st_mode & 0777) != mode) refused = ::fchmod(fd, mode);
    }
    ::close(fd);
}

bool device_is_full(const std::string& path) {
    struct statvfs device {};
    if (::statvfs(directory_of(path).c_str(), &device) != 0) return false;
    return std::uint64_t{device.f_bavail} * device.f_frsize < least_free_bytes;
}

namespace {

constexpr long tmpfs_magic = 0x01021994, ramfs_magic = 0x858458f6, overlay_magic = 0x794c7630;

std::optional<long> file_system_of(const std::string& path) {
    struct statfs found {};
    return ::statfs(path.c_str(), &found) == 0 ? std::optional(static_cast<long>(found.f_type)) : std::nullopt;
}

bool is_memory(std::optional<long> type) { return type == tmpfs_magic || type == ramfs_magic; }

/// Returns the upper directory of the overlay mounted nearest above `directory`, or an empty string if not shown.
std::string upper_of(const std::string& directory) {
    std::ifstream mounts("/proc/self/mountinfo");
    std::string line, upper;
    std::size_t nearest = 0;
    while (std::getline(mounts, line)) {
        std::istringstream words(line);
        std::string skipped, point;
        words >> skipped >> skipped >> skipped >> skipped >> point;
        const bool above = point == "/" || directory == point || directory.starts_with(point + "/");
        if (!above || point.size() < nearest) continue;
        nearest = point.size();
        constexpr std::string_view key = "upperdir=";
        const std::size_t at = line.find(key);
        upper = at == std::string::npos ? "" : line.substr(at + key.size(), line.find(',', at) - at - key.size());
    }
    return upper;
}

}  // namespace

std::string memory_file_system(const std::string& path) {
    std::error_code failed;
    fs::path directory = fs::absolute(directory_of(path), failed);
    while (directory.has_relative_path() && !fs::is_directory(directory, failed)) directory = directory.parent_path();
    const std::optional<long> type = file_system_of(directory.string());
    if (is_memory(type)) return "tmpfs";
    if (type != overlay_magic) return {};
    const std::string upper = upper_of(fs::weakly_canonical(directory, failed).string());
    const std::optional<long> below = upper.empty() ? std::nullopt : file_system_of(upper);
    return below && !is_memory(below) ? "" : "overlay";
}

void remove_file(const std::string& path) { ::unlink(path.c_str()); }

void make_directory_of(const std::string& path) {
    std::error_code ignored;
    fs::create_directories(directory_of(path), ignored);
}

std::vector<std::string> files_beside(const std::string& path, const std::string& suffix) {
    std::vector<std::string> found;
    const std::string begin = fs::path(path).filename().string() + suffix;
    std::error_code failed;
    for (fs::directory_iterator it(directory_of(path), failed), end; !failed && it != end; it.increment(failed)) {
        const std::string name = it->path().filename().string();
        if (name.starts_with(begin)) found.push_back(it->path().string());
    }
    std::sort(found.rbegin(), found.rend());
    return found;
}

std::uint64_t thread_bytes_written() {
    std::ifstream io("/proc/thread-self/io");
    std::string key;
    std::uint64_t value = 0;
    while (io >> key >> value)
        if (key == "write_bytes:") return value;
    return 0;
}

}  // namespace volt
