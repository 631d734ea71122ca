// What a SIGHUP does: the file is read again, and what it changes is exchanged while the loop runs on.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "daemon/application.hpp"
#include "daemon/config/good_copy.hpp"
#include "daemon/site/output_release.hpp"

namespace volt {

namespace {

constexpr Duration charge_follows =
    ChargeLimitController::order_lasts;  // for charge limits to be put back: their pollers may be exchanged
constexpr Duration keys_limit = 30s;     // for the new broker's name and password, while the old one is still there
constexpr Duration keys_again = 10s;     // between two looks for them, where that was in vain

bool same_broker(const Config& a, const Config& b) { return a.mqtt.host == b.mqtt.host && a.mqtt.port == b.mqtt.port; }

/// The outputs of `config` reachable over `other`'s broker: none if the broker differs.
std::vector<OutputConfig> outputs_seen_from(const Config& other, const Config& config) {
    return same_broker(other, config) ? config.outputs : std::vector<OutputConfig>{};
}

bool same_field(const Config& a, const Config& b) {
    return a.mqtt == b.mqtt && a.outputs == b.outputs && a.sensors == b.sensors && a.weather == b.weather &&
           a.clear_retained == b.clear_retained;
}

}  // namespace

/// The file is read outside the loop: a hanging card must not block control.
void Application::begin_reload(Time now) {
    if (exchange_) {  // one after the other
        reload_again_ = true;
        return;
    }
    supervisor_.reloading(now);
    reloading_ = true;
    background_io_.want_config(file_.path, file_.text);
}

void Application::finish_reading(ParsedConfig parsed, Time now) {
    if (exchange_) {
        reload_again_ = true;
        return;
    }
    put_off_.reset();
    for (const Problem& problem : parsed.problems) log_.write(Level::error, text_of(problem));
    for (const Problem& warning : parsed.warnings) log_.write(Level::warning, text_of(warning));
    if (!parsed.config) return reject(parsed, now);
    const auto waits = needs_restart(config_, *parsed.config);
    for (const std::string& key : waits)
        log_.write(Level::warning, fmt::format("{}: the change of '{}' takes effect after a restart", file_.path, key));
    parsed.config->site = config_.site;
    parsed.config->database = config_.database;
    parsed.config->mqtt.client_id = config_.mqtt.client_id;
    Exchange exchange{std::move(*parsed.config)};
    exchange.text = std::move(parsed.text);
    exchange.keep = waits.empty();
    exchange.changes = std::move(parsed.changes);
    begin_exchange(std::move(exchange), now);
}

/// The running configuration stays in force; only `commands: shadow` applies from the file, however bad the rest is.
void Application::reject(const ParsedConfig& parsed, Time now) {
    const bool shadow = parsed.says_shadow;
    cycle_->journal().set_trouble(
        "config_rejected",
        fmt::format("{} is rejected; voltd still uses {}{}. {} Fix it, then run: systemctl reload voltd", file_.path,
                    on_copy_ ? "the last good configuration" : "the previous configuration",
                    shadow ? ", in shadow as the file asks" : "", rejection(parsed)),
        "", on_copy_);
    reloading_ = false;
    if (shadow) go_quiet(now);
}

/// Of a file that is not taken, `commands: shadow` is.
void Application::go_quiet(Time now) {
    if (!config_.control.live) return;
    reloading_ = true;
    Exchange quiet{config_};
    quiet.config.control.live = false;
    begin_exchange(std::move(quiet), now);
}

/// Keeps a working connection while the new one cannot even be tried: the file waits for its password or address.
void Application::put_off(Time now) {
    put_off_ = std::move(*exchange_);
    exchange_.reset();
    reloading_ = false;
    put_off_->limit = now + keys_again;
    const bool shadow = !put_off_->config.control.live;
    const std::string text = fmt::format(
        "{} is not in force: {}. voltd still uses {}{} and its connection to the broker. Retrying every {} s", file_.path,
        put_off_->access->missing(), on_copy_ ? "the last good configuration" : "the previous configuration",
        shadow ? ", in shadow as the file asks," : "", keys_again / 1s);
    cycle_->journal().set_trouble("config_rejected", text, "", on_copy_);
    log_.write(Level::warning, text);
    if (shadow) go_quiet(now);
}

void Application::try_put_off(Time now) {
    if (!put_off_ || exchange_ || reloading_) return;
    if (put_off_->access->missing().empty()) {
        exchange_ = std::exchange(put_off_, std::nullopt);
        exchange_->limit = now + keys_limit;
    } else if (now >= put_off_->limit) {
        put_off_->access->ask();
        put_off_->limit = now + keys_again;
    }
}

/// The new broker is resolved while the loads are still controlled through the old one.
void Application::begin_exchange(Exchange exchange, Time now) {
    exchange.access = field_->kept().access;
    if (config_.mqtt != exchange.config.mqtt) {
        exchange.access = std::make_shared<Access>(exchange.config.mqtt);
        exchange.access->ask();
    }
    exchange.limit = now + keys_limit;
    exchange_ = std::move(exchange);
}

/// Each step waits, over as many turns as needed, for what it started, and has a time limit; the old configuration stays in
/// force until the last one.
void Application::go_on_exchanging(Time now) {
    using Step = Exchange::Step;
    Exchange& exchange = *exchange_;
    const bool asks = config_.mqtt != exchange.config.mqtt;
    if (exchange.step == Step::keys && (!asks || exchange.access->answered() || now >= exchange.limit)) {
        if (asks && field_->outputs().link_up() && !exchange.access->missing().empty()) {
            put_off(now);
            if (std::exchange(reload_again_, false)) begin_reload(now);
            return;
        }
        exchange.step = Step::charge;
        exchange.limit = now + (release_charge(now) ? charge_follows : 0ms);
    }
    if (exchange.step == Step::charge && (now >= exchange.limit || !cycle_->charge().waits(now))) {
        exchange.step = Step::parting;
        begin_parting(now);
    }
    if (exchange.step != Step::parting || (exchange.parting && !exchange.parting->done(field_->outputs(), now))) return;
    const bool was_live = config_.control.live;
    apply(now);
    end_exchange(was_live);
    if (std::exchange(reload_again_, false)) begin_reload(now);
}

/// What is logged and kept of a configuration that has come into force.
void Application::end_exchange(bool was_live) {
    const Exchange done = std::move(*exchange_);
    exchange_.reset();
    reloading_ = false;
    if (!done.text) {
        log_.write(
            Level::warning,
            fmt::format(
                "{} is rejected, but `commands: shadow` in it applies: voltd switches every load off, then switches nothing",
                file_.path));
        return;
    }
    on_copy_ = false;
    cycle_->journal().set_trouble("config_rejected", "");
    file_.text = *done.text;
    if (done.keep && !file_.copy.empty()) background_io_.keep_config(file_.copy, file_.text);
    end_safe_mode();
    log_.write(Level::info,
               fmt::format("{} was reloaded and is in force: {}", file_.path,
                           done.changes.empty() ? "nothing changed" : fmt::format("{}", fmt::join(done.changes, "; "))));
    if (config_.control.live != was_live)
        log_.write(Level::notice, config_.control.live
                                      ? "Commands are live now: voltd switches relays"
                                      : "Commands are in shadow now: voltd switches every load off, then switches nothing");
}

void Application::apply(Time now) {
    end_parting();
    const Config old = std::exchange(config_, std::move(exchange_->config));
    log_.set_level(level_of(config_.log_level));
    if (!same_field(old, config_)) {
        field_->turn(now);
        cycle_->leave_field(*field_, other_devices(outputs_seen_from(config_, old), config_.outputs));
        exchange_field(old.mqtt == config_.mqtt);
    }
    if (old.victron != config_.victron || old.sol_ark != config_.sol_ark || old.sol_ark_2 != config_.sol_ark_2 ||
        old.power_sources != config_.power_sources || refuses_a_device())
        pollers_.start(config_, now);
    api_.want(config_.api);  // even if unchanged: its token may have been replaced
    cycle_->configure(config_);
    field_->set_live(cycle_->commands());
}

/// The same broker keeps its connection; a new one is connected after the old link has published `offline`: the courier
/// does one after the other.
void Application::exchange_field(bool same_connection) {
    if (same_connection) {
        field_ = std::make_unique<MqttSiteIo>(config_, field_->give_link(), controller());
        return;
    }
    const BrokerConnection::Kept kept{field_->kept().courier, exchange_->access};
    field_->leave();
    start_field(kept);
}

/// Releases a charge block while voltd may still write it, if the new configuration forbids that. True: wait for a device.
bool Application::release_charge(Time now) {
    const Config& next = exchange_->config;
    const auto host_of = [](const Config& config, const std::string& device) -> std::string {
        if (device == "victron") return config.victron ? config.victron->host : "";
        const auto& sol_ark = device == "sol_ark" ? config.sol_ark : config.sol_ark_2;
        return sol_ark ? sol_ark->host : "";
    };
    const std::vector<ChargeDevice> after = charge_devices(next);
    std::vector<std::string> ended;
    for (const ChargeDevice& device : charge_devices(config_)) {
        if (!config_.control.live || device.limit != ChargeLimit::write) continue;
        const auto same = std::ranges::find(after, device.name, &ChargeDevice::name);
        const bool goes_on = next.control.live && same != after.end() && same->limit == ChargeLimit::write &&
                             host_of(next, device.name) == host_of(config_, device.name);
        if (!goes_on) ended.push_back(device.name);
    }
    return !ended.empty() && cycle_->release_charge(now, ended);
}

/// Nothing else would ever switch off a load behind a removed output.
void Application::begin_parting(Time now) {
    if (!cycle_->commands() || same_field(config_, exchange_->config)) return;
    exchange_->parting.emplace(field_->outputs(), config_.outputs, outputs_seen_from(config_, exchange_->config), now);
    cycle_->inputs().part_from(exchange_->parting->left());
}

void Application::end_parting() {
    for (const std::string& id : std::exchange(left_behind_, {})) cycle_->journal().set_trouble("output_not_following", "", id);
    if (!exchange_->parting) return;
    const Farewell farewell = exchange_->parting->result(field_->outputs());
    const std::string where = same_broker(config_, exchange_->config)
                                  ? "Removed from voltd.yaml or changed"
                                  : fmt::format("No longer controlled at the broker {}:{}", config_.mqtt.host, config_.mqtt.port);
    for (const std::string& text : sentences(farewell, where)) log_.write(Level::warning, text);
    for (const auto& [id, text] : may_be_on_behind(farewell)) {
        cycle_->journal().set_trouble("output_not_following", text, id);
        left_behind_.push_back(id);
    }
}

/// A replaced device is rejected until the owner accepts it by a reload.
bool Application::refuses_a_device() const {
    const LatestReadings slots = mailbox_->read();
    return std::any_of(slots.begin(), slots.end(),
                       [](const auto& entry) { return entry.second.health.fault == Fault::wrong_device; });
}

}  // namespace volt
