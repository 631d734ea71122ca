// LogWriter: thread that writes the log, so that a blocked journal blocks nothing else.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/config/log_level.hpp"
#include "rules/time.hpp"

namespace volt {

struct LogLine {
    Level level = Level::info;
    std::string text;
    std::vector<std::string> fields;  ///< `VOLT_LOAD=primary-s21-revenue`, for the journal
};

class LogWriter {
public:
    static constexpr std::size_t most_lines = 512;   ///< maximum waiting lines; then the oldest is dropped
    static constexpr std::size_t most_bytes = 8192;  ///< maximum per line; the rest is cut off

    using Out = std::function<void(const LogLine&)>;
    /// `out` writes one line and may block. It runs on the writer's thread, which starts with the first line.
    explicit LogWriter(Out out);
    /// Waits briefly for pending lines; a stuck thread is detached.
    ~LogWriter();
    LogWriter(const LogWriter&) = delete;
    LogWriter& operator=(const LogWriter&) = delete;

    /// Queues a line. Never waits. Counts lost lines, and writes the count in their place.
    void put(LogLine line);
    /// Waits until everything is written, at most this long. Returns true if it is.
    bool drain(Duration at_most) const;

private:
    struct Ring;
    static void run(const std::shared_ptr<Ring>& ring);
    void start();

    std::shared_ptr<Ring> ring_;  ///< shared with the thread, which may be detached
    bool running_ = false;
    Time tried_{};
};

}  // namespace volt
