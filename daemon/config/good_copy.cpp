#include "daemon/config/good_copy.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

#include "daemon/config/check.hpp"
#include "daemon/config/commands_line.hpp"
#include "drivers/open_file.hpp"

namespace volt {

namespace {

constexpr mode_t copy_mode = 0640;

bool write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// Syncs the directory of a renamed file, which puts the rename on disk.
void sync_directory(const std::string& path) {
    const OpenFile directory{::open(std::filesystem::path(path).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (directory.descriptor >= 0) ::fsync(directory.descriptor);
}

bool write_beside(const std::string& beside, std::string_view text) {
    ::unlink(beside.c_str());
    const OpenFile file{::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, copy_mode)};
    return file.descriptor >= 0 && ::fchmod(file.descriptor, copy_mode) == 0 && write_all(file.descriptor, text) &&
           ::fsync(file.descriptor) == 0;
}

/// Returns true if the copy is up to date, to save flash writes.
bool is_there(const std::string& path, const std::string& text) {
    struct stat facts {};
    if (::lstat(path.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode) || (facts.st_mode & 07777) != copy_mode) return false;
    if (static_cast<std::size_t>(facts.st_size) != text.size()) return false;
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {}) == text;
}

LastGood refuse(std::string why) { return {{}, std::move(why)}; }

}  // namespace

std::string good_copy_path(const std::string& state_directory) {
    return state_directory.empty() ? "" : state_directory + "/voltd.yaml.good";
}

std::string keep_good_copy(const std::string& path, std::string_view text) {
    // The final newline later proves that the copy is complete.
    const std::string whole = std::string(text) + (text.ends_with('\n') ? "" : "\n");
    if (is_there(path, whole)) return {};
    const std::string beside = path + ".new";
    if (write_beside(beside, whole) && ::rename(beside.c_str(), path.c_str()) == 0) {
        sync_directory(path);
        return {};
    }
    const int wrong = errno;
    ::unlink(beside.c_str());
    return fmt::format("{} cannot be written: {}", path, std::strerror(wrong));
}

BareWords bare_words(std::string_view text) {
    constexpr std::size_t longest_line = 1024;  // limits the depth of matching; longer lines are ignored
    static const std::regex named(R"re(^\s*["']?(site|database)["']?\s*:\s+["']?([^"'\s]+)["']?$)re");
    BareWords words;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string line(without_comment(text.substr(begin, end - begin)));
        begin = end + 1;
        if (line.size() > longest_line) continue;
        std::smatch match;
        for (const CommandsWord& word : commands_words(line)) words.shadow = words.shadow || !word.live;
        if (!std::regex_match(line, match, named)) continue;
        auto& word = match[1] == "site" ? words.site : words.database;
        if (!word) word = match[2].str();
    }
    return words;
}

LastGood last_good(const ParsedConfig& bad, const std::string& copy) {
    struct stat facts {};
    if (copy.empty() || ::lstat(copy.c_str(), &facts) != 0) return refuse("there is no saved copy of a good configuration");
    if (!S_ISREG(facts.st_mode)) return refuse(copy + " is not a regular file");
    ParsedConfig parsed = load_config(copy, Keys::lenient);
    if (!parsed.text.empty() && !parsed.text.ends_with('\n')) return refuse(copy + " is incomplete");
    if (!parsed.config) return refuse("the copy of the last good configuration is unusable: " + text_of(parsed.problems.front()));
    const BareWords words = bare_words(bad.text);
    if (words.site && *words.site != parsed.config->site)
        return refuse(fmt::format("the last good configuration is for another site ({})", parsed.config->site));
    if (words.database && real_path(*words.database) != parsed.config->database)
        return refuse(fmt::format("the last good configuration uses another database ({})", parsed.config->database));
    if (const auto nowhere = check_database_place(parsed)) return refuse(text_of(*nowhere));
    if (words.shadow) parsed.config->control.live = false;
    return {std::move(parsed), {}};
}

std::string rejection(const ParsedConfig& bad) {
    const std::size_t more = bad.problems.size() - 1;
    const std::string text = text_of(bad.problems.front()) + (more > 0 ? fmt::format(" (and {} more)", more) : "");
    return text + (text.ends_with('?') || text.ends_with('.') ? "" : ".");
}

}  // namespace volt
