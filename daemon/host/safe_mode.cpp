#include "daemon/host/safe_mode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace volt {

namespace {

constexpr std::size_t most_state_lines = 16;
constexpr std::int64_t latest_ms = std::int64_t{1} << 52;

/// Writes a temporary file and renames it, so that a kill at any time leaves the old text or the new one.
void replace(const std::string& path, const std::string& text) {
    const std::string beside = path + ".new";
    {
        std::ofstream file(beside, std::ios::trunc);
        if (!(file << text).flush()) return;  // cannot be written, so this run is not counted
    }
    if (std::rename(beside.c_str(), path.c_str()) != 0) std::remove(beside.c_str());
}

}  // namespace

SafeMode::SafeMode(const std::string& directory, Time now) {
    if (directory.empty()) return;
    path_ = directory + "/unorderly-ends";
    read();
    // Monotonic times of another boot are meaningless (a runtime directory that is not in memory).
    ends_.erase(std::remove_if(ends_.begin(), ends_.end(), [now](Time end) { return end > now; }), ends_.end());
    if (was_running_) ends_.push_back(now);
    std::sort(ends_.begin(), ends_.end());
    if (ends_.size() > ends_to_enter) ends_.erase(ends_.begin(), ends_.end() - ends_to_enter);
    if (ends_.size() == ends_to_enter && now - ends_.front() <= ends_within) active_ = true;
    if (ends_.empty() || now - ends_.back() >= quiet_to_end) active_ = false;
    write(true);
}

/// Reads the file. Ignores unreadable lines, because a broken file must not stop control, and five new crashes fill it again.
void SafeMode::read() {
    std::ifstream file(path_);
    std::string line;
    for (std::size_t n = 0; n < most_state_lines && std::getline(file, line); ++n) {
        std::istringstream words(line);
        std::string word;
        std::int64_t ms = 0;
        words >> word;
        if (word == "running") was_running_ = true;
        if (word == "safe") active_ = true;
        if (word == "end" && words >> ms && ms >= 0 && ms < latest_ms) ends_.push_back(Time{ms});
    }
}

void SafeMode::write(bool running) const {
    if (path_.empty()) return;
    std::string text;
    if (running) text += "running\n";
    if (active_) text += "safe\n";
    for (const Time end : ends_) text += fmt::format("end {}\n", end.count());
    by_([path = path_, text] { replace(path, text); });
}

bool SafeMode::active(Time now) {
    if (active_ && now - ends_.back() >= quiet_to_end) end();
    return active_;
}

bool SafeMode::end() {
    const bool was = active_;
    active_ = false;
    if (!ends_.empty() || was) {
        ends_.clear();
        write(true);
    }
    return was;
}

void SafeMode::end_run() { write(false); }

std::string SafeMode::text(Time now) {
    if (!active(now)) return {};
    return fmt::format(
        "voltd crashed or was killed {} times within {} min. Safe mode: no miner or heater is switched on, not even by an "
        "override. It ends by itself after {} min without a crash",
        ends_to_enter, ends_within / 1min, quiet_to_end / 1min);
}

std::string service_directory(const char* variable) {
    const char* value = std::getenv(variable);
    if (value == nullptr) return {};
    const std::string all = value;
    return all.substr(0, all.find(':'));
}

}  // namespace volt
