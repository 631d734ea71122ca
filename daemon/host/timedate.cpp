#include "daemon/host/timedate.hpp"

#include <systemd/sd-bus.h>

#include <cerrno>
#include <memory>

#include "drivers/source.hpp"

namespace volt {

namespace {

constexpr Duration query_again_no = 1min, query_again_yes = 10min;
constexpr Utc step{1000};  // ms; a slewed clock moves at most 0.5 ms per second
constexpr std::uint64_t slice_us = 200'000;

struct CloseBus {
    void operator()(sd_bus* bus) const { sd_bus_close_unref(bus); }
};

struct Answer {
    bool came = false;
    std::optional<bool> synchronised;
};

int take_answer(sd_bus_message* message, void* to, sd_bus_error*) {
    auto& answer = *static_cast<Answer*>(to);
    answer.came = true;
    int yes = 0;
    if (!sd_bus_message_is_method_error(message, nullptr) && sd_bus_message_read(message, "v", "b", &yes) >= 0)
        answer.synchronised = yes != 0;
    return 0;
}

/// Processes pending bus messages, or waits briefly for one. Returns false if the bus connection is lost.
bool turn(sd_bus* bus) {
    const int done = sd_bus_process(bus, nullptr);
    if (done != 0) return done > 0;
    const int waited = sd_bus_wait(bus, slice_us);
    return waited >= 0 || waited == -EINTR;
}

}  // namespace

std::optional<bool> query_timedate(Duration limit, const std::function<bool()>& stop) {
    const Time end = monotonic_now() + limit;
    sd_bus* opened = nullptr;
    if (sd_bus_open_system(&opened) < 0) return std::nullopt;
    const std::unique_ptr<sd_bus, CloseBus> bus(opened);
    Answer answer;
    // Avoid sd_bus_call: it waits 90 s for the greeting of a bus that hangs, even with a shorter limit.
    const char* const service = "org.freedesktop.timedate1";
    if (sd_bus_call_method_async(opened, nullptr, service, "/org/freedesktop/timedate1", "org.freedesktop.DBus.Properties", "Get",
                                 take_answer, &answer, "ss", service, "NTPSynchronized") < 0)
        return std::nullopt;
    while (!answer.came && monotonic_now() < end && !stop())
        if (!turn(opened)) break;
    return answer.synchronised;
}

bool ClockWatch::stepped(Utc offset) {
    const bool moved = offset_ && std::chrono::abs(offset - *offset_) > step;
    offset_ = offset;
    return moved;
}

bool ClockWatch::update(Utc utc, Time now) {
    if (const auto known = kernel_()) return *known;
    const bool moved = stepped(utc - now);
    if (moved || !query_at_ || now >= *query_at_) {
        synchronised_ = timedate_().value_or(false);
        query_at_ = now + (synchronised_ ? query_again_yes : query_again_no);
    }
    return synchronised_;
}

}  // namespace volt
