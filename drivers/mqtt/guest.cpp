#include "drivers/mqtt/guest.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "drivers/source.hpp"

namespace volt {
namespace {

constexpr Duration guest_step = 20ms, guest_leave_limit = 2s;

}  // namespace

GuestConnection::GuestConnection(BrokerConfig config)
    : courier_(std::make_shared<TaskThread>("mqtt-guest", Client::most_tasks)),
      access_(std::make_shared<BrokerAccess>(config)),
      client_(std::make_unique<Client>(courier_, config, Will{}, std::string(), std::function<void()>())) {}

GuestConnection::~GuestConnection() {
    client_->disconnect({});
    client_.reset();
    courier_->drain(guest_leave_limit);
}

std::optional<GuestConnection::Refusal> GuestConnection::connect(Duration limit, const std::function<bool()>& go_on) {
    if (!client_->connect(access_, {})) return Refusal{"no thread could be started"};
    const Time end = monotonic_now() + limit;
    while (monotonic_now() < end && go_on()) {
        collect();
        for (const LinkEvent& event : std::exchange(events_, {})) {
            if (event.kind == LinkEvent::Kind::connected) return std::nullopt;
            if (event.kind == LinkEvent::Kind::connect_failed) return Refusal{event.text, event.auth};
        }
        std::this_thread::sleep_for(guest_step);
    }
    return Refusal{"the broker did not answer in time"};
}

void GuestConnection::subscribe(const std::vector<std::string>& filters) {
    for (const std::string& filter : filters) client_->subscribe(filter);
}

void GuestConnection::ask(const Message& question) { client_->publish(question.topic, question.payload, {false, true}); }

std::vector<Received> GuestConnection::take() {
    collect();
    return std::exchange(messages_, {});
}

void GuestConnection::collect() {
    Inbox::Content content = client_->take();
    for (Received& it : content.messages) messages_.push_back(std::move(it));
    for (LinkEvent& it : content.events) {
        if (it.kind == LinkEvent::Kind::lost || it.kind == LinkEvent::Kind::taken_over) lost_ = true;
        const bool fresh = std::find(denied_.begin(), denied_.end(), it.text) == denied_.end();
        const bool unheard = it.kind == LinkEvent::Kind::denied || it.kind == LinkEvent::Kind::not_heard;
        if (unheard && fresh && denied_.size() < 32) denied_.push_back(it.text);
        events_.push_back(std::move(it));
    }
}

}  // namespace volt
