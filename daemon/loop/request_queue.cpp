#include "daemon/loop/request_queue.hpp"

#include <utility>

namespace volt {

bool RequestQueue::add(const NamedOverride& request) {
    if (named_.size() >= most) return false;
    named_.push_back(request);
    return true;
}

void RequestQueue::take(SiteIo& io, const Policy& policy, const Moment& moment, const SetMode& set_mode) {
    for (const OutsideCommand& command : io.take_commands(policy, moment)) {
        if (command.what == OutsideCommand::What::mode) set_mode(command.mode);
        else requests_.push_back(command.request);
    }
    for (OverrideRequest request; const NamedOverride& named : std::exchange(named_, {}))
        if (!resolve(named, policy, request)) requests_.push_back(request);
}

void RequestQueue::keep(SiteIo& io, const Policy& policy, const Moment& moment, const SetMode& set_mode) {
    for (const OutsideCommand& command : io.take_commands(policy, moment)) {
        if (command.what == OutsideCommand::What::mode) set_mode(command.mode);
        else add(command.named);
    }
}

std::vector<OverrideRequest> RequestQueue::drain() { return std::exchange(requests_, {}); }

}  // namespace volt
