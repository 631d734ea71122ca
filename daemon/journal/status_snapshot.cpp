#include "daemon/journal/status_snapshot.hpp"

#include <algorithm>

namespace volt {

namespace {

constexpr int good_ticks = 5;
constexpr Duration least_good_for = 5s;
constexpr int early_percent = 75;  // percent of the last gap; the earliest time to expect a reader

PartHealth store_part(const StoreHealth& store) {
    PartHealth part{"store", "ok", ""};
    if (store.failing) part.state = "down";
    else if (store.disk_full || store.restored) part.state = "degraded";
    if (part.state != "ok") part.text = store.text;
    return part;
}

PartHealth mqtt_part(const SiteView& view) {
    for (const SourceView& source : view.sources)
        if (source.name == "mqtt") return {"mqtt", source.state == SourceState::ok ? "ok" : "down", source.last_error};
    return {"mqtt", view.snapshot().broker_up ? "ok" : "down", ""};
}

/// Returns down if no unit answers, and degraded if a known unit does not. A unit that the device does not have is not a fault.
PartHealth modbus_part(const SiteView& view) {
    std::size_t fine = 0, bad = 0;
    PartHealth part{"modbus", "ok", ""};
    for (const SourceView& source : view.sources) {
        if (source.name == "mqtt" || source.name.starts_with("sensor.") || source.state == SourceState::absent) continue;
        source.state == SourceState::ok ? ++fine : ++bad;
        if (source.state == SourceState::ok) continue;
        part.text += (part.text.empty() ? "" : "; ") + source.name + " " + std::string(name_of(source.state));
        if (!source.last_error.empty()) part.text += ": " + source.last_error;
    }
    if (bad > 0 || fine == 0) part.state = fine == 0 ? "down" : "degraded";
    return part;
}

Duration good_for(const SiteView& view) { return std::max(least_good_for, good_ticks * view.policy().control.tick); }

}  // namespace

void EventTail::add(const Change& change) {
    std::string event = event_json(change);
    if (event.empty()) return;
    events_.push_back(std::move(event));
    ++made_;
    if (events_.size() > most_events) events_.pop_front();
}

StatusSnapshot status_of_turn(const SiteView& view, const std::vector<Topic>& topics,
                              const std::map<std::string, std::string>& alarms, const EventTail& tail, const StoreHealth& store) {
    StatusSnapshot status;
    status.posted = status.rendered = view.snapshot().now;
    status.good_for = good_for(view);
    status.at = view.snapshot().utc;
    status.local = view.snapshot().local;
    status.site = view.facts.site;
    const auto can_run = [](const Miner& miner) { return miner.output != no_index; };
    status.warnings = night_doubts(view.policy().preferences, view.policy().miners, can_run);
    if (view.decision().budget.misfit)  // its alarm says more about the same curve
        std::erase_if(status.warnings, [](const NightDoubt& doubt) { return doubt.key == "voltage_curve"; });
    if (const auto limit = view.decision().charge.limit) status.guard_below_c = static_cast<double>(limit->steps) / 10;
    for (const Topic& topic : topics) status.objects.emplace_back(topic.suffix, topic.json);
    status.objects.emplace_back("shown", shown_json(view.scene.shown));
    for (const auto& [suffix, json] : alarms) status.objects.emplace_back(suffix, json);
    status.events = tail.events();
    status.events_made = tail.made();
    status.store = store;
    status.preferences = view.policy().preferences;
    status.parts = {modbus_part(view), mqtt_part(view), store_part(store)};
    return status;
}

Explanations explanations_of_turn(const SiteView& view) { return {view.snapshot().now, 0, good_for(view), explanations(view)}; }

void ReaderRhythm::read(Time now) {
    gap_ = std::min(now - read_at_, longest_gap);
    read_at_ = now;
}

void ReaderRhythm::turn(Time now) {
    turn_gap_ = now - turn_at_;
    turn_at_ = now;
}

bool ReaderRhythm::expects_one(Time now) const {
    const Duration since = now - read_at_;
    return since < longest_gap && since + turn_gap_ >= gap_ * early_percent / 100;
}

template <class Page>
void Board<Page>::post(std::shared_ptr<const Page> page) {
    {
        const std::lock_guard lock(mutex_);
        page_.swap(page);
        made_ = monotonic_now();
        wanted_ = false;
    }
    posted_.notify_all();
}

template <class Page>
bool Board<Page>::wanted() const {
    const std::lock_guard lock(mutex_);
    return wanted_ || (kept_ready_ && page_ && page_->turn < newest_turn_ && rhythm_.expects_one(monotonic_now()));
}

template <class Page>
void Board<Page>::completed(std::uint64_t turn) {
    const std::lock_guard lock(mutex_);
    if (turn != newest_turn_) rhythm_.turn(monotonic_now());
    newest_turn_ = turn;
}

template <class Page>
void Board<Page>::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    posted_.notify_all();
}

template <class Page>
void Board<Page>::open() {
    const std::lock_guard lock(mutex_);
    closed_ = false;
}

template <class Page>
bool Board<Page>::is_fresh(std::uint64_t turn) const {
    if (!page_ || page_->turn < turn) return false;
    return page_->turn == newest_turn_ || monotonic_now() - made_ <= fresh_for;
}

template <class Page>
std::shared_ptr<const Page> Board<Page>::page(std::uint64_t turn) const {
    std::unique_lock lock(mutex_);
    rhythm_.read(monotonic_now());
    if (!wake_ || closed_ || is_fresh(turn)) return page_;
    wanted_ = true;
    wake_();
    posted_.wait_for(lock, longest_wait, [this, turn] { return closed_ || is_fresh(turn); });
    return page_;
}

template class Board<StatusSnapshot>;
template class Board<Explanations>;

}  // namespace volt
