#include "daemon/api/access/token.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "drivers/crypto.hpp"
#include "drivers/open_file.hpp"

namespace volt::api {

namespace {

constexpr std::size_t token_bytes = 32;
constexpr std::size_t least_characters = 32;
constexpr mode_t token_mode = 0640;

Failure trouble(const std::string& path, const char* what) {
    return {Fault::refused, fmt::format("token file {}: {}: {}", path, what, std::strerror(errno))};
}

std::string trimmed(std::string text) {
    const std::size_t last = text.find_last_not_of(" \t\r\n");
    text.erase(last == std::string::npos ? 0 : last + 1);
    return text;
}

/// Returns the text of the file, which may be empty.
Result<std::string> read_token(int fd, const std::string& path) {
    struct stat about {};
    if (::fstat(fd, &about) != 0) return trouble(path, "cannot be read");
    if (!S_ISREG(about.st_mode)) return Failure{Fault::refused, "token file " + path + ": not a regular file"};
    if ((about.st_mode & 0137) != 0 && ::fchmod(fd, about.st_mode & token_mode) != 0) return trouble(path, "others can read it");
    std::array<char, 512> room{};
    const ssize_t got = ::read(fd, room.data(), room.size());
    if (got < 0) return trouble(path, "cannot be read");
    return trimmed(std::string(room.data(), static_cast<std::size_t>(got)));
}

}  // namespace

void give_to_group(const std::string& path) {
    std::array<char, 4096> room{};
    group entry{};
    group* found = nullptr;
    if (::getgrnam_r("voltd", &entry, room.data(), room.size(), &found) != 0 || found == nullptr) return;
    if (::lchown(path.c_str(), static_cast<uid_t>(-1), entry.gr_gid) != 0) errno = 0;
}

/// Writes a temporary file and renames it, so that the token is never incomplete.
Result<std::string> make_token(const std::string& path) {
    const auto token = random_hex(token_bytes);
    if (!token) return Failure{Fault::refused, "the system provides no random numbers for a token"};
    const std::string beside = path + ".new";
    ::unlink(beside.c_str());
    const OpenFile file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, token_mode));
    if (file.descriptor < 0) return trouble(path, "cannot be made");
    if (::fchmod(file.descriptor, token_mode) != 0) return trouble(path, "cannot be protected");
    give_to_group(beside);
    const std::string line = *token + "\n";
    if (::write(file.descriptor, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
        return trouble(path, "cannot be written");
    if (::rename(beside.c_str(), path.c_str()) != 0) {
        const Failure failure = trouble(path, "cannot be put in place");
        ::unlink(beside.c_str());
        return failure;
    }
    return *token;
}

Result<std::string> load_or_make_token(const std::string& path) {
    const OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.descriptor < 0) return errno == ENOENT ? make_token(path) : Result<std::string>(trouble(path, "cannot be opened"));
    auto token = read_token(file.descriptor, path);
    if (!token) return token;
    if (token.value().empty()) return make_token(path);
    if (token.value().size() < least_characters)
        return Failure{Fault::refused,
                       fmt::format("token file {}: shorter than {} characters; delete it and voltd creates a new one", path,
                                   least_characters)};
    return token;
}

bool same_token(std::string_view given, std::string_view expected) { return !expected.empty() && same_secret(given, expected); }

std::string bearer_of(std::string_view header) {
    constexpr std::string_view scheme = "Bearer ";  // case does not matter: RFC 9110, 11.1
    if (header.size() <= scheme.size() || ::strncasecmp(header.data(), scheme.data(), scheme.size()) != 0) return {};
    return std::string(header.substr(scheme.size()));
}

bool authorized(std::string_view header, std::string_view token) { return same_token(bearer_of(header), token); }

}  // namespace volt::api
