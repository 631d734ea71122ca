#include "daemon/host/log.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <climits>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <utility>
#include <vector>

namespace volt {

namespace {

constexpr Duration limit_gap = 5min;
constexpr std::size_t max_keys = 256;

/// systemd passes device and inode of the stream it opened; another stderr (a terminal, a file) does not match.
bool stderr_is_journal() {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat status {};
    if (stream == nullptr || fstat(STDERR_FILENO, &status) != 0) return false;
    return fmt::format("{}:{}", status.st_dev, status.st_ino) == stream;
}

const char* text_of(Level level) {
    switch (level) {
        case Level::error: return "error";
        case Level::warning: return "warning";
        case Level::notice: return "notice";
        case Level::info: return "info";
        case Level::debug: return "debug";
    }
    return "?";
}

/// Writes a line, or drops what cannot be written at once, because a blocked reader must not stop control.
void write_or_drop(std::string line) {
    if (line.size() > PIPE_BUF) line = line.substr(0, PIPE_BUF - 1) + "\n";
    pollfd out{STDERR_FILENO, POLLOUT, 0};
    if (poll(&out, 1, 0) != 1 || (out.revents & POLLOUT) == 0) return;
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

void send_to_journal(const LogLine& line) {
    std::vector<std::string> parts{fmt::format("PRIORITY={}", static_cast<int>(line.level)),
                                   fmt::format("MESSAGE={}", line.text)};
    parts.insert(parts.end(), line.fields.begin(), line.fields.end());
    std::vector<iovec> vectors;
    for (std::string& part : parts) vectors.push_back({part.data(), part.size()});
    sd_journal_sendv(vectors.data(), static_cast<int>(vectors.size()));
}

LogWriter::Out out_for(bool journal) {
    if (journal) return send_to_journal;
    return [](const LogLine& line) { write_or_drop(line.text + "\n"); };
}

}  // namespace

Log::Log(Level level) : level_(level), to_journal_(stderr_is_journal()), writer_(out_for(to_journal_)) {}

void Log::write(Level level, std::string_view text, std::initializer_list<LogField> fields) {
    if (level > level_) return;
    LogLine line{level, std::string(text), {}};
    if (!to_journal_) line.text = fmt::format("{:%FT%TZ} {:<7} {}", fmt::gmtime(std::time(nullptr)), text_of(level), text);
    else
        for (const LogField& field : fields) line.fields.push_back(fmt::format("VOLT_{}={}", field.name, field.value));
    writer_.put(std::move(line));
}

void Log::write_plain(Level level, std::string_view text) { writer_.put({level, std::string(text), {}}); }

bool Log::is_limited(Time now, const std::string& key) const {
    const auto entry = limited_.find(key);
    return entry != limited_.end() && now - entry->second.last < limit_gap;
}

bool Log::write_limited(Time now, const std::string& key, Level level, std::string_view text,
                        std::initializer_list<LogField> fields) {
    if (is_limited(now, key)) {
        ++limited_[key].suppressed;
        return false;
    }
    if (limited_.size() >= max_keys && limited_.count(key) == 0) limited_.erase(limited_.begin());
    const std::size_t suppressed = std::exchange(limited_[key], {now, 0}).suppressed;
    if (suppressed == 0) write(level, text, fields);
    else write(level, fmt::format("{} ({} more since the last such line)", text, suppressed), fields);
    return true;
}

}  // namespace volt
