#include "daemon/ctl/backup/archive.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <utility>

#include "daemon/config/config.hpp"
#include "daemon/ctl/doctor/run_program.hpp"
#include "drivers/crypto.hpp"
#include "drivers/store/sqlite/files.hpp"

namespace volt::ctl::backup {

namespace {

namespace fs = std::filesystem;
using doctor::run_program;

constexpr std::chrono::minutes tar_limit{30};  // for a full database on a slow stick
constexpr std::size_t longest_listing = std::size_t{64} * 1024, longest_manifest = std::size_t{64} * 1024;

std::string absolute(const std::string& path) {
    std::error_code none;
    return fs::absolute(path, none).string();
}

std::optional<doctor::ProgramOutput> listed(const std::string& archive) {
    return run_program({"tar", "--list", "--gzip", "--verbose", "--numeric-owner", "--quoting-style=escape", "--file=" + archive},
                       tar_limit, longest_listing);
}

/// Returns the text of one small file in the archive. tar stops reading after it.
Result<std::string> text_of(const std::string& archive, const char* name, std::size_t most) {
    const auto got = run_program({"tar", "--extract", "--gzip", "--to-stdout", "--occurrence=1", "--file=" + archive, name},
                                 tar_limit, most + 1);
    if (!got || got->code != 0 || got->text.size() > most) return refuse(std::string(name) + " in it cannot be read");
    return got->text;
}

bool is_plain_file(const std::string& path) {
    struct stat found {};
    return ::lstat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode);
}

/// Returns true if no other user owns the directory, who could change its content. A stick without owners gives everything one
/// owner.
bool is_ours(int directory, const std::string& parent) {
    struct stat found {
    }, above{};
    if (::fstat(directory, &found) != 0 || ::stat(parent.c_str(), &above) != 0) return false;
    return found.st_uid == ::geteuid() || found.st_uid == above.st_uid;
}

}  // namespace

Result<Workshop> Workshop::open(const std::string& directory, const std::string& name) {
    std::string path = (directory.ends_with('/') ? directory : directory + "/") + ".voltd-" + name;
    const auto failed = [&] { return refuse("cannot create a file in " + directory + ": " + std::strerror(errno)); };
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return failed();
    const int lock = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (lock < 0) return failed();
    if (!is_ours(lock, directory) || ::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        ::close(lock);
        return refuse(path + "is in use: another voltctl is working in " + directory);
    }
    Workshop shop(std::move(path), lock);
    std::error_code none;
    for (const fs::directory_entry& it : fs::directory_iterator(shop.path_, none)) fs::remove_all(it.path(), none);
    return shop;
}

Workshop::Workshop(Workshop&& other) noexcept : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

Workshop::~Workshop() {
    if (lock_ < 0) return;
    std::error_code none;
    fs::remove_all(path_, none);
    ::close(lock_);
}

std::string pack(const std::string& directory, const std::vector<std::string>& names, const std::string& target) {
    std::vector<std::string> words{"tar",
                                   "--create",
                                   "--gzip",
                                   "--owner=0",
                                   "--group=0",
                                   "--numeric-owner",
                                   "--mode=0600",
                                   "--directory=" + directory,
                                   "--file=" + absolute(target)};
    words.insert(words.end(), names.begin(), names.end());
    const auto made = run_program(words, tar_limit);
    if (!made || made->code != 0)
        return device_is_full(target) ? directory_of(target) + " is full" : target + ": tar failed (is the stick still there?)";
    if (std::string problem = sync_file(target); !problem.empty()) return problem;
    const auto back = listed(absolute(target));
    const bool whole = back && back->code == 0 && read_listing(back->text).size() == names.size();
    return whole ? "" : target + " cannot be read back: use another stick";
}

Result<Archive> read_archive(const std::string& path, int schema_here) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) return refuse(path + ": " + std::strerror(errno));
    if (!S_ISREG(found.st_mode)) return refuse(path + " is not a file");
    const auto refused = [&](const std::string& why) { return refuse(path + " cannot be restored: " + why); };
    Archive archive{absolute(path), {}, {}};
    const auto listing = listed(archive.path);
    if (!listing || listing->code != 0) return refused("it is incomplete or damaged, or not an archive of voltctl backup");
    const std::vector<Member> members = read_listing(listing->text);
    if (std::string problem = listing_problem(members); !problem.empty()) return refused(problem);
    const auto text = text_of(archive.path, manifest_name, longest_manifest);
    if (!text) return refused(text.failure().text);
    auto manifest = read_manifest(text.value());
    if (!manifest) return refused(manifest.failure().text);
    archive.manifest = std::move(manifest.value());
    if (std::string problem = newer_problem(archive.manifest, schema_here); !problem.empty()) return refused(problem);
    if (std::string problem = members_problem(members, archive.manifest); !problem.empty()) return refused(problem);
    auto config = text_of(archive.path, config_name, most_config_bytes);
    if (!config) return refused(config.failure().text);
    if (sha256_hex(config.value()) != archive.manifest.find(config_name)->sha256)
        return refused("its voltd.yaml was changed: the checksum does not match the manifest");
    archive.config = std::move(config.value());
    return archive;
}

std::string unpack(const Archive& archive, const std::string& directory) {
    std::vector<std::string> words{"tar",
                                   "--extract",
                                   "--gzip",
                                   "--no-same-owner",
                                   "--keep-old-files",
                                   "--directory=" + directory,
                                   "--file=" + archive.path};
    for (const PackedFile& it : archive.manifest.files) words.push_back(it.name);
    const auto done = run_program(words, tar_limit);
    if (!done || done->code != 0)
        return device_is_full(directory + "/x") ? "there is no space left in " + directory_of(directory)
                                                : archive.path + " cannot be unpacked: it is incomplete or damaged";
    for (const PackedFile& it : archive.manifest.files) {
        const std::string file = directory + "/" + it.name;
        if (!is_plain_file(file) || sha256_of_file(file) != it.sha256)
            return archive.path + ": " + it.name + " in it was changed: its checksum does not match the manifest";
    }
    return {};
}

}  // namespace volt::ctl::backup
