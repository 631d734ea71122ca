// Log: the only log sink. Writes to the journal with fields if stderr is the journal's, else one line each with time and level.
// Use on the loop thread only, which never waits for it: a separate thread writes (log_writer.hpp).
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "daemon/host/log_writer.hpp"
#include "rules/time.hpp"

namespace volt {

/// Journal field to filter by: `journalctl VOLT_LOAD=primary-s21-revenue`.
struct LogField {
    const char* name;  ///< `LOAD`, `REASON`, `SOURCE`, `OUTPUT`, `ALARM`, `WHAT`; written with the prefix VOLT_
    std::string_view value;
};

class Log {
public:
    explicit Log(Level level = Level::info);
    void set_level(Level level) { level_ = level; }
    void write(Level level, std::string_view text, std::initializer_list<LogField> fields = {});
    /// Writes bare text for a person at a terminal, or like `write` if stderr is the journal. Only before anything runs.
    void write_plain(Level level, std::string_view text);
    /// Waits until everything is written, at most `at_most`. Not while the loop runs.
    bool drain(Duration at_most) const { return writer_.drain(at_most); }
    /// Writes at most one line per key in 5 minutes. The next one counts the suppressed ones. At most 256 keys. Returns true if
    /// it was written.
    bool write_limited(Time now, const std::string& key, Level level, std::string_view text,
                       std::initializer_list<LogField> fields = {});
    /// Returns true if write_limited would suppress a line with this key.
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
