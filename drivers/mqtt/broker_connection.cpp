#include "drivers/mqtt/broker_connection.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "drivers/thread.hpp"

namespace volt {
namespace {

constexpr int short_life_limit = 3;
constexpr int unseen_limit = 3;
constexpr Duration short_life = 10s;
constexpr Duration leave_limit = 1500ms;

}  // namespace

BrokerConnection::BrokerConnection(BrokerConfig config, std::string root, std::function<void()> wake, LinkTimes times, Kept kept)
    : config_(std::move(config)), root_(std::move(root)), wake_(std::move(wake)), times_(times), kept_(std::move(kept)) {
    if (!kept_.courier) kept_.courier = std::make_shared<TaskThread>("mqtt", Client::most_tasks);
    if (!kept_.access) kept_.access = std::make_shared<BrokerAccess>(config_);
    health_.source.name = "mqtt";
    health_.source.last_error = "not connected yet";
    gap_ = times_.gap_first;
    filters_.insert(root_ + "/echo");
}

BrokerConnection::~BrokerConnection() = default;

void BrokerConnection::turn(Time now) {
    if (stopped_) return;
    now_ = now;
    Inbox::Content content = client_ ? client_->take() : Inbox::Content{};
    health_.dropped += content.dropped;
    if (client_) health_.refused += client_->take_unsent();
    for (const LinkEvent& event : content.events) handle(event);
    for (Received& message : content.messages) {
        if (receive_echo(message)) continue;
        if (pending_.size() < Inbox::most_messages) {
            pending_.push_back(std::move(message));
        } else {
            ++health_.dropped;
        }
    }
    if (state_ == State::connected) watch_echo();
    if (state_ == State::connected) subscribe_missed();
    if (state_ == State::connecting) watch_try();
    if (state_ == State::waiting && now_ >= next_try_) try_connect();
}

std::vector<Received> BrokerConnection::take() { return std::exchange(pending_, {}); }

void BrokerConnection::handle(const LinkEvent& event) {
    switch (event.kind) {
        case LinkEvent::Kind::connected: connected(event.at); return;
        case LinkEvent::Kind::connect_failed: not_connected(event); return;
        case LinkEvent::Kind::lost: lost(event.text); return;
        case LinkEvent::Kind::taken_over: taken_over(event); return;
        case LinkEvent::Kind::echo_acked:
            if (state_ == State::connected && echo_sent_ && event.at >= *echo_sent_) {
                if (++unseen_echoes_ >= unseen_limit) denied(root_ + "/echo");
                answered(event.at);
            }
            return;
        case LinkEvent::Kind::denied:
            denied(event.text);
            if (filters_.contains(event.text)) missed(event.text);
            return;
        case LinkEvent::Kind::not_heard: return not_heard(event.text);
        case LinkEvent::Kind::heard_again: return heard_again(event.text);
    }
}

/// Handles a connect once: the library reports each one twice.
void BrokerConnection::connected(Time at) {
    if (state_ != State::connecting) return;
    state_ = State::connected;
    up_since_ = now_;
    connected_at_ = at;
    overdue_ = false;
    echo_sent_.reset();
    unseen_echoes_ = 0;
    health_.denied.clear();
    health_.unheard.clear();
    missed_.clear();
    again_gap_ = times_.again_first;
    health_.fault = LinkFault::none;
    health_.source.last_error.clear();
    ++health_.connects;
    subscribe_all();
    publish_online();
    send_echo();
}

/// Goes offline from any state and waits for the next try. The first gap is short, later gaps double.
void BrokerConnection::go_offline(const std::string& why, LinkFault fault, Duration least_gap) {
    client_.reset();
    state_ = State::waiting;
    overdue_ = false;
    echo_sent_.reset();
    health_.fault = fault;
    health_.source.last_error = why;
    ++health_.source.failures;
    ++health_.source.consecutive_failures;
    next_try_ = now_ + std::max(gap_, least_gap);
    gap_ = std::min(gap_ * 2, times_.gap_most);
}

/// Handles a failed connect. If a new connection times out, a hung broker still hangs; a stopped broker refuses at once.
void BrokerConnection::not_connected(const LinkEvent& event) {
    if (event.auth) {
        kept_.access->forget_password();
        return go_offline(event.text, LinkFault::auth, times_.gap_refused);
    }
    if (health_.fault == LinkFault::hung && event.at - tried_at_ >= times_.connect / 2)
        return go_offline("the broker does not answer new connections either", LinkFault::hung, {});
    go_offline(event.text, LinkFault::unreachable, {});
}

void BrokerConnection::lost(const std::string& why) {
    if (state_ != State::connected) return;
    ++health_.losses;
    const Duration life = now_ - connected_at_;
    if (life >= times_.sound_after) gap_ = times_.gap_first;
    short_lives_ = life < short_life ? short_lives_ + 1 : 0;
    const bool twin = short_lives_ >= short_life_limit;
    go_offline(why, twin ? LinkFault::client_id_in_use : LinkFault::unreachable, twin ? times_.gap_twin : Duration{});
}

/// Handles a takeover. An MQTT 5 broker reports it before it closes; the loss that follows adds no information.
void BrokerConnection::taken_over(const LinkEvent& event) {
    if (state_ == State::connected) {
        ++health_.losses;
        go_offline(event.text, LinkFault::client_id_in_use, times_.gap_twin);
    } else if (state_ == State::waiting) {
        health_.fault = LinkFault::client_id_in_use;
        health_.source.last_error = event.text;
        next_try_ = std::max(next_try_, now_ + times_.gap_twin);
    }
}

void BrokerConnection::denied(const std::string& topic) {
    auto& list = health_.denied;
    if (list.size() < most_denied && std::find(list.begin(), list.end(), topic) == list.end()) list.push_back(topic);
    if (health_.fault == LinkFault::none) health_.fault = LinkFault::topic_denied;
}

void BrokerConnection::try_connect() {
    client_ = std::make_unique<Client>(kept_.courier, config_, Will{root_ + "/status", "offline"}, root_ + "/echo", wake_);
    state_ = State::connecting;
    tried_at_ = now_;
    stuck_ = false;
    if (!client_->connect(kept_.access, {times_.keys, times_.connect, times_.keepalive}))
        go_offline(no_thread_text, LinkFault::unreachable, {});
}

void BrokerConnection::subscribe_all() {
    for (const std::string& filter : filters_) subscribe_one(filter);
}

void BrokerConnection::subscribe_one(const std::string& filter) {
    if (!client_->subscribe(filter, commands_.contains(filter))) not_heard(filter);
}

void BrokerConnection::not_heard(const std::string& filter) {
    if (!filters_.contains(filter)) return;
    auto& list = health_.unheard;
    if (list.size() < most_denied && std::find(list.begin(), list.end(), filter) == list.end()) list.push_back(filter);
    if (health_.fault == LinkFault::none) health_.fault = LinkFault::topic_denied;
    missed(filter);
}

void BrokerConnection::missed(const std::string& filter) {
    if (missed_.empty()) again_at_ = now_ + again_gap_;
    missed_.insert(filter);
}

void BrokerConnection::heard_again(const std::string& filter) {
    missed_.erase(filter);
    std::erase(health_.denied, filter);
    std::erase(health_.unheard, filter);
    if (missed_.empty()) again_gap_ = times_.again_first;
    const bool well = health_.denied.empty() && health_.unheard.empty();
    if (well && health_.fault == LinkFault::topic_denied) health_.fault = LinkFault::none;
}

/// Retries missing subscriptions until the broker accepts them. A topic without a subscription would look like a silent device.
void BrokerConnection::subscribe_missed() {
    if (missed_.empty() || now_ < again_at_) return;
    again_gap_ = std::min(again_gap_ * 2, times_.again_most);
    for (const std::string& filter : std::exchange(missed_, {})) subscribe_one(filter);
}

std::size_t BrokerConnection::most_packet() const {
    const std::uint32_t most = client_ ? client_->most_packet() : 0;
    return most > 0 ? most : Bus::most_packet();
}

bool BrokerConnection::receive_echo(const Received& message) {
    if (message.topic != root_ + "/echo") return false;
    if (message.retained || message.payload != std::to_string(echo_number_)) return true;
    unseen_echoes_ = 0;
    if (state_ == State::connected && echo_sent_) answered(message.at);
    return true;
}

void BrokerConnection::answered(Time at) {
    health_.source.last_success = at;
    health_.source.ever_succeeded = true;
    ++health_.source.successes;
    health_.source.consecutive_failures = 0;
    health_.source.rtt = std::max(Duration{0}, at - *echo_sent_);
    echo_sent_.reset();
    if (now_ - connected_at_ >= short_life) short_lives_ = 0;
    if (!std::exchange(overdue_, false)) return;
    // Messages in between may be lost or late: start as after a connect.
    up_since_ = now_;
    health_.fault = health_.denied.empty() && health_.unheard.empty() ? LinkFault::none : LinkFault::topic_denied;
    health_.source.last_error.clear();
    subscribe_all();
}

void BrokerConnection::watch_echo() {
    if (!echo_sent_) {
        if (now_ - echo_last_sent_ >= times_.echo_every) send_echo();
        return;
    }
    const Duration silent = now_ - *echo_sent_;
    if (silent >= times_.echo_overdue && !overdue_) {
        overdue_ = true;
        health_.fault = LinkFault::hung;
        health_.source.last_error = "the broker does not answer";
    }
    if (silent < times_.echo_dead) return;
    ++health_.losses;
    go_offline("the broker did not answer for " + std::to_string(silent.count()) + " ms", LinkFault::hung, {});
}

/// Reports a stuck try. With TLS the library resolves the name itself, without a time limit. This cannot be avoided.
void BrokerConnection::watch_try() {
    if (stuck_ || now_ - tried_at_ < times_.keys + 4 * times_.connect) return;
    stuck_ = true;
    health_.fault = LinkFault::unreachable;
    health_.source.last_error = "the MQTT library hangs (a name server that does not answer?)";
    ++health_.source.failures;
    ++health_.source.consecutive_failures;
}

void BrokerConnection::send_echo() {
    echo_last_sent_ = now_;
    client_->publish_echo(std::to_string(++echo_number_));
    echo_sent_ = now_;
}

bool BrokerConnection::publish(const std::string& topic, const std::string& payload, PublishAs as) {
    assert(!(as.command && as.retained));
    const int room = as.command ? 2 * most_in_flight : most_in_flight;
    const bool fits =
        topic.size() <= most_topic_bytes && payload.size() <= most_payload_bytes && packet_size(topic, payload) <= most_packet();
    if (as.awaited && client_) client_->await_until(monotonic_now() + answer_within);
    const bool sent = up() && fits && client_->in_flight() < room && client_->publish(topic, payload, as);
    if (!sent) ++health_.refused;
    return sent;
}

void BrokerConnection::subscribe(const std::vector<std::string>& filters) {
    for (const std::string& filter : filters) {
        if (filter.empty() || filters_.size() >= most_filters) continue;
        filters_.insert(filter);
        if (state_ == State::connected) subscribe_one(filter);
    }
}

void BrokerConnection::subscribe_commands(const std::vector<std::string>& filters) {
    if (commands_.size() < most_filters) commands_.insert(filters.begin(), filters.end());
    subscribe(filters);
}

void BrokerConnection::unsubscribe(const std::vector<std::string>& filters) {
    for (const std::string& filter : filters) {
        if (filters_.erase(filter) == 0) continue;
        commands_.erase(filter);
        missed_.erase(filter);
        if (state_ == State::connected) client_->unsubscribe(filter);
    }
}

void BrokerConnection::begin_handover() {
    filters_before_ = std::exchange(filters_, {root_ + "/echo"});
    commands_.clear();
    missed_.clear();
    pending_.clear();
    if (state_ == State::connected) up_since_ = std::max(now_, up_since_ + 1ms);
}

void BrokerConnection::end_handover() {
    for (const std::string& filter : std::exchange(filters_before_, {}))
        if (!filters_.contains(filter) && state_ == State::connected) client_->unsubscribe(filter);
}

void BrokerConnection::disconnect() {
    if (std::exchange(stopped_, true)) return;
    if (state_ == State::connected) client_->disconnect("offline");
    client_.reset();
    state_ = State::waiting;
}

void BrokerConnection::stop() {
    disconnect();
    kept_.courier->drain(leave_limit);
}

LinkHealth BrokerConnection::health() const {
    LinkHealth health = health_;
    health.source.state = up() ? SourceState::ok : SourceState::failing;
    return health;
}

const char* name_of(LinkFault fault) {
    switch (fault) {
        case LinkFault::none: return "none";
        case LinkFault::unreachable: return "unreachable";
        case LinkFault::auth: return "auth";
        case LinkFault::hung: return "hung";
        case LinkFault::client_id_in_use: return "client id in use";
        case LinkFault::topic_denied: return "topic denied";
    }
    return "?";
}

}  // namespace volt
