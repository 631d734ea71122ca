// LogWriter: the thread that writes the log, so that a blocked journal blocks nothing else.
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
    static constexpr std::size_t most_lines = 512;   ///< that wait; then the oldest goes for the newest
    static constexpr std::size_t most_bytes = 8192;  ///< of one line; the rest is cut off

    using Out = std::function<void(const LogLine&)>;
    /// `out` writes one line and may block; it runs on the writer's thread, which begins with the first line.
    explicit LogWriter(Out out);
    /// Waits briefly for pending lines; a stuck thread is detached.
    ~LogWriter();
    LogWriter(const LogWriter&) = delete;
    LogWriter& operator=(const LogWriter&) = delete;

    /// Never waits. Lost lines are counted, and a line in their place shows the count.
    void put(LogLine line);
    /// Waits until all is written, at most this long; true: it is.
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
