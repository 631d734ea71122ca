#include "daemon/application.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "daemon/config/build_policy.hpp"
#include "daemon/host/end_limit.hpp"
#include "daemon/loop/turn_timing.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "rules/names.hpp"

namespace volt {

namespace {

constexpr Duration end_limit = 8s;            // for the whole exit if something hangs; normally it takes less than 5 s
constexpr Duration confirm_on_exit = 1400ms;  // maximum wait at an orderly exit for outputs and the GX to follow
constexpr Duration store_on_exit = 2s;
constexpr Duration tasks_on_exit = 500ms;
constexpr Duration step_of_reload = 20ms;
constexpr Duration api_at_start = 1s;  // maximum wait for the API before the first turn; startup does not depend on it

/// Returns the line for `systemctl status`: "52.30 V (65 %), optimal; on: Primary S21+ (Revenue)"; in shadow "would be on: …".
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

Application::Application(EventWait& wake, Log& log, ConfigFile file, Config config, OpenedStore opened,
                         std::optional<SimulatedWall> simulated, SafeMode safe_mode)
    : wake_(wake),
      log_(log),
      store_(std::move(opened.store)),
      site_({log, *store_, background_tasks_, [&wake] { wake.nudge(); },
             [this] { return background_io_.checks().clock_synchronised(); }},
            std::move(config), opened, simulated),
      host_watch_(std::move(safe_mode), background_tasks_, background_io_, site_, log),
      api_(site_, host_watch_, *store_, log, [&wake] { wake.nudge(); }),
      reload_({site_, background_io_, host_watch_, api_, supervisor_, log}, std::move(file)) {
    if (!memory_file_system(site_.config().database).empty())
        site_.cycle().journal().set_alarm(
            AlarmCode::settings_in_memory,
            fmt::format("{} is in memory: settings are gone at the next boot", site_.config().database));
    api_.request(site_.config().api);
    api_.wait_for_try(api_at_start);
}

int Application::run() {
    log_.write(Level::info, fmt::format("voltd {} controls {} ({})", VOLT_VERSION, site_.config().site,
                                        site_.config().control.live ? "live" : "shadow: decides, switches nothing"));
    TurnTiming timing(monotonic_now());
    host_watch_.begin(timing.due());
    while (true) {
        const WakeReason reason =
            wake_.wait_until(reload_.exchanging() ? std::min(timing.due(), monotonic_now() + step_of_reload) : timing.due());
        const Time now = monotonic_now();
        if (reason == WakeReason::stop) break;
        if (reason == WakeReason::reload) reload_.begin(now);
        reload_.turn(now);
        site_.pollers().turn(site_.config(), now);
        if (const auto arrived = site_.mailbox().take_urgent()) timing.reading(*arrived);
        if (now < timing.due()) {
            site_.io().turn(now);
        } else {
            timed_turn(now, timing.due());
            timing.ran(now, site_.cycle().inputs().voltage_arrived(), site_.config().control.tick);
        }
        api_.serve(figures_);
        if (site_.cycle().has_requests(site_.io())) timing.request(now);
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
    figures_.all_delays += now - due;
    figures_.turns = site_.cycle().journal().turns();
}

void Application::turn(Time now) {
    Cycle& cycle = site_.cycle();
    if (auto zone = background_io_.files().take_zone()) cycle.settings().use_zone(zone->name, std::move(zone->clock));
    background_io_.start();
    host_watch_.check(now);
    api_.check();
    cycle.turn(site_.io(), now);
    site_.io().set_live(cycle.commands());
    if (const auto name = cycle.settings().take_wanted_zone()) background_io_.files().request_zone(*name);
    if (const SiteView* view = cycle.journal().view(); view != nullptr && supervisor_.status_due(now))
        supervisor_.status((cycle.inputs().snapshot().safe_mode ? "safe mode; " : "") + status_line(*view), now);
    if (!reload_.active()) supervisor_.ready();
    supervisor_.alive(now);
}

void Application::end() {
    begin_end_limit(end_limit);
    supervisor_.stopping();
    log_.write(Level::info, "Shutting down");
    Cycle& cycle = site_.cycle();
    MqttSiteIo& io = site_.io();
    // On the way to shadow, or about to start it, switch the loads off now, because the next start commands nothing.
    const bool to_shadow = cycle.is_leaving() || reload_.leads_to_shadow();
    cycle.shut_down(io, monotonic_now(), to_shadow);
    const auto follows = [&] {
        const bool loads_done = !cycle.commands() || (released(io.outputs(), site_.config().outputs) && !to_shadow);
        return loads_done && !cycle.charge().waits(monotonic_now());
    };
    for (const Time limit = monotonic_now() + confirm_on_exit; monotonic_now() < limit && !follows();) {
        wake_.wait_until(std::min(limit, monotonic_now() + 50ms));
        io.turn(monotonic_now());
    }
    if (cycle.charge().waits(monotonic_now()))
        log_.write(Level::warning, "The charge limit was not restored in time; the next start of voltd restores it");
    io.stop();
    site_.pollers().finish(site_.config());
    store_->close(store_on_exit);
    host_watch_.end();
    background_tasks_.drain(tasks_on_exit);
    // Stop the API last: a request that waits for a locked database must not delay all this.
    api_.stop();
}

}  // namespace volt
