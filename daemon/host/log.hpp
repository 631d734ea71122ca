// The one log sink: the journal with fields when stderr is the journal's, else one line each with time and level.
// Used on the loop thread only, which never waits for it: a thread of its own writes (log_writer.hpp).
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "daemon/host/log_writer.hpp"
#include "rules/time.hpp"

namespace volt {

/// A journal field that one can filter by: `journalctl VOLT_LOAD=primary-s21-revenue`.
struct LogField {
    const char* name;  ///< `LOAD`, `REASON`, `SOURCE`, `OUTPUT`, `ALARM`, `WHAT`; written with the prefix VOLT_
    std::string_view value;
};

class Log {
public:
    explicit Log(Level level = Level::info);
    void set_level(Level level) { level_ = level; }
    void write(Level level, std::string_view text, std::initializer_list<LogField> fields = {});
    /// Before anything runs: as `write` to the journal, else the bare text, as a person at a terminal wants it.
    void write_plain(Level level, std::string_view text);
    /// Waits until all of it is written, or `at_most` has passed. Not while the loop runs.
    bool drain(Duration at_most) const { return writer_.drain(at_most); }
    /// At most one line per key in 5 minutes; the next one counts the suppressed ones. At most 256 keys. True: it was
    /// written.
    bool write_limited(Time now, const std::string& key, Level level, std::string_view text,
                       std::initializer_list<LogField> fields = {});
    /// Whether write_limited would suppress a line with this key.
    bool is_limited(Time now, const std::string& key) const;

private:
    struct Limited {
        Time last{};
        std::size_t suppressed = 0;
    };
    Level level_;
    const bool to_journal_;
    LogWriter writer_;
    std::map<std::string, Limited> limited_;
};

}  // namespace volt
