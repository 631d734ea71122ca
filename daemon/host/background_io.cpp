#include "daemon/host/background_io.hpp"

#include <utility>

#include "daemon/host/memory_trim.hpp"
#include "drivers/source.hpp"
#include "drivers/thread.hpp"

namespace volt {

namespace {

constexpr Duration again_after = 1s;     // pause before another try to get a thread
constexpr Duration start_is_over = 60s;  // by then everything has run once

}  // namespace

BackgroundIo::BackgroundIo(Duration every, std::function<void()> wake, std::string hwmon)
    : every_(every), files_(std::move(wake)), checks_([this] { return files_.stopped(); }, std::move(hwmon)) {
    start();
}

BackgroundIo::~BackgroundIo() {
    files_.stop();
    if (thread_.joinable()) thread_.join();
}

void BackgroundIo::start() {
    const Time now = monotonic_now();
    if (thread_.joinable() || (tried_ != Time{} && now - tried_ < again_after)) return;
    tried_ = now;
    start_thread(thread_, "background-io", [this] { run(); });
}

void BackgroundIo::run() {
    trim_at_ = monotonic_now() + start_is_over;
    while (!files_.stopped()) {
        if (files_.serve()) {
            trim_at_ = monotonic_now() + start_is_over;
            continue;
        }
        checks_.run();
        trim_memory();
        files_.wait(every_);
    }
    files_.write_copy();  // the next start may need the current configuration
}

void BackgroundIo::trim_memory() {
    if (!trim_at_ || monotonic_now() < *trim_at_) return;
    trim_at_.reset();
    trim_start_memory();
}

}  // namespace volt
