// Tells when another program has written to a file or beside it, so that nobody has to look every second.
#pragma once

#include <string>

namespace volt {

/// Watches the directory of a file by inotify. Where that is not to be had (no watch left, no such directory) it does
/// not work, and whoever waits must look by itself. A network file system may tell nothing: look now and then in any case.
class FileWatch {
public:
    FileWatch() = default;
    /// `path` as it is opened; a symbolic link is followed.
    explicit FileWatch(const std::string& path);
    ~FileWatch();
    FileWatch(FileWatch&& other) noexcept;
    FileWatch& operator=(FileWatch&& other) noexcept;

    bool works() const { return descriptor_ >= 0; }
    /// Readable when something has happened; -1 where it does not work.
    int descriptor() const { return descriptor_; }
    /// Whether something has happened since this was asked last. It ends to work when the directory itself went away.
    bool take();

private:
    void close();

    int descriptor_ = -1;
};

}  // namespace volt
