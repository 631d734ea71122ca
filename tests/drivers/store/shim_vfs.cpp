#include "tests/drivers/store/shim_vfs.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <fstream>
#include <thread>

namespace volt::test {

namespace {

constexpr std::size_t sector = 512;

ShimVfs* shim = nullptr;

/// SQLite provides the memory: the real file follows this one.
struct Open {
    sqlite3_file base;
    sqlite3_io_methods methods;
    std::string* path;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

Open* open_of(sqlite3_file* file) { return reinterpret_cast<Open*>(file); }
const sqlite3_io_methods* real_of(sqlite3_file* file) { return open_of(file)->real()->pMethods; }

int close_file(sqlite3_file* file) {
    const int code = real_of(file)->xClose(open_of(file)->real());
    delete open_of(file)->path;
    return code;
}
int read_file(sqlite3_file* file, void* into, int count, sqlite3_int64 offset) {
    return real_of(file)->xRead(open_of(file)->real(), into, count, offset);
}
int write_file(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
    const int code = real_of(file)->xWrite(open_of(file)->real(), bytes, count, offset);
    if (code == SQLITE_OK) shim->written(*open_of(file)->path, offset, static_cast<const char*>(bytes), count);
    return code;
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    const int code = real_of(file)->xTruncate(open_of(file)->real(), size);
    if (code == SQLITE_OK) shim->truncated(*open_of(file)->path, size);
    return code;
}
int sync_file(sqlite3_file* file, int flags) {
    while (shim->stalled) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const int code = real_of(file)->xSync(open_of(file)->real(), flags);
    if (code == SQLITE_OK) shim->synced(*open_of(file)->path);
    return code;
}
int size_of_file(sqlite3_file* file, sqlite3_int64* size) { return real_of(file)->xFileSize(open_of(file)->real(), size); }
int lock_file(sqlite3_file* file, int lock) { return real_of(file)->xLock(open_of(file)->real(), lock); }
int unlock_file(sqlite3_file* file, int lock) { return real_of(file)->xUnlock(open_of(file)->real(), lock); }
int check_lock(sqlite3_file* file, int* out) { return real_of(file)->xCheckReservedLock(open_of(file)->real(), out); }
int control_file(sqlite3_file* file, int operation, void* argument) {
    return real_of(file)->xFileControl(open_of(file)->real(), operation, argument);
}
int sector_of_file(sqlite3_file*) { return static_cast<int>(sector); }
int traits_of_file(sqlite3_file*) {
    return 0;  // no guarantee of order or atomicity of writes
}
int map_memory(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
    return real_of(file)->xShmMap(open_of(file)->real(), page, size, extend, out);
}
int lock_memory(sqlite3_file* file, int offset, int count, int flags) {
    return real_of(file)->xShmLock(open_of(file)->real(), offset, count, flags);
}
void fence_memory(sqlite3_file* file) { real_of(file)->xShmBarrier(open_of(file)->real()); }
int unmap_memory(sqlite3_file* file, int remove) { return real_of(file)->xShmUnmap(open_of(file)->real(), remove); }

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    Open* open = open_of(file);
    std::memset(file, 0, static_cast<std::size_t>(sizeof(Open)));
    const int code = shim->real()->xOpen(shim->real(), name, open->real(), flags, out_flags);
    if (open->real()->pMethods == nullptr) return code;
    open->path = new std::string(name != nullptr ? name : "");
    open->methods = {2,           close_file,   read_file,    write_file,   truncate_file,  sync_file,      size_of_file,
                     lock_file,   unlock_file,  check_lock,   control_file, sector_of_file, traits_of_file, map_memory,
                     lock_memory, fence_memory, unmap_memory, nullptr,      nullptr};
    open->base.pMethods = &open->methods;
    return code;
}
int remove_file(sqlite3_vfs*, const char* name, int sync) {
    const int code = shim->real()->xDelete(shim->real(), name, sync);
    shim->removed(name);
    return code;
}

/// Copies the bytes of `write` to `into`, and extends it if needed.
void put(std::string& into, const ShimFile::Write& write, std::size_t count) {
    const auto offset = static_cast<std::size_t>(write.offset);
    if (write.truncates) {
        into.resize(offset);
        return;
    }
    if (into.size() < offset + count) into.resize(offset + count);
    into.replace(offset, count, write.bytes, 0, count);
}

}  // namespace

ShimVfs::ShimVfs() : real_(sqlite3_vfs_find(nullptr)), vfs_(*real_) {
    shim = this;
    vfs_.szOsFile = static_cast<int>(sizeof(Open)) + real_->szOsFile;
    vfs_.zName = "shim";
    vfs_.pNext = nullptr;
    vfs_.xOpen = open_file;
    vfs_.xDelete = remove_file;
    sqlite3_vfs_register(&vfs_, 1);
}

ShimVfs::~ShimVfs() {
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(real_, 1);
    shim = nullptr;
}

void ShimVfs::written(const std::string& path, sqlite3_int64 offset, const char* bytes, int count) {
    const std::lock_guard lock(mutex_);
    files_[path].since.push_back({offset, std::string(bytes, static_cast<std::size_t>(count)), false});
}

void ShimVfs::truncated(const std::string& path, sqlite3_int64 size) {
    const std::lock_guard lock(mutex_);
    files_[path].since.push_back({size, "", true});
}

void ShimVfs::synced(const std::string& path) {
    const std::lock_guard lock(mutex_);
    ShimFile& file = files_[path];
    for (const ShimFile::Write& write : file.since) put(file.safe, write, write.bytes.size());
    file.since.clear();
}

void ShimVfs::removed(const std::string& path) {
    const std::lock_guard lock(mutex_);
    files_.erase(path);
}

void ShimVfs::cut(const std::string& from, const std::string& directory, std::mt19937& dice) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [path, file] : files_) {
        if (path.rfind(from, 0) != 0) continue;
        std::string left = file.safe;
        std::vector<ShimFile::Write> since = file.since;
        std::shuffle(since.begin(), since.end(), dice);
        for (const ShimFile::Write& write : since) {
            if (dice() % 2 == 0) continue;
            const std::size_t sectors = write.bytes.size() / sector;
            const bool torn = sectors > 0 && dice() % 4 == 0;
            put(left, write, torn ? dice() % sectors * sector : write.bytes.size());
        }
        std::ofstream out(directory + path.substr(path.rfind('/')), std::ios::binary | std::ios::trunc);
        out.write(left.data(), static_cast<std::streamsize>(left.size()));
    }
}

}  // namespace volt::test
