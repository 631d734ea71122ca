#include "daemon/ctl/talk/whole_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>

namespace volt::ctl {

namespace {

bool write_bytes(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(file, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// Set the owner first, because that may clear bits of the mode.
bool give_rights(int file, const FileRights& rights) {
    struct stat now {};
    if (::fstat(file, &now) != 0) return false;
    const auto& owner = rights.owner;
    const bool same = !owner || (owner->first == now.st_uid && owner->second == now.st_gid);
    return (same || ::fchown(file, owner->first, owner->second) == 0) && ::fchmod(file, rights.mode) == 0;
}

/// Syncs the directory, which puts a rename on disk.
void sync_parent(const std::string& path) {
    const int directory = ::open((std::filesystem::path(path).parent_path() / ".").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return;
    ::fsync(directory);
    ::close(directory);
}

}  // namespace

std::optional<FileRights> rights_of_file(const std::string& path) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) return std::nullopt;
    return FileRights{facts.st_mode & 07777, std::pair(facts.st_uid, facts.st_gid)};
}

std::string write_file_whole(const std::string& path, const std::string& text, const FileRights& rights) {
    const std::string beside = path + ".part";
    const auto failed = [&] {
        const std::string why = std::strerror(errno);
        ::unlink(beside.c_str());
        return path + " cannot be written: " + why;
    };
    const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0 && errno == EEXIST) return beside + " is left from an earlier run; remove it";
    if (file < 0) return path + " cannot be written: " + std::strerror(errno);
    const bool whole = give_rights(file, rights) && write_bytes(file, text) && ::fsync(file) == 0;
    const int error = errno;
    ::close(file);
    errno = error;
    if (!whole || ::rename(beside.c_str(), path.c_str()) != 0) return failed();
    sync_parent(path);
    return {};
}

std::optional<std::string> read_whole_file(const std::string& path, std::size_t most) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode) || facts.st_size > static_cast<off_t>(most))
        return std::nullopt;
    std::ifstream in(path, std::ios::binary);
    std::string text(most + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad() || !in.is_open() || in.gcount() > static_cast<std::streamsize>(most)) return std::nullopt;
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

}  // namespace volt::ctl
