// LogWriter: the thread that writes the log, so that a journal that does not read holds up nobody else.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "rules/time.hpp"

namespace volt {

/// Numbers are those of syslog.
enum class Level : int { error = 3, warning = 4, notice = 5, info = 6, debug = 7 };

struct LogLine {
    Level level = Level::info;
    std::string text;
    std::vector<std::string> fields;  ///< `VOLT_LOAD=primary-s21-revenue`, for the journal
};

class LogWriter {
public:
    static constexpr std::size_t most_lines = 512;    ///< that wait; then the oldest goes for the newest
    static constexpr std::size_t most_bytes = 8192;   ///< of one line; the rest is cut off

    using Out = std::function<void(const LogLine&)>;
    /// `out` writes one line and may block; it runs on the writer's thread, which begins with the first line.
    explicit LogWriter(Out out);
    /// Waits a moment for what is still to be written; a thread that is stuck is left behind.
    ~LogWriter();
    LogWriter(const LogWriter&) = delete;
    LogWriter& operator=(const LogWriter&) = delete;

    /// Never waits. Lines that were lost are counted, and a line in their place says how many.
    void put(LogLine line);
    /// Waits until all is written, at most so long; true: it is.
    bool drain(Duration at_most) const;

private:
    struct Ring;
    static void run(const std::shared_ptr<Ring>& ring);
    void start();

    std::shared_ptr<Ring> ring_;  ///< shared with the thread, which may be left behind
    bool running_ = false;
    Time tried_{};
};

}  // namespace volt
