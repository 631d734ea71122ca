#include "drivers/mqtt/password.hpp"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

namespace volt {
namespace {

std::optional<std::string> first_line(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::array<char, 4096> buffer{};
    if (!file || !file.read(buffer.data(), buffer.size()).eof()) return std::nullopt;
    std::string text(buffer.data(), static_cast<std::size_t>(file.gcount()));
    return text.substr(0, text.find_first_of("\r\n"));
}

}  // namespace

Result<std::string> read_password(const std::string& file) {
    if (file.empty()) return std::string();
    const std::filesystem::path path(file);
    if (const char* directory = std::getenv("CREDENTIALS_DIRECTORY")) {
        if (auto line = first_line(std::filesystem::path(directory) / path.filename())) return *line;
    }
    if (auto line = first_line(path)) return *line;
    return Failure{Fault::refused,
                   "password file " + file + " cannot be read (and there is no credential " + path.filename().string() + ")"};
}

}  // namespace volt
