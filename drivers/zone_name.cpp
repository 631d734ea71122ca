#include "drivers/zone_name.hpp"

#include <sys/stat.h>

#include <fstream>
#include <string_view>

namespace volt {

namespace {

bool is_there(const std::string& path, bool directory) {
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode) == directory;
}

/// Tables and lists lie among the zones; only those begin so.
bool is_zone_file(const std::string& path) {
    char magic[4] = {};
    std::ifstream file(path, std::ios::binary);
    return is_there(path, false) && file.read(magic, sizeof magic) && std::string_view(magic, sizeof magic) == "TZif";
}

}  // namespace

bool is_zone_name(const std::string& name) {
    if (!is_there(zone_directory, true)) return true;
    const bool odd = name.empty() || name.starts_with("right/") || name.find("..") != std::string::npos ||
                     name.starts_with('/') || name.ends_with('/') || name.find('\0') != std::string::npos;
    return !odd && is_zone_file(zone_directory + name);
}

}  // namespace volt
