// An open file descriptor, closed at the end of its scope.
#pragma once

#include <unistd.h>

namespace volt {

struct OpenFile {
    explicit OpenFile(int opened) : descriptor(opened) {}
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    ~OpenFile() {
        if (descriptor >= 0) ::close(descriptor);
    }

    int descriptor;  ///< -1: not open
};

}  // namespace volt
