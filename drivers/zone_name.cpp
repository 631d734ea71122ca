#include "drivers/zone_name.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <string_view>

namespace volt {

namespace {

bool is_there(const std::string& path, bool directory) {
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode) == directory;
}

/// Returns true for a zone file: tables and lists are in the same directory, but only zones begin this way.
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

std::string zone_of_city(const std::string& city) {
    std::string wanted = city;
    for (char& it : wanted) it = it == ' ' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(it)));
    const auto is_city = [&wanted](const std::string& name) {
        return std::equal(name.begin(), name.end(), wanted.begin(), wanted.end(),
                          [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
    };
    for (const char* area : {"Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}) {
        std::error_code none;
        for (const auto& entry : std::filesystem::directory_iterator(std::string(zone_directory) + area, none)) {
            const std::string zone = std::string(area) + "/" + entry.path().filename().string();
            if (is_city(entry.path().filename().string()) && is_zone_name(zone)) return zone;
        }
    }
    return "";
}

}  // namespace volt
