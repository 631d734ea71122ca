#include "daemon/source_log.hpp"

#include <fmt/format.h>

namespace volt {

namespace {

constexpr std::string_view alarm_of_source = "source_failing/";

}  // namespace

void SourceLog::look(const Slots& slots, Time now, Log& log) {
    std::erase_if(seen_, [&](const auto& entry) { return !slots.contains(entry.first); });
    for (const auto& [name, slot] : slots) {
        const SourceHealth& health = slot.health;
        Seen& seen = seen_[name];
        const bool failed = health.failures > seen.failures && health.fault;
        const bool complains = !health.fault && !health.last_error.empty() && health.last_error != seen.complaint;
        seen.failures = health.failures;
        seen.fault = health.fault && (failed || seen.fault);
        if (!health.fault) seen.complaint = health.last_error;
        if (!failed && !complains) continue;
        const char* kind = failed ? name_of(*health.fault) : "complaint";
        log.write_limited(now, fmt::format("source/{}/{}", name, kind), Level::warning,
                          fmt::format("{}: {}", name, health.last_error), {{"SOURCE", name}, {"REASON", kind}});
    }
}

bool SourceLog::is_about_source(const Change& change) {
    return change.what == "source" || (change.what == "alarm" && change.subject.starts_with(alarm_of_source));
}

void SourceLog::tell(const Change& change, Level level, Time now, Log& log) const {
    const bool alarm = change.what == "alarm";
    const std::string name = alarm ? change.subject.substr(alarm_of_source.size()) : change.subject;
    const auto seen = seen_.find(name);
    const bool polled = seen != seen_.end();
    // A polled source's fault has its line, and its recovery has one: the alarm says nothing more.
    if (polled && (alarm || (seen->second.fault && (change.to == "failing" || change.to == "absent")))) return;
    log.write_limited(now, fmt::format("{}/{}/{}", change.what, change.subject, change.to), level, change.text,
                      {{alarm ? "ALARM" : "SOURCE", change.subject}, {"REASON", change.reason}, {"WHAT", change.what}});
}

}  // namespace volt
