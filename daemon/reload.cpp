// What a SIGHUP does: the file is read again, and what it changes is exchanged while the loop runs on.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "daemon/application.hpp"
#include "daemon/config/good_copy.hpp"
#include "daemon/farewell.hpp"

namespace volt {

namespace {

constexpr Duration gx_follows = 1400ms;  // how long it is waited for the charge limit to be put back
constexpr Duration step_of_wait = 20ms;  // not by the wake: a signal that comes now is for the loop

bool same_broker(const Config& a, const Config& b) { return a.mqtt.host == b.mqtt.host && a.mqtt.port == b.mqtt.port; }

/// What of `config` there is at the broker of `other`: nothing at another one, whatever its name.
std::vector<OutputConfig> outputs_seen_from(const Config& other, const Config& config) {
    return same_broker(other, config) ? config.outputs : std::vector<OutputConfig>{};
}

bool same_field(const Config& a, const Config& b) {
    return a.mqtt == b.mqtt && a.outputs == b.outputs && a.sensors == b.sensors && a.weather == b.weather &&
           a.clear_retained == b.clear_retained;
}

}  // namespace

/// The file is read away from the loop: a card that hangs must not hang the control.
void Application::begin_reload(Time now) {
    supervisor_.reloading(now);
    reloading_ = true;
    housekeeper_.want_config(file_.path, file_.text);
}

void Application::finish_reload(ParsedConfig parsed) {
    reloading_ = false;
    for (const Problem& problem : parsed.problems) log_.write(Level::error, text_of(problem));
    for (const Problem& warning : parsed.warnings) log_.write(Level::warning, text_of(warning));
    if (!parsed.config) return reject(parsed);
    on_copy_ = false;
    cycle_->set_trouble("config_rejected", "");
    for (const std::string& key : needs_restart(config_, *parsed.config))
        log_.write(Level::warning, fmt::format("{}: the change of '{}' waits for a restart", file_.path, key));
    parsed.config->site = config_.site;
    parsed.config->database = config_.database;
    parsed.config->mqtt.client_id = config_.mqtt.client_id;
    file_.text = std::move(parsed.text);
    if (!file_.copy.empty()) housekeeper_.keep_config(file_.copy, file_.text);
    const bool was_live = config_.control.live;
    apply(std::move(*parsed.config));
    end_safe_mode();
    log_.write(Level::info, fmt::format("{} was read again and is in force: {}", file_.path,
                                        parsed.changes.empty() ? "nothing changed" : fmt::format("{}", fmt::join(parsed.changes, "; "))));
    if (config_.control.live != was_live)
        log_.write(Level::notice, config_.control.live ? "Commands are live now: voltd switches relays"
                                                       : "Commands are in shadow now: every load is switched off first, then voltd switches nothing");
}

/// The running configuration goes on; only `commands: shadow` is taken from the file, however bad the rest of it is.
void Application::reject(const ParsedConfig& parsed) {
    const bool shadow = bare_words(parsed.text).shadow;
    cycle_->set_trouble("config_rejected",
                        fmt::format("{} is rejected; voltd still uses {}{}. {} Fix it, then: systemctl reload voltd", file_.path,
                                    on_copy_ ? "the last good configuration" : "the previous configuration",
                                    shadow ? ", in shadow as the file asks" : "", rejection(parsed)),
                        "", on_copy_);
    if (!shadow || !config_.control.live) return;
    Config quiet = config_;
    quiet.control.live = false;
    apply(std::move(quiet));
    log_.write(Level::warning, fmt::format("{} is rejected, but says commands: shadow: every load is switched off first, then voltd switches nothing", file_.path));
}

void Application::apply(Config config) {
    const Config old = std::exchange(config_, std::move(config));
    for (const std::string& id : std::exchange(left_behind_, {})) cycle_->set_trouble("output_not_following", "", id);
    log_.set_level(level_of(config_.log_level));
    release_charge(old);
    if (!same_field(old, config_)) {
        part(old);
        field_->turn(monotonic_now());
        cycle_->keep_commands(*field_);
        field_->stop();
        cycle_->forget_orders_of(other_devices(outputs_seen_from(config_, old), config_.outputs));
        start_field();
    }
    if (old.victron != config_.victron || old.sol_ark != config_.sol_ark || old.sol_ark_2 != config_.sol_ark_2 ||
        old.power_sources != config_.power_sources || refuses_a_device())
        start_pollers();
    api_.want(config_.api);  // as it was too: its token may have been exchanged
    cycle_->configure(config_);
    field_->set_live(cycle_->commands());
}

/// A charge block that voltd may not take away any more is taken away while it still may.
void Application::release_charge(const Config& old) {
    const auto writes = [](const Config& config) {
        return config.control.live && config.victron && config.victron->charge_limit == ChargeLimit::write;
    };
    const bool same_gx = old.victron && config_.victron && old.victron->host == config_.victron->host;
    if (!writes(old) || (writes(config_) && same_gx) || !cycle_->release_charge(monotonic_now())) return;
    for (const Time limit = monotonic_now() + gx_follows; monotonic_now() < limit && cycle_->waits_for_gx(monotonic_now());)
        std::this_thread::sleep_for(step_of_wait);
}

/// What runs behind an output that is no more, nobody would ever switch off.
void Application::part(const Config& old) {
    if (!old.control.live) return;
    const auto step = [this] {
        std::this_thread::sleep_for(step_of_wait);
        field_->turn(monotonic_now());
    };
    const Farewell farewell = take_leave(field_->outputs(), old.outputs, outputs_seen_from(old, config_), step);
    const std::string where = same_broker(old, config_)
                                  ? "No longer in voltd.yaml as before"
                                  : fmt::format("Left behind at the broker {}:{}", old.mqtt.host, old.mqtt.port);
    for (const std::string& text : sentences(farewell, where)) log_.write(Level::warning, text);
    for (const auto& [id, text] : may_be_on_behind(farewell)) {
        cycle_->set_trouble("output_not_following", text, id);
        left_behind_.push_back(id);
    }
}

/// A device that was exchanged for another is refused until its owner says so: a reload does.
bool Application::refuses_a_device() const {
    const Slots slots = mailbox_->read();
    return std::any_of(slots.begin(), slots.end(),
                       [](const auto& entry) { return entry.second.health.fault == Fault::wrong_device; });
}

}  // namespace volt
