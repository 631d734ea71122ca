// Checks of the files named in voltd.yaml, as far as this account can check.
#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "daemon/config/check.hpp"
#include "drivers/store/sqlite/files.hpp"

namespace volt {

namespace {

constexpr std::size_t least_token_characters = 32;  // as daemon/api/access/token.cpp requires
constexpr const char* service_user = "voltd";
constexpr const char* stored_credential = "/etc/credstore/voltd.mqtt.password";  // where the systemd unit loads it from

/// Returns the reason no file can be created there, found by creating one next to it. Empty if it works, or if only voltd's own
/// account can check.
std::string cannot_make(const std::string& path) {
    const std::string beside = path + ".check";
    const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const int wrong = errno;
    if (fd >= 0) {
        ::close(fd);
        ::unlink(beside.c_str());
        return {};
    }
    const bool not_ours = (wrong == EACCES || wrong == EPERM) && ::geteuid() != 0;
    return wrong == EEXIST || not_ours ? "" : fmt::format("it cannot be created: {}", std::strerror(wrong));
}

/// Returns the reason the path is rejected as a token file, or an empty string if it is usable or this account may not check.
std::string unfit_token_file(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code failed;
    const fs::file_status there = fs::status(path, failed);
    if (fs::exists(there) && !fs::is_regular_file(there)) return "not a regular file";
    if (fs::exists(there)) {
        std::string token;
        std::ifstream(path) >> token;
        return token.empty() || token.size() >= least_token_characters
                   ? ""
                   : fmt::format("it is shorter than {} characters", least_token_characters);
    }
    if (there.type() != fs::file_type::not_found) return {};
    const fs::path directory = fs::absolute(path).parent_path();
    if (fs::is_directory(directory, failed)) return cannot_make(path);
    // systemd creates the package's own directory.
    return directory == fs::path(ApiConfig{}.token_file).parent_path() ? ""
                                                                       : "directory " + directory.string() + " does not exist";
}

/// Returns whether the service's own account may read a file with these facts, or nothing if there is no such account.
std::optional<bool> service_may_read(const struct stat& facts) {
    std::array<char, 4096> room{};
    passwd entry{};
    passwd* user = nullptr;
    if (::getpwnam_r(service_user, &entry, room.data(), room.size(), &user) != 0 || user == nullptr) return std::nullopt;
    if (facts.st_uid == user->pw_uid) return (facts.st_mode & S_IRUSR) != 0;
    if (facts.st_gid == user->pw_gid) return (facts.st_mode & S_IRGRP) != 0;
    return (facts.st_mode & S_IROTH) != 0;
}

/// Returns what only voltd's own account can check. Root may read everything.
std::string unproven(const struct stat& facts) {
    if (::geteuid() != 0) return {};
    const auto may = service_may_read(facts);
    if (!may) return (facts.st_mode & S_IROTH) != 0 ? "" : "root cannot check this for user voltd";
    return *may ? "" : "user voltd cannot read it";
}

/// Returns the reason the file is rejected as a password file, or an empty string if it contains a password.
std::string unfit_password_file(const std::string& path) {
    // Non-blocking: opening a pipe must not wait for a writer.
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return errno == ENOENT ? "file not found" : std::strerror(errno);
    struct stat facts {};
    char first = '\n';
    const bool known = ::fstat(fd, &facts) == 0, regular = known && S_ISREG(facts.st_mode);
    const bool filled = regular && ::read(fd, &first, 1) == 1 && first != '\n' && first != '\r';
    ::close(fd);
    if (!regular) return S_ISDIR(facts.st_mode) ? "it is a directory" : "not a regular file";
    return filled ? unproven(facts) : "it is empty";
}

/// Returns true if systemd has a credential of the same name. The service prefers it to the file.
bool has_credential(const std::string& path) {
    const auto name = std::filesystem::path(path).filename();
    std::error_code failed;
    if (const char* directory = std::getenv("CREDENTIALS_DIRECTORY"))
        if (std::filesystem::exists(std::filesystem::path(directory) / name, failed)) return true;
    return name == "mqtt.password" && std::filesystem::exists(stored_credential, failed);
}

}  // namespace

std::optional<Problem> check_database_place(const ParsedConfig& parsed) {
    namespace fs = std::filesystem;
    const fs::path directory = fs::absolute(parsed.config->database).parent_path();
    std::error_code failed;
    if (fs::is_directory(directory, failed) || directory == fs::path(Config{}.database).parent_path()) return std::nullopt;
    const auto place = parsed.places.find("database");
    return Problem{
        parsed.file, place != parsed.places.end() ? place->second : Place{}, "database",
        fmt::format("directory {} does not exist", directory.string()),
        advice("use the path of the existing database; for a new site, create the directory first, owned by voltd (for a file "
               "system mounted late, add RequiresMountsFor= to the unit)")};
}

std::vector<Problem> check_memory(const ParsedConfig& parsed) {
    std::vector<Problem> found;
    const auto check = [&](const std::string& path, const char* key, const char* right) {
        const std::string type = memory_file_system(path);
        if (type.empty()) return;
        const auto place = parsed.places.find(key);
        found.push_back({parsed.file, place != parsed.places.end() ? place->second : Place{}, key,
                         fmt::format("{} is in memory ({}): it is lost at the next boot", path, type), advice(right)});
    };
    check(parsed.config->database, "database", "put `database:` on a disk, such as a USB stick");
    check(parsed.file, "", "keep the file on a disk, such as a USB stick");
    return found;
}

std::optional<Problem> check_token_file(const ParsedConfig& parsed) {
    const std::string& path = parsed.config->api.token_file;
    const std::string what = unfit_token_file(path);
    if (what.empty()) return std::nullopt;
    const auto place = parsed.places.find("api.token_file");
    return Problem{parsed.file, place != parsed.places.end() ? place->second : Place{}, "api.token_file",
                   fmt::format("{}: {}, so there will be no local API", path, what),
                   "a file that voltd creates, in a directory it can write"};
}

std::optional<Problem> check_password_file(const ParsedConfig& parsed) {
    const std::string& path = parsed.config->mqtt.password_file;
    if (path.empty() || has_credential(path)) return std::nullopt;
    const std::string what = unfit_password_file(path);
    if (what.empty()) return std::nullopt;
    const auto place = parsed.places.find("mqtt.password_file");
    return Problem{parsed.file, place != parsed.places.end() ? place->second : Place{}, "mqtt.password_file",
                   fmt::format("{}: {}", path, what),
                   "a file with the password in its first line, readable by user voltd (mode 0640, group voltd)"};
}

}  // namespace volt
