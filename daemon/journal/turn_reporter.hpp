// TurnReporter: reports the result of a turn. Changes go to the log, the events and the store, the state to its topics.
#pragma once

#include <cstdint>
#include <optional>
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
    /// Running numbers and their sentences go out together, so often: half of what a turn costs is this text. With the longest
    /// gap between turns of 1 s it is the 5 s after which a changed number must be published.
    static constexpr Duration numbers_every = std::chrono::milliseconds{3750};

    /// `sources`: the TurnReporter does not log source faults that it has logged. All outlive it.
    TurnReporter(Log& log, Store& store, SourceLog& sources) : log_(log), store_(store), sources_(sources) {}

    /// Once a turn. `charge_notes`: sentences of the charge carrier. True: a change was reported.
    bool tell(const SiteView& view, const std::vector<ChargeNote>& charge_notes, SiteIo& field);
    /// The newest events, for the API.
    const EventTail& tail() const { return tail_; }

private:
    void write(const Change& change, Time now);
    void tell_change(const SiteView& view, const Change& change, SiteIo& field);
    void render(const SiteView& view, SiteIo& field);

    Log& log_;
    Store& store_;
    SourceLog& sources_;
    Changes changes_;
    EventTail tail_;
    std::uint64_t digest_ = 0;  ///< of the view that was rendered
    std::optional<Time> rendered_at_{};
};

}  // namespace volt
