#include "daemon/api/access/refusals.hpp"

#include <fmt/format.h>

namespace volt::api {

namespace {

constexpr std::array<const char*, 5> sentences = {
    "Refused a request for a host name that is not this machine",
    "Refused a change that a browser sent from another page",
    "Refused a wrong key or token",
    "Refused a session that has ended or is unknown",
    "Refused a wrong sign-in code",
};

}  // namespace

void Refusals::note(RefusalKind kind, const std::string& peer) {
    const std::lock_guard lock(mutex_);
    Seen& seen = seen_[static_cast<std::size_t>(kind)];
    seen.peer = peer;
    ++seen.count;
}

std::vector<std::string> Refusals::take(Time now) {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < seen_.size(); ++i) {
        Seen& seen = seen_[i];
        if (seen.count == 0 || (seen.taken && now - *seen.taken < pause)) continue;
        const std::string more = seen.count > 1 ? fmt::format(", the last of {}", seen.count) : "";
        lines.push_back(fmt::format("{}, from {}{}", sentences[i], seen.peer, more));
        seen.taken = now;
        seen.count = 0;
    }
    return lines;
}

}  // namespace volt::api
