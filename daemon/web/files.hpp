// The page's files as they are embedded in the program (embed.cmake).
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace volt::web {

struct File {
    std::string_view name;  ///< `app.js`
    std::string_view type;  ///< of media
    std::string_view gzip;  ///< by `gzip -9n`
    std::size_t size = 0;   ///< bytes, unpacked
};

/// Empty: built without the page.
std::span<const File> files();
/// Eight hexadecimal digits of all files' contents: their address changes with them.
std::string_view hash();

}  // namespace volt::web
