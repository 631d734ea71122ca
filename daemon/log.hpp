// The one log sink: the journal with fields when stderr is the journal's, else one line each with time and level.
// Used on the loop thread only; other threads post what they have to say.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "rules/time.hpp"

namespace volt {

/// Numbers are those of syslog.
enum class Level : int { error = 3, warning = 4, notice = 5, info = 6, debug = 7 };

/// A journal field that one can filter by: `journalctl VOLT_LOAD=primary-s21-revenue`.
struct LogField {
    const char* name;   ///< `LOAD`, `REASON`, `SOURCE`, `OUTPUT`, `ALARM`, `WHAT`; written with the prefix VOLT_
    std::string_view value;
};

class Log {
public:
    explicit Log(Level level = Level::info);
    void set_level(Level level) { level_ = level; }
    void write(Level level, std::string_view text, std::initializer_list<LogField> fields = {});
    /// Before anything runs: as `write` to the journal, else the bare text, as a person at a terminal wants it.
    void say(Level level, std::string_view text) const;
    /// At most one line for each key in 5 minutes; the next one tells how many were left out. At most 256 keys. True: it
    /// was not left out.
    bool write_limited(Time now, const std::string& key, Level level, std::string_view text,
                       std::initializer_list<LogField> fields = {});
    /// Whether write_limited would leave a line of this key out.
    bool is_limited(Time now, const std::string& key) const;

private:
    struct Limited {
        Time last{};
        std::size_t left_out = 0;
    };
    Level level_;
    bool to_journal_;
    std::map<std::string, Limited> limited_;
};

/// `error`, `warning`, `info`, `debug` as in `log_level`; `info` for anything else.
Level level_of(std::string_view word);

}  // namespace volt
