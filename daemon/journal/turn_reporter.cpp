#include "daemon/journal/turn_reporter.hpp"

#include <fmt/format.h>

#include "daemon/explain/history_json.hpp"
#include "daemon/journal/change_fingerprint.hpp"
#include "daemon/site/ha_devices.hpp"

namespace volt {

namespace {

Change charge_note(const ChargeNote& note, Utc at) {
    Change change;
    change.at = at;
    change.what = "charge";
    change.subject = note.subject;
    change.text = note.text;
    return change;
}

Change device_note(const std::string& output, const std::string& words, Utc at) {
    Change change;
    change.at = at;
    change.what = "output";
    change.subject = output;
    change.reason = "device";
    change.text = fmt::format("Output {} reports: {}", output, words);
    change.level = "warning";
    return change;
}

Level level_of_change(const Change& change) {
    if (change.level == "critical" || change.level == "error") return Level::error;
    if (change.level == "warning") return Level::warning;
    return change.level == "debug" ? Level::debug : Level::info;
}

/// Returns the journal field for the subject of a change.
const char* journal_field(const Change& change) {
    if (change.what == "source") return "SOURCE";
    if (change.what == "output") return "OUTPUT";
    return change.what == "alarm" ? "ALARM" : "LOAD";
}

}  // namespace

bool TurnReporter::report(const SiteView& view, const std::vector<ChargeNote>& charge_notes, SiteIo& io) {
    // Only numbers changed, so make no sentences. A delayed change is published with the next numbers.
    const std::uint64_t fingerprint = fingerprint_of(view);
    const bool changed = !rendered_at_ || fingerprint != fingerprint_ || !view.decision().moved.empty();
    const bool whole = changed || view.snapshot().now - *rendered_at_ >= numbers_every;
    fingerprint_ = fingerprint;
    std::vector<Change> changes = changed || (whole && changes_.waits()) ? changes_.compare(view) : std::vector<Change>();
    const Utc utc = view.snapshot().utc;
    for (Change& change : changes) {
        if (const auto author = authors_.find({change.what, change.subject}); author != authors_.end())
            change.who = author->second;
        log_change(view, change, io);
    }
    authors_.clear();
    for (const auto& [output, words] : io.take_device_problems()) log_change(view, device_note(output, words, utc), io);
    for (const ChargeNote& note : charge_notes) log_change(view, charge_note(note, utc), io);
    if (whole) render(view, io);
    return !changes.empty();
}

void TurnReporter::note_author(const std::string& what, const std::string& subject, const std::string& who) {
    if (authors_.size() < most_authors) authors_[{what, subject}] = who;
}

void TurnReporter::write(const Change& change, Time now) {
    const Level level = level_of_change(change);
    if (SourceFaultLog::is_about_source(change)) return sources_.log_change(change, level, now, log_);
    log_.write(level, change.text, {{journal_field(change), change.subject}, {"REASON", change.reason}, {"WHAT", change.what}});
}

void TurnReporter::log_change(const SiteView& view, const Change& change, SiteIo& io) {
    write(change, view.snapshot().now);
    const std::string json = event_json(change);
    if (!json.empty()) io.publish_event(json);
    if (const auto row = decision_row(view, change)) {
        store_.record(*row);
        count(*row);
    }
    store_.record(event_row(change));
    tail_.add(change);
}

void TurnReporter::count(const DecisionRow& row) {
    for (DecisionCount& it : decisions_)
        if (it.load == row.load && it.to == row.to && it.reason == row.reason) {
            ++it.count;
            return;
        }
    if (decisions_.size() < most_decision_kinds) decisions_.push_back({row.load, row.to, row.reason, 1});
}

void TurnReporter::render(const SiteView& view, SiteIo& io) {
    rendered_at_ = view.snapshot().now;
    topics_ = state_topics(view);
    alarms_ = alarm_topics(view);
    if (Discovery* discovery = io.discovery(); discovery != nullptr && !discovery->knows(view.policy().revision))
        discovery->describe(view.policy().revision, ha_loads(view.policy()));
    io.publish(topics_, alarms_);
}

}  // namespace volt
