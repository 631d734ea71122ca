#include "daemon/host/background_io.hpp"

#include <exception>
#include <utility>

#include "daemon/config/config_changes.hpp"
#include "daemon/config/good_copy.hpp"
#include "daemon/host/footprint.hpp"
#include "drivers/source.hpp"
#include "drivers/thread.hpp"

namespace volt {

namespace {

// timedated is started by the question, which takes a while on a small machine at boot.
constexpr Duration timedate_limit = 5s;
constexpr Duration again_after = 1s;  // to get a thread
constexpr Duration certificates_every = 1h;
constexpr Duration start_is_over = 60s;  // everything has run once by then

}  // namespace

BackgroundIo::BackgroundIo(Duration every, std::function<void()> wake, std::string hwmon)
    : every_(every),
      wake_loop_(std::move(wake)),
      clock_(clock_is_synchronised, [this] { return ask_timedate(timedate_limit, [this] { return stop_.load(); }); }),
      synchronised_(clock_is_synchronised().value_or(false)),
      supply_(std::move(hwmon)) {
    start();
}

BackgroundIo::~BackgroundIo() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void BackgroundIo::start() {
    const Time now = monotonic_now();
    if (thread_.joinable() || (tried_ != Time{} && now - tried_ < again_after)) return;
    tried_ = now;
    start_thread(thread_, "background-io", [this] { run(); });
}

bool BackgroundIo::clock_synchronised() {
    start();
    return synchronised_;
}

void BackgroundIo::want_zone(const std::string& name) {
    {
        const std::lock_guard lock(mutex_);
        wanted_ = name;
    }
    wake_.notify_all();
}

std::optional<LoadedZone> BackgroundIo::take_zone() {
    const std::lock_guard lock(mutex_);
    return std::exchange(loaded_, std::nullopt);
}

void BackgroundIo::want_config(const std::string& path, std::string in_force) {
    {
        const std::lock_guard lock(mutex_);
        wanted_config_ = path;
        in_force_ = std::move(in_force);
    }
    wake_.notify_all();
}

std::optional<ParsedConfig> BackgroundIo::take_config() {
    const std::lock_guard lock(mutex_);
    return std::exchange(config_, std::nullopt);
}

void BackgroundIo::keep_config(const std::string& path, std::string text) {
    {
        const std::lock_guard lock(mutex_);
        wanted_copy_ = {path, std::move(text)};
    }
    wake_.notify_all();
}

void BackgroundIo::watch_certificates(const std::string& file) {
    const std::lock_guard lock(mutex_);
    if (file == certificates_) return;
    certificates_ = file;
    certificate_end_.reset();
    certificates_seen_.reset();
}

std::optional<CertificateEnd> BackgroundIo::certificate_end() {
    const std::lock_guard lock(mutex_);
    return certificate_end_;
}

void BackgroundIo::look_at_certificates() {
    std::string file;
    {
        const std::lock_guard lock(mutex_);
        if (certificates_.empty() || (certificates_seen_ && monotonic_now() - *certificates_seen_ < certificates_every)) return;
        file = certificates_;
    }
    auto first = first_to_end(file);
    const std::lock_guard lock(mutex_);
    if (file != certificates_) return;
    certificate_end_ = std::move(first);
    certificates_seen_ = monotonic_now();
}

std::optional<std::string> BackgroundIo::take_copy_trouble() {
    const std::lock_guard lock(mutex_);
    return std::exchange(copy_trouble_, std::nullopt);
}

/// Writes the requested copy without holding the lock; false: none was requested.
bool BackgroundIo::do_copy(std::unique_lock<std::mutex>& lock) {
    const auto copy = std::exchange(wanted_copy_, std::nullopt);
    if (!copy) return false;
    lock.unlock();
    std::string trouble = "no memory";
    try {
        trouble = keep_good_copy(copy->path, copy->text);
    } catch (const std::exception&) {}  // the copy before stays
    lock.lock();
    if (!trouble.empty()) copy_trouble_ = std::move(trouble);
    return true;
}

/// Serves one request without holding the lock; false: there is none.
bool BackgroundIo::do_wish(std::unique_lock<std::mutex>& lock) {
    const std::string zone = std::exchange(wanted_, {}), path = zone.empty() ? std::exchange(wanted_config_, {}) : "";
    if (zone.empty() && path.empty()) return false;
    const std::string in_force = path.empty() ? "" : std::exchange(in_force_, {});
    lock.unlock();
    std::optional<LoadedZone> loaded;
    std::optional<ParsedConfig> config;
    try {
        if (!zone.empty()) loaded = LoadedZone{zone, ZoneClock::load(zone)};
        else config = load_config(path);
        if (config && config->config) config->changes = changed_keys(in_force, config->text);
        else if (config) config->says_shadow = bare_words(config->text).shadow;
    } catch (const std::exception& error) {  // no memory: who asked gets an answer all the same
        if (!zone.empty()) loaded = LoadedZone{zone, nullptr};
        else config.emplace().problems.push_back({path, {}, "", error.what(), "try again"});
    }
    lock.lock();
    if (loaded) loaded_ = std::move(loaded);
    if (config) config_ = std::move(config);
    shed_at_ = monotonic_now() + start_is_over;
    wake_loop_();
    return true;
}

/// No exception leaves the thread: it costs one pass.
void BackgroundIo::look() {
    try {
        synchronised_ = clock_.look(WallClock().utc(Time{}), monotonic_now());
        under_voltage_ = supply_.look(monotonic_now());
        look_at_certificates();
    } catch (const std::exception&) { synchronised_ = false; }
}

void BackgroundIo::shed() {
    if (!shed_at_ || monotonic_now() < *shed_at_) return;
    shed_at_.reset();
    shed_start_memory();
}

void BackgroundIo::run() {
    shed_at_ = monotonic_now() + start_is_over;
    std::unique_lock lock(mutex_);
    while (!stop_) {
        if (do_wish(lock) || do_copy(lock)) continue;
        lock.unlock();
        look();
        shed();
        lock.lock();
        wake_.wait_for(lock, every_, [this] { return stop_ || !wanted_.empty() || !wanted_config_.empty() || wanted_copy_; });
    }
    do_copy(lock);  // what is in force now is what the next start may need
}

}  // namespace volt
