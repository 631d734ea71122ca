#include "daemon/host/file_requests.hpp"

#include <exception>

#include "daemon/config/config_changes.hpp"
#include "daemon/config/good_copy.hpp"

namespace volt {

namespace {

/// Returns an answer even without memory for the file's, because the loop waits for one.
ParsedConfig read_and_compare(const std::string& path, const std::string& in_force) {
    try {
        ParsedConfig parsed = load_config(path);
        if (parsed.config) parsed.changes = changed_keys(in_force, parsed.text);
        else parsed.wants_shadow = bare_words(parsed.text).shadow;
        return parsed;
    } catch (const std::exception& error) {
        ParsedConfig failed;
        failed.problems.push_back({path, {}, "", error.what(), "try again"});
        return failed;
    }
}

}  // namespace

void FileRequests::request_zone(const std::string& name) {
    {
        const std::lock_guard lock(mutex_);
        zone_request_ = name;
    }
    requested_.notify_all();
}

std::optional<LoadedZone> FileRequests::take_zone() {
    const std::lock_guard lock(mutex_);
    return std::exchange(zone_, std::nullopt);
}

void FileRequests::request_config(const std::string& path, std::string in_force) {
    {
        const std::lock_guard lock(mutex_);
        config_request_ = {path, std::move(in_force)};
    }
    requested_.notify_all();
}

std::optional<ParsedConfig> FileRequests::take_config() {
    const std::lock_guard lock(mutex_);
    return std::exchange(config_, std::nullopt);
}

void FileRequests::request_copy(const std::string& path, std::string text) {
    {
        const std::lock_guard lock(mutex_);
        copy_request_ = {path, std::move(text)};
    }
    requested_.notify_all();
}

std::optional<std::string> FileRequests::take_copy_failure() {
    const std::lock_guard lock(mutex_);
    return std::exchange(copy_failure_, std::nullopt);
}

// The functions below hold the lock only to take a request and to store its result, not while they work.

bool FileRequests::load_zone() {
    LoadedZone loaded;
    {
        const std::lock_guard lock(mutex_);
        loaded.name = std::exchange(zone_request_, {});
    }
    if (loaded.name.empty()) return false;
    try {
        loaded.clock = ZoneClock::load(loaded.name);
    } catch (const std::exception&) {}  // no memory, no clock
    {
        const std::lock_guard lock(mutex_);
        zone_ = std::move(loaded);
    }
    wake_loop_();
    return true;
}

bool FileRequests::read_config() {
    std::optional<FileText> request;
    {
        const std::lock_guard lock(mutex_);
        request = std::exchange(config_request_, std::nullopt);
    }
    if (!request) return false;
    ParsedConfig parsed = read_and_compare(request->path, request->text);
    {
        const std::lock_guard lock(mutex_);
        config_ = std::move(parsed);
    }
    wake_loop_();
    return true;
}

bool FileRequests::write_copy() {
    std::optional<FileText> request;
    {
        const std::lock_guard lock(mutex_);
        request = std::exchange(copy_request_, std::nullopt);
    }
    if (!request) return false;
    std::string failure = "no memory";
    try {
        failure = keep_good_copy(request->path, request->text);
    } catch (const std::exception&) {}  // the previous copy remains
    const std::lock_guard lock(mutex_);
    if (!failure.empty()) copy_failure_ = std::move(failure);
    return true;
}

void FileRequests::wait(Duration at_most) {
    std::unique_lock lock(mutex_);
    requested_.wait_for(lock, at_most, [this] { return stopped_ || !zone_request_.empty() || config_request_ || copy_request_; });
}

void FileRequests::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    requested_.notify_all();
}

}  // namespace volt
