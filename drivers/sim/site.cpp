#include "drivers/sim/site.hpp"

#include <algorithm>
#include <cassert>
#include <sstream>

#include <fmt/core.h>

#include "drivers/iso_time.hpp"
#include "drivers/source.hpp"

namespace volt::sim {

namespace {

constexpr Duration step_length = 20ms;  // real time; multiplied by the speed, it is the plant's step
constexpr int most_steps_behind = 500;  // catches up 10 s and skips the rest (a suspended machine)
constexpr std::int64_t longest_fault_s = 86'400;

std::vector<std::string> words_of(const std::string& line) {
    std::istringstream in(line);
    std::vector<std::string> words;
    for (std::string word; words.size() < 64 && in >> word;) words.push_back(word);
    return words;
}

std::string tenths(std::int64_t value) {
    const std::int64_t size = value < 0 ? -value : value;
    return fmt::format("{}{}.{}", value < 0 ? "-" : "", size / 10, size % 10);
}

}  // namespace

Site::Site(const SiteConfig& config, Time now)
    : config_(config),
      plant_(config.plant),
      relays_(config.relays),
      ambient_(config.topics, config.relays.broker, config.relays.prefix),
      gx_(config.gx),
      sol_ark_(config.sol_ark),
      gx_server_(gx_, Wire::tcp, config.gx_port),
      sol_ark_server_(sol_ark_, config.sol_ark_wire, config.sol_ark_port),
      now_(now),
      next_step_(now) {
    assert(config.speed >= 1 && config.speed <= 2'000);
    if (!config.control_path.empty()) {
        control_ =
            std::make_unique<ControlServer>(config.control_path, [this](const std::string& line) { return command(line); });
    }
    if (config.sol_ark_gateway) sol_ark_server_.be_patient();
    advance(now);
}

void Site::turn() {
    wait();
    advance(monotonic_now());
}

void Site::wait() const {
    std::vector<pollfd> descriptors;
    gx_server_.add_descriptors(descriptors);
    sol_ark_server_.add_descriptors(descriptors);
    if (control_) control_->add_descriptors(descriptors);
    Time until = next_step_;
    if (const auto due = gx_server_.due()) until = std::min(until, *due);
    if (const auto due = sol_ark_server_.due()) until = std::min(until, *due);
    const auto left = std::clamp((until - monotonic_now()).count(), std::int64_t{0}, std::int64_t{20});
    poll(descriptors.data(), descriptors.size(), static_cast<int>(left));
}

void Site::advance(Time now) {
    now_ = now;
    relays_.turn(now, plant_.utc_ms() / 1'000, plant_.powered());
    for (int steps = 0; next_step_ <= now && steps < most_steps_behind; ++steps, next_step_ += step_length) step();
    if (next_step_ <= now) next_step_ = now + step_length;
    view_ = view_of(plant_, config_.pins, relays_.loads_w());
    gx_.show(view_);
    sol_ark_.show(view_);
    gx_server_.turn(now);
    sol_ark_server_.turn(now);
    ambient_.turn(now, view_);
    if (control_) control_->turn();
}

void Site::step() {
    PlantInputs inputs = relays_.inputs();
    inputs.charge_limit_a = sol_ark_.charge_limit_a();
    // The GX's charge limit applies only if its own chargers produce the PV power.
    if (config_.gx.power && gx_.charge_limit_a() >= 0) {
        inputs.charge_limit_a = std::min(inputs.charge_limit_a, static_cast<double>(gx_.charge_limit_a()));
    }
    plant_.step(inputs, step_length.count() * config_.speed);
}

std::string Site::command(const std::string& line) {
    const auto words = words_of(line);
    if (words.empty()) return "error: empty command";
    if (words[0] == "status") return status();
    if (words[0] == "fault") return fault(words);
    if (words[0] == "set") return set(words);
    return "error: unknown command " + words[0] + " (fault, set, status)";
}

std::string Site::fault(const std::vector<std::string>& words) {
    if (words.size() != 4) return "error: fault TARGET WHAT SECONDS";
    const auto seconds = steps_of(words[3], 0);
    if (!seconds || *seconds < 1 || *seconds > longest_fault_s) return "error: not 1..86400 seconds: " + words[3];
    const Time until = now_ + std::chrono::seconds{*seconds};
    const std::string& target = words[1];
    if (target == "sensors") {
        if (words[2] != "silent" && words[2] != "none") return "error: sensors can only be silent or none";
        ambient_.silence(words[2] == "silent" ? until : now_);
        return "ok";
    }
    if (target == "gateway") {
        const bool stale = words[2] == "stale-on" || words[2] == "stale-off";
        if (!stale && words[2] != "restart") return "error: a gateway can only restart, stale-on or stale-off";
        const auto cached = stale ? std::optional(words[2] == "stale-on") : std::nullopt;
        return relays_.restart_gateways(cached, now_, until) ? "ok" : "error: no device has a gateway (zigbee=, generic=)";
    }
    if (target.starts_with("relay:")) {
        const auto fault = device_fault_of(words[2]);
        if (!fault) return "error: unknown fault " + words[2] + " (" + device_faults + ")";
        return relays_.fault(target.substr(6), *fault, now_, until) ? "ok" : "error: no relay " + target.substr(6);
    }
    if (target != "gx" && target != "sol_ark") {
        return "error: unknown target " + target + " (gx, sol_ark, sensors, gateway, relay:TOPIC)";
    }
    const auto fault = server_fault_of(words[2]);
    if (!fault) {
        return "error: unknown fault " + words[2] +
               " (silent, slow[:MS], reset, exception[:N], zeros, frozen, shifted, late, ignores-write, refuses-write, none)";
    }
    (target == "gx" ? gx_server_ : sol_ark_server_).fault(*fault, until);
    return "ok";
}

/// Sets pins. One invalid argument leaves all pins unchanged.
std::string Site::set(const std::vector<std::string>& words) {
    Pins pins = config_.pins;
    std::vector<std::string> pairs;
    for (std::size_t i = 1; i < words.size(); ++i) {
        const auto equals = words[i].find('=');
        pairs.push_back(words[i].substr(0, equals));
        if (equals != std::string::npos) pairs.push_back(words[i].substr(equals + 1));
    }
    if (pairs.empty() || pairs.size() % 2 != 0) return "error: set KEY VALUE [KEY VALUE ...]";
    for (std::size_t i = 0; i < pairs.size(); i += 2) {
        if (const auto problem = pins.set(pairs[i], pairs[i + 1])) return "error: " + *problem;
    }
    config_.pins = pins;
    view_ = view_of(plant_, config_.pins, relays_.loads_w());
    gx_.show(view_);
    sol_ark_.show(view_);
    return "ok";
}

std::string Site::status() const {
    return fmt::format(
        R"({{"utc":"{}Z","voltage_v":{:.2f},"battery_w":{},"soc_pct":{},"pv_w":{},"pv_offered_w":{:.0f},"load_w":{},)"
        R"("house_w":{:.0f},"loads_w":{:.0f},"grid_w":{},"battery_c":{},"heat_room_c":{},"main_room_c":{},)"
        R"("weather":"{}","powered":{},"held_back":{},"charge_limit_a":{},"sol_ark_charge_limit_a":{},"gx_port":{},"sol_ark_port":{}}})",
        iso_time(view_.utc_s), static_cast<double>(view_.battery_cv) / 100, view_.battery_w, tenths(view_.soc_permille),
        view_.pv_w, plant_.pv_offered_w(), view_.load_w, plant_.house_w(), relays_.loads_w(), view_.grid_w,
        tenths(view_.battery_ddeg), tenths(view_.heat_room_ddeg), tenths(view_.main_room_ddeg), view_.weather, view_.powered,
        plant_.held_back(), gx_.charge_limit_a(), sol_ark_.charge_limit_a(), gx_server_.port(), sol_ark_server_.port());
}

std::string Site::sentence() const {
    return fmt::format("{}Z {:.2f} V {} % battery {} W pv {} W load {} W heat room {} C main room {} C {} | {}",
                       iso_time(view_.utc_s), static_cast<double>(view_.battery_cv) / 100, tenths(view_.soc_permille),
                       view_.battery_w, view_.pv_w, view_.load_w, tenths(view_.heat_room_ddeg), tenths(view_.main_room_ddeg),
                       view_.weather, relays_.describe());
}

}  // namespace volt::sim
