#include "drivers/mqtt/publisher.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace volt {
namespace {

/// Returns filters of topics with changing names. `+` is one level, so the commands below a miner are not matched.
std::vector<std::string> sweep_filters(const std::string& root) {
    std::vector<std::string> filters;
    for (const char* part : {"/alarm/#", "/miner/+", "/zone/+", "/output/+", "/source/+"}) filters.push_back(root + part);
    return filters;
}

bool is_swept(const std::string& suffix) {
    for (const char* part : {"miner/", "zone/", "output/", "source/"}) {
        const std::string prefix = part;
        if (suffix.starts_with(prefix) && suffix.find('/', prefix.size()) == std::string::npos) return true;
    }
    return suffix.starts_with("alarm/");
}

}  // namespace

Publisher::Publisher(std::string root, Bus& bus, Matters matters) : root_(std::move(root)), bus_(bus), matters_(matters) {}

void Publisher::turn(Time now) {
    now_ = now;
    follow_link();
    if (!link_since_) return;
    sweep();
    for (auto entry = topics_.begin(); entry != topics_.end();) {
        Topic& topic = entry->second;
        if (!due(topic) || !bus_.publish(root_ + "/" + entry->first, topic.text, {.retained = true})) {
            ++entry;
            continue;
        }
        topic.changed = false;
        topic.published = now_;
        entry = topic.text.empty() ? topics_.erase(entry) : std::next(entry);
    }
}

/// Follows the link. The broker may have lost retained topics, and may still hold some that voltd no longer uses.
void Publisher::follow_link() {
    const std::optional<Time> since = bus_.up() ? std::optional<Time>(bus_.up_since()) : std::nullopt;
    if (since == link_since_) return;
    link_since_ = since;
    if (!since) return;
    for (auto& [suffix, topic] : topics_) {
        topic.changed = true;
        topic.published.reset();
    }
    unknown_topics_.clear();
    bus_.subscribe(sweep_filters(root_));
    listening_ = true;
    swept_ = false;
}

void Publisher::sweep() {
    const Duration up = now_ - *link_since_;
    if (listening_ && up >= sweep_listen) {
        bus_.unsubscribe(sweep_filters(root_));
        listening_ = false;
    }
    if (swept_ || up < sweep_after) return;
    swept_ = true;
    for (const std::string& suffix : std::exchange(unknown_topics_, {})) {
        if (!topics_.contains(suffix)) clear_state(suffix);
    }
}

bool Publisher::due(const Topic& topic) const {
    if (!topic.published) return true;
    const Duration gap = now_ - *topic.published;
    return gap >= repeat || (topic.changed && gap >= least_gap);
}

void Publisher::receive(const Received& message) {
    if (!listening_ || !message.retained || message.payload.empty()) return;
    if (!message.topic.starts_with(root_ + "/")) return;
    const std::string suffix = message.topic.substr(root_.size() + 1);
    if (is_swept(suffix) && unknown_topics_.size() < most_topics) unknown_topics_.insert(suffix);
}

bool Publisher::publish_state(const std::string& suffix, const std::string& json) {
    if (json.empty() || json.size() > most_payload_bytes || root_.size() + suffix.size() >= most_topic_bytes) return false;
    if (!topics_.contains(suffix) && topics_.size() >= most_topics) return false;
    Topic& topic = topics_[suffix];
    if (topic.text == json) return true;
    topic.text = json;
    if (matters_ != nullptr && !topic.mattered.empty() && !matters_(topic.mattered, json)) return true;
    topic.mattered = json;
    topic.changed = true;
    return true;
}

void Publisher::repeat_state(const std::string& suffix) {
    if (const auto known = topics_.find(suffix); known != topics_.end()) known->second.changed = true;
}

void Publisher::repeat_all() {
    for (auto& [suffix, topic] : topics_) topic.changed = true;
}

void Publisher::clear_state(const std::string& suffix) {
    if (!topics_.contains(suffix) && topics_.size() >= most_topics) return;
    Topic& topic = topics_[suffix];
    topic.changed = topic.changed || !topic.text.empty();
    topic.text.clear();
    topic.mattered.clear();
}

/// Publishes an event through a token bucket that gains one event every 50 ms.
bool Publisher::publish_event(const std::string& json) {
    const Duration most = event_burst * event_gap;
    event_room_ = std::min(most, event_room_ + (now_ - event_room_at_));
    event_room_at_ = now_;
    if (event_room_ < event_gap || json.size() > most_payload_bytes || !bus_.up()) return false;
    if (!bus_.publish(root_ + "/event", json, {})) return false;
    event_room_ -= event_gap;
    return true;
}

}  // namespace volt
