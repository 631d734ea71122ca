#include "daemon/host/log_writer.hpp"

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <utility>

#include "drivers/source.hpp"
#include "drivers/thread.hpp"

namespace volt {

namespace {

constexpr Duration flush_limit = 1s;
constexpr Duration try_again = 1s;  // pause before another try to get a thread

}  // namespace

struct LogWriter::Ring {
    explicit Ring(Out write) : out(std::move(write)) {}

    const Out out;
    std::mutex mutex;
    std::condition_variable wake, idle;
    std::deque<LogLine> lines;
    std::size_t lost = 0;
    bool writing = false, closed = false;
};

LogWriter::LogWriter(Out out) : ring_(std::make_shared<Ring>(std::move(out))) {}

LogWriter::~LogWriter() {
    drain(flush_limit);
    const std::lock_guard lock(ring_->mutex);
    ring_->closed = true;
    ring_->wake.notify_one();
}

/// Starts the thread detached, because one that hangs in the journal's socket could never be joined.
void LogWriter::start() {
    const Time now = monotonic_now();
    if (running_ || (tried_ != Time{} && now - tried_ < try_again)) return;
    tried_ = now;
    std::thread thread;
    running_ = start_thread(thread, "log", [ring = ring_] { run(ring); });
    if (running_) thread.detach();
}

void LogWriter::put(LogLine line) {
    if (line.text.size() > most_bytes) line.text.resize(most_bytes);
    {
        const std::lock_guard lock(ring_->mutex);
        if (ring_->lines.size() >= most_lines) {
            ring_->lines.pop_front();
            ++ring_->lost;
        }
        ring_->lines.push_back(std::move(line));
    }
    ring_->wake.notify_one();
    start();
}

bool LogWriter::drain(Duration at_most) const {
    if (!running_) return false;
    std::unique_lock lock(ring_->mutex);
    return ring_->idle.wait_for(lock, at_most, [this] { return ring_->lines.empty() && !ring_->writing; });
}

void LogWriter::run(const std::shared_ptr<Ring>& ring) {
    std::unique_lock lock(ring->mutex);
    while (true) {
        ring->wake.wait(lock, [&] { return ring->closed || !ring->lines.empty(); });
        if (ring->lines.empty()) return;
        LogLine line = std::move(ring->lines.front());
        ring->lines.pop_front();
        const std::size_t lost = std::exchange(ring->lost, 0);
        ring->writing = true;
        lock.unlock();
        try {
            if (lost > 0)
                ring->out({Level::warning, fmt::format("{} log lines are missing here: the journal was too slow", lost), {}});
            ring->out(line);
        } catch (const std::exception&) {  // no memory, so this line is lost
        }
        lock.lock();
        ring->writing = false;
        if (ring->lines.empty()) ring->idle.notify_all();
    }
}

}  // namespace volt
