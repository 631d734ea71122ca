#include "daemon/agent/documents/file_walk.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <set>
#include <utility>

#include "drivers/documents/text.hpp"
#include "drivers/hidden.hpp"

namespace volt::agent {

namespace {

constexpr std::int64_t ns_of_a_second = 1'000'000'000;
constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};

/// Returns the reason a folder cannot be read. An empty `folder` means a readable folder's subfolder.
std::string why_closed(const std::string& folder, int error) {
    if (folder.empty() && error != EACCES) return std::strerror(error);
    if (error == ENOENT) return "the folder " + folder + " is missing";
    if (error == ENOTDIR) return "not a folder: " + folder;
    if (error != EACCES) return folder + ": " + std::strerror(error);
    for (std::size_t end = folder.find('/', 1); end != std::string::npos; end = folder.find('/', end + 1))
        if (::faccessat(AT_FDCWD, folder.substr(0, end).c_str(), X_OK, AT_EACCESS) != 0)
            return "no permission to pass " + folder.substr(0, end);
    return "no permission to read the folder";
}

/// Walks depth first. Keeps the descriptor of each parent folder open, so that renaming during the walk leads nowhere else.
class FolderWalker {
public:
    FolderWalker(FileWalk& walk, int depth, const std::vector<std::string>& closed) : walk_(walk), most_depth_(depth) {
        struct stat found {};
        for (const std::string& it : closed)
            if (::stat(it.c_str(), &found) == 0) closed_.emplace(found.st_dev, found.st_ino);
    }

    /// Takes ownership of the descriptor.
    void folder(int fd, const std::string& path, int depth) {
        struct stat self {};
        if (::fstat(fd, &self) == 0 && closed_.contains({self.st_dev, self.st_ino})) {
            ::close(fd);
            ++walk_.entries;
            return refuse(path, "the folder of a private source");
        }
        const std::unique_ptr<DIR, CloseFolder> open(::fdopendir(fd));
        if (!open) {
            ::close(fd);
            return unseen(path);
        }
        for (;;) {
            errno = 0;
            const dirent* entry = ::readdir(open.get());
            if (entry == nullptr && errno != 0) unseen(path);
            if (entry == nullptr) return;
            const std::string name = entry->d_name;
            if (name != "." && name != "..") ++walk_.entries;
            if (walk_.entries > most_walked_entries) {
                walk_.complete = false;
                walk_.trouble = "more than " + std::to_string(most_walked_entries) + " entries";
                return;
            }
            if (!name.starts_with('.')) one(fd, path, name, depth);
        }
    }

private:
    void one(int fd, const std::string& above, const std::string& name, int depth) {
        const std::string path = above.empty() ? name : above + "/" + name;
        if (!documents::is_valid_utf8(name) || has_hidden(name))
            return refuse(path, "the file name contains invisible or invalid characters");
        if (path.size() > most_path_bytes) return refuse(path, "the path is too long");
        struct stat found {};
        if (::fstatat(fd, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) {
            // Without search permission for the folder, all its files fail in the same way.
            if (errno == EACCES) unseen(above);
            else if (errno != ENOENT) unseen(path);
            return;
        }
        if (S_ISDIR(found.st_mode)) return below(fd, path, name, depth);
        if (S_ISLNK(found.st_mode)) return refuse(path, "a link");
        if (!S_ISREG(found.st_mode)) return refuse(path, "not a plain file");
        if (path != synonyms_file)
            walk_.files.push_back({path, found.st_size, found.st_mtim.tv_sec * ns_of_a_second + found.st_mtim.tv_nsec});
    }

    void below(int fd, const std::string& path, const std::string& name, int depth) {
        if (depth >= most_depth_) return refuse(path, "more than " + std::to_string(most_depth_) + " folders deep");
        const int inner = ::openat(fd, name.c_str(), folder_flags);
        if (inner < 0) return unseen(path);
        folder(inner, path, depth + 1);
    }

    void unseen(const std::string& path) {
        walk_.complete = false;
        const std::string reason = why_closed("", errno);
        const bool again = !walk_.refused.empty() && walk_.refused.back().path == escaped_name(path);
        if (path.empty()) walk_.trouble = reason;
        else if (!again) refuse(path, reason, "failed");
    }

    void refuse(const std::string& path, const std::string& reason, const char* action = "skipped") {
        if (walk_.refused.size() < most_refused_names) walk_.refused.push_back({escaped_name(path), action, reason, ""});
    }

    FileWalk& walk_;
    const int most_depth_;
    std::set<std::pair<dev_t, ino_t>> closed_;
};

}  // namespace

FileWalk walk_folder(const std::string& folder, int depth, const std::vector<std::string>& closed) {
    FileWalk walk;
    // The folder itself may be a link, because the owner wrote its name into the configuration.
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        walk.missing = true;
        walk.complete = false;
        walk.trouble = why_closed(folder, errno);
        return walk;
    }
    FolderWalker(walk, depth, closed).folder(fd, "", 0);
    std::sort(walk.files.begin(), walk.files.end(), [](const WalkedFile& a, const WalkedFile& b) { return a.path < b.path; });
    std::sort(walk.refused.begin(), walk.refused.end(), [](const SyncItem& a, const SyncItem& b) { return a.path < b.path; });
    return walk;
}

int open_below(const std::string& folder, const std::string& path) {
    int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (std::size_t from = 0; fd >= 0;) {
        const std::size_t slash = path.find('/', from);
        const bool last = slash == std::string::npos;
        const std::string name = path.substr(from, last ? slash : slash - from);
        // Open without blocking: a FIFO may have replaced the file.
        const int next =
            ::openat(fd, name.c_str(), last ? O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC : folder_flags);
        const int why = errno;
        ::close(fd);
        errno = why;
        fd = next;
        from = slash + 1;
        if (last) break;
    }
    struct stat found {};
    if (fd < 0 || (::fstat(fd, &found) == 0 && S_ISREG(found.st_mode))) return fd;
    ::close(fd);
    errno = EINVAL;
    return -1;
}

std::string escaped_name(const std::string& name) {
    if (documents::is_valid_utf8(name) && !has_hidden(name)) return name.substr(0, most_path_bytes);
    std::string text;
    for (const char byte : name) {
        const auto code = static_cast<unsigned char>(byte);
        const bool plain = code >= 0x20 && code < 0x7F;
        text +=
            plain ? std::string(1, byte) : std::string("\\x") + "0123456789abcdef"[code >> 4U] + "0123456789abcdef"[code & 15U];
        if (text.size() > most_path_bytes) break;
    }
    return text;
}

}  // namespace volt::agent
