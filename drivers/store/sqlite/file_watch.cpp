#include "drivers/store/sqlite/file_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <utility>

namespace volt {

namespace {

constexpr std::uint32_t changes = IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO;
constexpr std::uint32_t ends = IN_DELETE_SELF | IN_MOVE_SELF;
constexpr std::uint32_t lost = IN_IGNORED | IN_UNMOUNT | IN_MOVE_SELF;
constexpr int most_reads = 16;  ///< each of up to some hundred events; the rest makes the next wait short

}  // namespace

FileWatch::FileWatch(const std::string& path) {
    std::error_code wrong;
    std::filesystem::path file = std::filesystem::canonical(path, wrong);
    if (wrong) file = std::filesystem::absolute(path, wrong);
    descriptor_ = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (descriptor_ >= 0 && ::inotify_add_watch(descriptor_, file.parent_path().c_str(), changes | ends | IN_ONLYDIR) < 0)
        close();
}

FileWatch::~FileWatch() { close(); }

FileWatch::FileWatch(FileWatch&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileWatch& FileWatch::operator=(FileWatch&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

void FileWatch::close() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

bool FileWatch::take() {
    alignas(inotify_event) std::array<char, 4096> room{};
    bool happened = false, gone = false;
    for (int reads = 0; works() && reads < most_reads; ++reads) {
        const ssize_t got = ::read(descriptor_, room.data(), room.size());
        if (got <= 0) break;
        happened = true;
        for (std::size_t at = 0; at + sizeof(inotify_event) <= static_cast<std::size_t>(got);) {
            inotify_event event{};
            std::memcpy(&event, room.data() + at, sizeof event);
            gone = gone || (event.mask & lost) != 0;
            at += sizeof event + event.len;
        }
    }
    if (gone) close();
    return happened;
}

}  // namespace volt
