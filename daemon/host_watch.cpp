#include "daemon/host_watch.hpp"

#include <fmt/format.h>

#include <utility>

namespace volt {

HostWatch::HostWatch(SafeMode safe_mode, TaskThread& background_tasks, BackgroundIo& background_io, RunningSite& site, Log& log)
    : safe_mode_(std::move(safe_mode)), background_io_(background_io), site_(site), log_(log) {
    background_tasks.post([] {});  // starts the thread before it is needed
    safe_mode_.write_by([&background_tasks](std::function<void()> task) { background_tasks.post(std::move(task)); });
}

void HostWatch::begin(Time now) {
    const std::string text = safe_mode_.text(now);
    if (text.empty()) return;
    site_.cycle().set_safe_mode(text);
    log_.write(Level::error, "Safe mode: " + text + ". " + remedy_of(AlarmCode::safe_mode), {{"REASON", "safe_mode"}});
}

void HostWatch::check(Time now) {
    check_safe_mode(now);
    check_supply();
    check_certificates();
    if (const auto failure = background_io_.files().take_copy_failure())
        log_.write(Level::warning, "Cannot save the fallback copy of the configuration: " + *failure);
}

void HostWatch::check_safe_mode(Time now) {
    if (!site_.cycle().inputs().snapshot().safe_mode || safe_mode_.active(now)) return;
    site_.cycle().set_safe_mode("");
    log_.write(Level::notice, fmt::format("Safe mode ended after {} min without a crash", SafeMode::quiet_to_end / 1min),
               {{"REASON", "safe_mode"}});
}

bool HostWatch::end_safe_mode() {
    if (!safe_mode_.end()) return false;
    site_.cycle().set_safe_mode("");
    log_.write(Level::notice, "Safe mode was ended", {{"REASON", "safe_mode"}});
    return true;
}

void HostWatch::check_supply() {
    const bool low = background_io_.checks().under_voltage();
    if (low == supply_low_) return;
    supply_low_ = low;
    site_.cycle().journal().set_alarm(AlarmCode::under_voltage,
                                      low ? fmt::format("The power supply of this computer was too weak within the last {} min. "
                                                        "It may damage the card or stop the computer",
                                                        UnderVoltage::kept / 1min)
                                          : "");
}

void HostWatch::check_certificates() {
    const auto& mqtt = site_.config().mqtt;
    background_io_.checks().watch_certificates(mqtt.tls ? mqtt.ca_file : "");
    TurnJournal& journal = site_.cycle().journal();
    const bool dated = journal.view() != nullptr && journal.view()->snapshot().clock_trusted;
    journal.set_alarm(
        AlarmCode::broker_auth,
        dated ? certificate_text(background_io_.checks().certificate_end(), mqtt.ca_file, site_.wall().utc(monotonic_now())) : "",
        "certificate");
}

}  // namespace volt
