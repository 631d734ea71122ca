#include "daemon/loop/turn_inputs.hpp"

#include <fmt/format.h>

#include <limits>
#include <utility>

#include "daemon/explain/history_json.hpp"

namespace volt {

namespace {

/// Returns null if no source is in use.
const VoltageSource* deciding_source(const Policy& policy, const Decision& decision) {
    const Index source = decision.battery.source;
    if (source == no_index || static_cast<std::size_t>(source) >= policy.voltage_sources.size()) return nullptr;
    return &policy.voltage_sources[static_cast<std::size_t>(source)];
}

}  // namespace

TurnInputs::TurnInputs(Mailbox& mailbox, Store& store, const WallClock& wall, std::function<bool()> clock_synchronised)
    : mailbox_(mailbox), store_(store), wall_(wall), clock_synchronised_(std::move(clock_synchronised)) {}

void TurnInputs::configure(const Config& config) {
    vouched_ = config.clock == ClockTrust::trusted;
    releasing_.clear();
    lease_trials_.configure(config);
}

Moment TurnInputs::read_clock(Time now) {
    const Utc utc = wall_.utc(now);
    const bool trusted = watch_.trusted(clock_synchronised_(), vouched_, utc, now) || wall_.simulated();
    return {now, utc, trusted};
}

void TurnInputs::take_requests(SiteIo& io, const Policy& policy, Time now, const RequestQueue::SetMode& set_mode) {
    requests_.take(io, policy, {now, wall_.utc(now), snapshot_.clock_trusted}, set_mode);
}

const SiteSnapshot& TurnInputs::build_snapshot(SiteIo& io, const SettingsInForce& settings, Time now, bool charge_test) {
    mailbox_.take_urgent();  // this turn includes the urgent readings
    mailbox_.read(latest_);
    const Moment read = read_clock(now);
    snapshot_.now = read.now;
    snapshot_.utc = read.utc;
    // Without its time zone even a correct clock gives no local time, so schedules and days wait.
    snapshot_.clock_trusted = read.clock_trusted && settings.unknown_zone().empty();
    if (const auto local = settings.local(snapshot_.utc)) snapshot_.local = *local;
    snapshot_.sun = settings.sun(snapshot_.utc, snapshot_.local);
    store_.set_clock(snapshot_.utc, read.clock_trusted);
    if (const auto jump = watch_.update(moment())) record_jump(*jump);
    fill_readings(latest_, io.temperatures(), settings.policy(), snapshot_);
    snapshot_.sunny = io.sunny();
    snapshot_.charge_test = charge_test;
    snapshot_.accepted_temperature = battery_temperature(settings.policy(), requests_.take_accepted());
    snapshot_.lease_trial = lease_trials_.trial();
    io.outputs().read(snapshot_.outputs);
    lease_trials_.mark_proven(snapshot_.outputs);
    for (const auto& [output, report] : releasing_) snapshot_.outputs[output] = report;
    snapshot_.broker_up = io.outputs().link_up();
    snapshot_.broker_up_since = io.outputs().link_up_since();
    snapshot_.requests = requests_.drain();
    return snapshot_;
}

const SiteSnapshot& TurnInputs::move_to(Time now) {
    snapshot_.now = now;
    snapshot_.utc = wall_.utc(now);
    return snapshot_;
}

void TurnInputs::record_jump(const WallWatch::Jump& jump) {
    const std::string from = iso_utc(jump.from), to = iso_utc(jump.to);
    store_.record(EventRow{snapshot_.utc, "warning", "daemon", "clock",
                           fmt::format("The clock was set and jumped by {} s; rows of the {} s before have wrong times, {} to {}",
                                       jump.seconds, jump.untrusted_seconds, from, to),
                           fmt::format(R"({{"jump_s":{},"from":"{}","to":"{}"}})", jump.seconds, from, to)});
}

void TurnInputs::begin_release(const std::vector<std::size_t>& outputs) {
    for (const std::size_t output : outputs)
        if (output < snapshot_.outputs.size()) releasing_.emplace(output, snapshot_.outputs[output]);
}

void TurnInputs::await_voltage(const Policy& policy, const Decision& decision) {
    const VoltageSource* const voltage = decision.battery.voltage ? deciding_source(policy, decision) : nullptr;
    const auto source = voltage != nullptr ? latest_.find(voltage->name) : latest_.end();
    arrived_.reset();
    if (source != latest_.end() && source->second.has_reading) arrived_ = {source->second.arrived, voltage->poll};
    mailbox_.await(voltage != nullptr ? voltage->name : std::string());
    mailbox_.set_deciding(decision.battery.voltage ? decision.battery.source : std::numeric_limits<int>::max());
}

}  // namespace volt
