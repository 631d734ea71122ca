// TurnReporter: reports the result of a turn. Changes go to the log, events and store; the state goes to its topics.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/explain/changes.hpp"
#include "daemon/host/log.hpp"
#include "daemon/journal/source_fault_log.hpp"
#include "daemon/journal/status_snapshot.hpp"
#include "daemon/site/charge_block.hpp"
#include "daemon/site/site_io.hpp"
#include "drivers/store/store.hpp"

namespace volt {

class TurnReporter {
public:
    /// Interval for publishing changed numbers and their sentences: making this text is half the cost of a turn. With the longest
    /// gap of 1 s between turns, a changed number is published within 5 s.
    static constexpr Duration numbers_every = std::chrono::milliseconds{3750};

    /// `sources`: faults that it has logged are not logged again. All arguments must outlive this object.
    TurnReporter(Log& log, Store& store, SourceFaultLog& sources) : log_(log), store_(store), sources_(sources) {}

    /// Reports the turn. Call once a turn. `charge_notes`: sentences from the charge limit. Returns true if it reported a change.
    bool report(const SiteView& view, const std::vector<ChargeNote>& charge_notes, SiteIo& io);
    /// Notes who requested a change of this kind and subject, for the event of the next report.
    void note_author(const std::string& what, const std::string& subject, const std::string& who);
    /// Returns the newest events for the API.
    const EventTail& tail() const { return tail_; }
    /// Returns the last published topics, at most numbers_every old.
    const std::vector<Topic>& topics() const { return topics_; }
    const std::map<std::string, std::string>& alarms() const { return alarms_; }
    Time rendered_at() const { return rendered_at_.value_or(Time{}); }
    /// Makes the next report publish everything.
    void forget() { rendered_at_.reset(); }
    /// Returns how often each decision was made since the start.
    const std::vector<DecisionCount>& decisions() const { return decisions_; }

    /// Maximum kinds of decisions to count: names of loads come and go with edits.
    static constexpr std::size_t most_decision_kinds = 2000;
    /// Maximum authors between two reports.
    static constexpr std::size_t most_authors = 65;

private:
    void write(const Change& change, Time now);
    void log_change(const SiteView& view, const Change& change, SiteIo& io);
    void count(const DecisionRow& row);
    void render(const SiteView& view, SiteIo& io);

    Log& log_;
    Store& store_;
    SourceFaultLog& sources_;
    Changes changes_;
    EventTail tail_;
    std::vector<Topic> topics_;
    std::map<std::string, std::string> alarms_;  ///< by topic
    std::vector<DecisionCount> decisions_;
    std::map<std::pair<std::string, std::string>, std::string> authors_;  ///< by kind and subject, until the next report
    std::uint64_t fingerprint_ = 0;                                       ///< fingerprint of the rendered view
    std::optional<Time> rendered_at_{};
};

}  // namespace volt
