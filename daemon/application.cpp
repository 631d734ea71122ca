#include "daemon/application.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "daemon/config/policy.hpp"
#include "daemon/host/end_limit.hpp"
#include "daemon/loop/tick_phase.hpp"
#include "rules/names.hpp"

namespace volt {

namespace {

constexpr Duration end_limit = 8s;            // of the whole end where something hangs; else it takes less than 5 s
constexpr Duration confirm_on_exit = 1400ms;  // how long an orderly end waits for outputs and the GX to follow
constexpr Duration store_on_exit = 2s;
constexpr Duration errands_on_exit = 500ms;
constexpr Duration step_of_exchange = 20ms;
constexpr Duration api_at_start = 1s;  // wait at most this long for the API before the first turn; startup does not depend on it

/// For `systemctl status`: "52.30 V (65 %), optimal; on: Primary S21+ (Revenue)"; in shadow "would be on: …".
std::string status_line(const SiteView& view) {
    const BatteryPicture& battery = view.decision().battery;
    if (!battery.voltage && !battery.last_voltage) return "waiting for the first battery voltage";
    std::string line = name_of(battery.stage);
    if (battery.voltage && battery.soc)
        line = fmt::format("{}.{:02} V ({} %), {}", battery.voltage->steps / 100, battery.voltage->steps % 100,
                           battery.soc->steps / 100, line);
    const bool live = view.policy().control.live;
    std::vector<std::string> on;
    for (std::size_t load = 0; load < view.decision().verdicts.size(); ++load)
        if (const Verdict& verdict = view.decision().verdicts[load]; live ? verdict.state == LoadState::on : verdict.wanted)
            on.push_back(load_name(view.policy(), load));
    return fmt::format("{}; {}: {}", line, live ? "on" : "shadow: would be on",
                       on.empty() ? "none" : fmt::format("{}", fmt::join(on, ", ")));
}

}  // namespace

/// What clients of the API may have done, on the loop's thread.
class Application::ApiAdapter : public LoopContext {
public:
    explicit ApiAdapter(Application& application)
        : cycle_(*application.cycle_), field_(*application.field_), application_(application) {}
    const SiteView* view() const override { return cycle_.journal().view(); }
    std::uint64_t turns() const override { return cycle_.journal().turns(); }
    bool stored() const override { return cycle_.journal().stored(); }
    bool wish(const NamedOverride& wish) override { return cycle_.inputs().requests().add(wish); }
    void set_mode(SiteMode mode) override { cycle_.set_mode(mode); }
    bool ask(std::size_t output) override { return field_.outputs().ask(output); }
    OutputReport report(std::size_t output) const override { return field_.outputs().reports()[output]; }
    DecisionInputs frame() const override { return cycle_.frame(); }
    std::string prove_charge() override { return cycle_.prove_charge(); }
    std::string end_safe_mode() override { return application_.end_safe_mode() ? "" : "safe mode is not on"; }

private:
    Cycle& cycle_;
    SiteIo& field_;
    Application& application_;
};

Application::Application(EventWait& wake, Log& log, ConfigFile file, Config config, OpenedStore opened,
                         std::optional<SimulatedWall> simulated, SafeMode safe_mode)
    : wake_(wake),
      log_(log),
      file_(std::move(file)),
      config_(std::move(config)),
      store_(std::move(opened.store)),
      safe_mode_(std::move(safe_mode)),
      mailbox_(std::make_shared<Mailbox>(polled_sources(config_))),
      api_(
          *store_, config_.database, [&wake] { wake.nudge(); }, service_directory("RUNTIME_DIRECTORY")) {
    auto zone = ZoneClock::load(opened.settings->timezone);
    const bool known_zone = zone != nullptr;
    if (!known_zone) zone = ZoneClock::load("UTC");
    make_wall(simulated, zone.get());
    const Time now = monotonic_now();
    SiteFacts facts{config_.site, VOLT_VERSION, wall_.utc(now), wall_.simulated() ? "simulated" : "system", {}};
    cycle_ = std::make_unique<Cycle>(
        CycleParts{*mailbox_, *store_, log_, wall_, [this] { return background_io_.clock_synchronised(); }, charge_}, config_,
        opened.settings, std::move(facts), std::move(zone));
    chores_.post([] {});  // its thread is there before it is needed
    safe_mode_.write_by([this](std::function<void()> task) { chores_.post(std::move(task)); });
    if (!known_zone) cycle_->settings().use_zone(opened.settings->timezone, nullptr);
    if (opened.newest_row) cycle_->inputs().know_newest_row(*opened.newest_row);
    if (opened.rule_state) cycle_->restore(*opened.rule_state, now);
    on_copy_ = !file_.rejected.empty();
    cycle_->journal().set_trouble("config_rejected", file_.rejected, "", true);
    if (!file_.copy.empty() && !on_copy_) background_io_.keep_config(file_.copy, file_.text);
    start_field();
    mailbox_->on_first_reading([&wake] { wake.nudge(); });
    pollers_.start(config_, now);
    api_.want(config_.api);
    api_.wait_for_try(api_at_start);
}

Application::~Application() = default;

void Application::make_wall(std::optional<SimulatedWall> simulated, const ZoneClock* zone) {
    if (!simulated) return;
    const Utc start = zone != nullptr ? zone->utc(simulated->start)
                                      : Utc{24h * simulated->start.day + std::chrono::seconds{simulated->start.second_of_day}};
    wall_ = WallClock(*simulated, start, monotonic_now());
}

void Application::start_field(BrokerConnection::Kept kept) {
    field_ = std::make_unique<MqttSiteIo>(
        config_, [this] { wake_.nudge(); }, LinkTimes{}, std::move(kept), controller());
}

/// Control works without the API; the owner gets an alarm.
void Application::look_at_api() {
    const std::string trouble = api_.trouble();
    if (trouble == api_trouble_) return;
    api_trouble_ = trouble;
    cycle_->journal().set_trouble("api_unreachable", trouble);
    if (trouble.empty()) log_.write(Level::notice, "The local API is listening as configured again");
    else log_.write(Level::warning, trouble + "; retrying every 10 s");
}

void Application::check_background_io() {
    if (const bool low = background_io_.under_voltage(); low != power_low_) {
        power_low_ = low;
        cycle_->journal().set_trouble(
            "under_voltage",
            low ? "The power supply of this computer was too weak within the last 10 min. It may damage the card "
                  "or stop the computer: use a stronger supply or a shorter cable"
                : "");
    }
    background_io_.watch_certificates(config_.mqtt.tls ? config_.mqtt.ca_file : "");
    const bool dated = cycle_->journal().view() != nullptr && cycle_->journal().view()->snapshot().clock_trusted;
    cycle_->journal().set_trouble(
        "broker_auth",
        dated ? certificate_text(background_io_.certificate_end(), config_.mqtt.ca_file, wall_.utc(monotonic_now())) : "",
        "certificate");
    if (const auto trouble = background_io_.take_copy_trouble())
        log_.write(Level::warning,
                   "Cannot save the copy of the configuration that a start with a bad file would use: " + *trouble);
}

int Application::run() {
    log_.write(Level::info, fmt::format("voltd {} controls {} ({})", VOLT_VERSION, config_.site,
                                        config_.control.live ? "live" : "shadow: decides, switches nothing"));
    Time next = monotonic_now();
    if (const std::string text = safe_mode_.text(next); !text.empty()) {
        cycle_->set_safe_mode(text);
        log_.write(Level::error, "Safe mode: " + text, {{"REASON", "safe_mode"}});
    }
    while (true) {
        const WakeReason reason = wake_.wait_until(exchange_ ? std::min(next, monotonic_now() + step_of_exchange) : next);
        const Time now = monotonic_now();
        if (reason == WakeReason::stop) break;
        if (reason == WakeReason::reload) begin_reload(now);
        if (auto parsed = background_io_.take_config()) finish_reading(std::move(*parsed), now);
        try_put_off(now);
        if (exchange_) go_on_exchanging(now);
        pollers_.turn(config_, now);
        if (mailbox_->take_first()) next = now;  // a source that has just been found is not kept waiting for the tick
        if (now < next) {
            field_->turn(now);
            serve_api();
            continue;
        }
        timed_turn(now, next);
        serve_api();
        next = in_step(next_tick(next, now, config_.control.tick), cycle_->voltage_arrived(), config_.control.tick);
    }
    end();
    return 0;
}

void Application::timed_turn(Time now, Time due) {
    using std::chrono::steady_clock;
    const auto begin = steady_clock::now();
    turn(now);
    figures_.last_turn = std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - begin);
    figures_.longest_turn = std::max(figures_.longest_turn, figures_.last_turn);
    figures_.longest_delay = std::max(figures_.longest_delay, std::chrono::microseconds(now - due));
    figures_.turns = cycle_->journal().turns();
}

void Application::turn(Time now) {
    if (auto zone = background_io_.take_zone()) cycle_->settings().use_zone(zone->name, std::move(zone->clock));
    look_at_safe_mode(now);
    look_at_api();
    check_background_io();
    cycle_->turn(*field_, now);
    field_->set_live(cycle_->commands());
    if (const auto name = cycle_->settings().take_wanted_zone()) background_io_.want_zone(*name);
    if (const SiteView* view = cycle_->journal().view(); view != nullptr && supervisor_.status_due(now))
        supervisor_.status((cycle_->inputs().snapshot().safe_mode ? "safe mode; " : "") + status_line(*view), now);
    if (!reloading_) supervisor_.ready();
    supervisor_.alive(now);
}

void Application::look_at_safe_mode(Time now) {
    if (!cycle_->inputs().snapshot().safe_mode || safe_mode_.active(now)) return;
    cycle_->set_safe_mode("");
    log_.write(Level::notice, "Safe mode has ended: an hour without a crash", {{"REASON", "safe_mode"}});
}

/// By the owner's command. Returns whether safe mode was active.
bool Application::end_safe_mode() {
    if (!safe_mode_.end()) return false;
    cycle_->set_safe_mode("");
    log_.write(Level::notice, "Safe mode has been ended", {{"REASON", "safe_mode"}});
    return true;
}

void Application::serve_api() {
    ApiAdapter adapter(*this);
    api_.serve(adapter);
    if (!api_.wanted() || cycle_->journal().view() == nullptr) return;
    StatusSnapshot page = cycle_->journal().page(config_);
    page.loop = figures_;
    api_.post(std::move(page));
}

void Application::end() {
    begin_end_limit(end_limit);
    supervisor_.stopping();
    log_.write(Level::info, "Shutting down");
    // On the way to shadow, or about to go there: the next start commands nothing, so the loads go off now.
    const bool to_shadow = cycle_->is_leaving() || (exchange_ && config_.control.live && !exchange_->config.control.live);
    cycle_->shut_down(*field_, monotonic_now(), to_shadow);
    const auto follows = [&] {
        const bool left = !cycle_->commands() || (released(field_->outputs(), config_.outputs) && !to_shadow);
        return left && !cycle_->charge().waits(monotonic_now());
    };
    for (const Time limit = monotonic_now() + confirm_on_exit; monotonic_now() < limit && !follows();) {
        wake_.wait_until(std::min(limit, monotonic_now() + 50ms));
        field_->turn(monotonic_now());
    }
    if (cycle_->charge().waits(monotonic_now()))
        log_.write(Level::warning, "The charge limit was not restored in time; the next start of voltd restores it");
    field_->stop();
    pollers_.end();
    store_->close(store_on_exit);
    safe_mode_.leave();
    chores_.drain(errands_on_exit);
    // Last: a request that waits for a locked database must not keep all this from being done.
    api_.stop();
}

}  // namespace volt
