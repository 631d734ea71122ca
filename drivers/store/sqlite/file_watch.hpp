// Reports when another program has written to a file or next to it, so that nothing has to poll every second.
#pragma once

#include <string>

namespace volt {

/// Watches the directory of a file by inotify. If that fails (no watch left, no such directory) it reports nothing and
/// the caller must poll. A network file system may report nothing: poll now and then in any case.
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
    /// Whether something has happened since the last call. It stops working if the directory itself is removed.
    bool take();

private:
    void close();

    int descriptor_ = -1;
};

}  // namespace volt
