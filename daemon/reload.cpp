#include "daemon/reload.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "daemon/config/good_copy.hpp"

namespace volt {

namespace {

constexpr Duration charge_limit = ChargeOrders::lasts;  // for restoring charge limits, since their pollers may be replaced
constexpr Duration access_limit = 30s;  // for the new broker's name and password, while the old one is still in use
constexpr Duration access_again = 10s;  // pause before another try to get them

/// Returns the charge devices whose limit voltd writes under `old`, but not under `next`, or at another host.
std::vector<std::string> released_charge_devices(const Config& old, const Config& next) {
    const auto host_of = [](const Config& config, const std::string& device) -> std::string {
        if (device == "victron") return config.victron ? config.victron->host : "";
        const auto& sol_ark = device == "sol_ark" ? config.sol_ark : config.sol_ark_2;
        return sol_ark ? sol_ark->host : "";
    };
    const std::vector<ChargeDevice> after = charge_devices(next);
    std::vector<std::string> released;
    for (const ChargeDevice& device : charge_devices(old)) {
        if (!old.control.live || device.limit != ChargeLimit::write) continue;
        const auto same = std::ranges::find(after, device.name, &ChargeDevice::name);
        const bool goes_on = next.control.live && same != after.end() && same->limit == ChargeLimit::write &&
                             host_of(next, device.name) == host_of(old, device.name);
        if (!goes_on) released.push_back(device.name);
    }
    return released;
}

}  // namespace

Reload::Reload(const Parts& parts, ConfigFile file) : parts_(parts), file_(std::move(file)) {
    parts_.site.cycle().journal().set_alarm(AlarmCode::config_rejected, file_.rejected, "", true);
    parts_.api.show_config(file_.path, on_copy());
    if (!file_.copy.empty() && !on_copy()) parts_.background_io.files().request_copy(file_.copy, file_.text);
}

/// Reads the file outside the loop, because a hanging card must not block control.
void Reload::begin(Time now) {
    if (next_) {  // one reload after the other
        again_ = true;
        return;
    }
    parts_.supervisor.reloading(now);
    active_ = true;
    parts_.background_io.files().request_config(file_.path, file_.text);
}

void Reload::turn(Time now) {
    if (auto parsed = parts_.background_io.files().take_config()) take_file(std::move(*parsed), now);
    retry_postponed(now);
    if (next_) continue_exchange(now);
    if (!next_ && std::exchange(again_, false)) begin(now);
}

bool Reload::leads_to_shadow() const { return next_ && parts_.site.config().control.live && !next_->config.control.live; }

void Reload::take_file(ParsedConfig parsed, Time now) {
    if (next_) {
        again_ = true;
        return;
    }
    postponed_.reset();
    for (const Problem& problem : parsed.problems) parts_.log.write(Level::error, text_of(problem));
    for (const Problem& warning : parsed.warnings) parts_.log.write(Level::warning, text_of(warning));
    if (!parsed.config) return reject(parsed, now);
    const Config& in_force = parts_.site.config();
    const auto waiting = needs_restart(in_force, *parsed.config);
    for (const std::string& key : waiting)
        parts_.log.write(Level::warning, fmt::format("{}: the change to '{}' takes effect after a restart", file_.path, key));
    parsed.config->site = in_force.site;
    parsed.config->database = in_force.database;
    parsed.config->mqtt.client_id = in_force.mqtt.client_id;
    Next next{std::move(*parsed.config)};
    next.text = std::move(parsed.text);
    next.keep = waiting.empty();
    next.changes = std::move(parsed.changes);
    begin_exchange(std::move(next), now);
}

/// Rejects the file and keeps the running configuration. Only `commands: shadow` applies from the file, however bad the rest is.
void Reload::reject(const ParsedConfig& parsed, Time now) {
    const bool shadow = parsed.wants_shadow;
    parts_.site.cycle().journal().set_alarm(AlarmCode::config_rejected,
                                            fmt::format("{} was rejected; voltd still uses {}{}. {}", file_.path, in_use(),
                                                        shadow ? ", in shadow as the file asks" : "", rejection(parsed)),
                                            "", on_copy());
    active_ = false;
    if (shadow) begin_shadow(now);
}

/// Applies `commands: shadow` even if the rest of the file is rejected.
void Reload::begin_shadow(Time now) {
    if (!parts_.site.config().control.live) return;
    active_ = true;
    Next shadow{parts_.site.config()};
    shadow.config.control.live = false;
    begin_exchange(std::move(shadow), now);
}

/// Resolves the new broker while the loads are still controlled through the old one.
void Reload::begin_exchange(Next next, Time now) {
    next.access = parts_.site.io().kept().access;
    if (parts_.site.config().mqtt != next.config.mqtt) {
        next.access = std::make_shared<BrokerAccess>(next.config.mqtt);
        next.access->ask();
    }
    next.limit = now + access_limit;
    next_ = std::move(next);
}

/// Continues the exchange. Each step waits over several turns for what it started, within a time limit. The old configuration
/// stays in use until the last step.
void Reload::continue_exchange(Time now) {
    using Step = Next::Step;
    Outputs& outputs = parts_.site.io().outputs();
    const bool other_access = parts_.site.config().mqtt != next_->config.mqtt;
    if (next_->step == Step::access && (!other_access || next_->access->answered() || now >= next_->limit)) {
        if (other_access && outputs.link_up() && !next_->access->missing().empty()) return postpone(now);
        next_->step = Step::charge;
        next_->limit = now + (release_charge(now) ? charge_limit : 0ms);
    }
    if (next_->step == Step::charge && (now >= next_->limit || !parts_.site.cycle().charge().waits(now))) {
        next_->step = Step::outputs;
        begin_release(now);
    }
    if (next_->step == Step::outputs && (!next_->release || next_->release->done(outputs, now))) apply(now);
}

/// Keeps a working connection while the new one cannot even be tried. The file waits for its password or address.
void Reload::postpone(Time now) {
    postponed_ = std::exchange(next_, std::nullopt);
    active_ = false;
    postponed_->limit = now + access_again;
    const bool shadow = !postponed_->config.control.live;
    const std::string text = fmt::format(
        "{} is not in force: {}. voltd still uses {}{} and its connection to the broker. Retrying every {} s", file_.path,
        postponed_->access->missing(), in_use(), shadow ? ", in shadow as the file asks," : "", access_again / 1s);
    parts_.site.cycle().journal().set_alarm(AlarmCode::config_rejected, text, "", on_copy());
    parts_.log.write(Level::warning, text);
    if (shadow) begin_shadow(now);
}

void Reload::retry_postponed(Time now) {
    if (!postponed_ || next_ || active_) return;
    if (postponed_->access->missing().empty()) {
        next_ = std::exchange(postponed_, std::nullopt);
        next_->limit = now + access_limit;
    } else if (now >= postponed_->limit) {
        postponed_->access->ask();
        postponed_->limit = now + access_again;
    }
}

/// Ends a charge block while voltd may still write it, if the new configuration forbids that. Returns true if it must wait for a
/// device.
bool Reload::release_charge(Time now) {
    const auto released = released_charge_devices(parts_.site.config(), next_->config);
    return !released.empty() && parts_.site.cycle().release_charge(now, released);
}

/// Switches off the loads behind removed outputs. Nothing else ever would.
void Reload::begin_release(Time now) {
    const Config& old = parts_.site.config();
    if (!parts_.site.cycle().commands() || same_io(old, next_->config)) return;
    next_->release.emplace(parts_.site.io().outputs(), old.outputs, outputs_seen_from(old, next_->config), now);
    parts_.site.cycle().inputs().begin_release(next_->release->released());
}

void Reload::end_release() {
    TurnJournal& journal = parts_.site.cycle().journal();
    for (const std::string& id : std::exchange(left_behind_, {})) journal.set_alarm(AlarmCode::output_not_following, "", id);
    if (!next_->release) return;
    const Config& old = parts_.site.config();
    const ReleaseResult result = next_->release->result(parts_.site.io().outputs());
    const std::string where = same_broker(old, next_->config)
                                  ? "Removed from voltd.yaml or changed"
                                  : fmt::format("No longer controlled at the broker {}:{}", old.mqtt.host, old.mqtt.port);
    for (const std::string& text : sentences(result, where)) parts_.log.write(Level::warning, text);
    for (const auto& [id, text] : alarms_of(result)) {
        journal.set_alarm(AlarmCode::output_not_following, text, id);
        left_behind_.push_back(id);
    }
}

void Reload::apply(Time now) {
    end_release();
    const bool was_live = parts_.site.config().control.live;
    Next applied = *std::exchange(next_, std::nullopt);
    active_ = false;
    parts_.site.apply(std::move(applied.config), std::move(applied.access), now);
    parts_.api.request(parts_.site.config().api);
    report_applied(applied, was_live);
}

/// Logs and stores a configuration that is now in use.
void Reload::report_applied(const Next& applied, bool was_live) {
    if (!applied.text) {
        parts_.log.write(
            Level::warning,
            fmt::format(
                "{} was rejected, but its `commands: shadow` applies: voltd switches every load off, then switches nothing",
                file_.path));
        return;
    }
    file_.rejected.clear();
    parts_.api.show_config(file_.path, false);
    parts_.site.cycle().journal().set_alarm(AlarmCode::config_rejected, "");
    file_.text = *applied.text;
    if (applied.keep && !file_.copy.empty()) parts_.background_io.files().request_copy(file_.copy, file_.text);
    parts_.host_watch.end_safe_mode();
    parts_.log.write(Level::info, fmt::format("{} was reloaded and is in force: {}", file_.path,
                                              applied.changes.empty() ? "nothing changed"
                                                                      : fmt::format("{}", fmt::join(applied.changes, "; "))));
    if (const bool live = parts_.site.config().control.live; live != was_live)
        parts_.log.write(Level::notice, live
                                            ? "Commands are live now: voltd switches relays"
                                            : "Commands are in shadow now: voltd switches every load off, then switches nothing");
}

std::string Reload::in_use() const { return on_copy() ? "the last good configuration" : "the previous configuration"; }

}  // namespace volt
