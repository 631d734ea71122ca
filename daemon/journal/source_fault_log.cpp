#include "daemon/journal/source_fault_log.hpp"

#include <fmt/format.h>

namespace volt {

namespace {

constexpr std::string_view alarm_of_source = "source_failing/";
constexpr std::size_t most_logged = 64;  // maximum sources; there are under 20

std::string key_of(const std::string& name, const char* kind) { return fmt::format("source/{}/{}", name, kind); }

}  // namespace

SourceFaultLog::Line SourceFaultLog::fault_line(const std::string& name, const SourceHealth& health) {
    const char* kind = name_of(*health.fault);
    return {
        key_of(name, kind), Level::warning, fmt::format("{}: {}", name, health.last_error), "SOURCE", name, kind, "source", true};
}

SourceFaultLog::Line SourceFaultLog::complaint_line(const std::string& name, const std::string& complaint) {
    return {key_of(name, "complaint"),
            Level::warning,
            fmt::format("{}: {}", name, complaint),
            "SOURCE",
            name,
            "complaint",
            "source",
            true};
}

void SourceFaultLog::update(const LatestReadings& latest, Time now, Log& log) {
    std::erase_if(seen_, [&](const auto& entry) { return !latest.contains(entry.first); });
    for (const auto& [name, source] : latest) check_source(name, source.health, now, log);
    for (auto& [name, logged] : logged_) {
        if (!logged.held || log.is_limited(now, logged.held->key)) continue;
        const Line line = *logged.held;
        write(name, line, now, log);
    }
}

void SourceFaultLog::check_source(const std::string& name, const SourceHealth& health, Time now, Log& log) {
    Seen& seen = seen_[name];
    const bool failed = health.failures > seen.failures && health.fault;
    const bool complains = !health.fault && !health.last_error.empty();
    seen.failures = health.failures;
    seen.fault = health.fault && (failed || seen.fault);
    if (!health.fault && health.last_error.empty()) seen.complaint.clear();
    if (failed) write(name, fault_line(name, health), now, log);
    if (!failed && complains && health.last_error != seen.complaint) {
        const Line line = complaint_line(name, health.last_error);
        const auto logged = logged_.find(name);
        const bool waits = logged != logged_.end() && logged->second.held && logged->second.held->text == line.text;
        if (waits && log.is_limited(now, line.key)) return;  // already suppressed and counted
        write(name, line, now, log);
        if (!logged_[name].held) seen.complaint = health.last_error;
        return;
    }
    const auto logged = logged_.find(name);
    if (failed || logged == logged_.end() || !logged->second.held || !logged->second.held->polled) return;
    if (logged->second.held->reason == "complaint" || !health.fault) logged->second.held.reset();  // the complaint has ended
}

/// Writes a line, or keeps a suppressed one for later unless the last one has the same text.
void SourceFaultLog::write(const std::string& source, const Line& line, Time now, Log& log) {
    if (logged_.size() >= most_logged && !logged_.contains(source)) logged_.erase(logged_.begin());
    Logged& logged = logged_[source];
    logged.held.reset();
    const bool written = log.write_limited(now, line.key, line.level, line.text,
                                           {{line.field, line.subject}, {"REASON", line.reason}, {"WHAT", line.what}});
    if (written) {
        logged.key = line.key;
        logged.text = line.text;
    } else if (logged.key != line.key || (line.reason == "complaint" && logged.text != line.text)) {
        logged.held = line;
    }
}

bool SourceFaultLog::is_about_source(const Change& change) {
    return change.what == "source" || (change.what == "alarm" && change.subject.starts_with(alarm_of_source));
}

void SourceFaultLog::log_change(const Change& change, Level level, Time now, Log& log) {
    const bool alarm = change.what == "alarm";
    const std::string name = alarm ? change.subject.substr(alarm_of_source.size()) : change.subject;
    const auto seen = seen_.find(name);
    const bool polled = seen != seen_.end();
    // Fault and recovery of a polled source have their own lines, so the alarm adds nothing.
    if (polled && (alarm || (seen->second.fault && (change.to == "failing" || change.to == "absent")))) return;
    write(name,
          {fmt::format("{}/{}/{}", change.what, change.subject, change.to), level, change.text, alarm ? "ALARM" : "SOURCE",
           change.subject, change.reason, change.what, false},
          now, log);
}

}  // namespace volt
