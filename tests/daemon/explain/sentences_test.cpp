// Every sentence about a site, with fixed numbers, compared with sentences.txt. Other tests quote no whole sentence: a change of
// wording touches the source and that file. VOLT_WRITE_SENTENCES=1 writes the file anew; read its diff as prose.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "daemon/explain/change_facts.hpp"
#include "daemon/explain/explain_budget.hpp"
#include "daemon/explain/explain_flip.hpp"
#include "rules/names.hpp"
#include "tests/daemon/site_fixture.hpp"

using namespace volt;
using fixture::Site;

namespace {

const char* const file = VOLT_SOURCE_DIR "/tests/daemon/explain/sentences.txt";

/// The text of the file: sections with one line for each sentence, `name: sentence`.
class Page {
public:
    void section(const char* title) { text_ += fmt::format("{}# {}\n\n", text_.empty() ? "" : "\n", title); }
    /// Adds a sentence that is not there yet.
    void add(const std::string& name, const std::string& sentence) {
        if (!sentence.empty() && shown_.insert(sentence).second) text_ += fmt::format("{}: {}\n", name, sentence);
    }
    const std::string& text() const { return text_; }

private:
    std::string text_;
    std::set<std::string> shown_;
};

template <class Enum, class Function>
void for_each(Function function) {
    for (std::size_t i = 0; i < names_of<Enum>().size(); ++i) function(static_cast<Enum>(i));
}

struct Numbers {
    Unit unit = Unit::none;
    std::optional<std::int64_t> have{}, need{};
};

Numbers numbers_for(Reason reason) {
    switch (reason) {
        case Reason::shutdown: return {Unit::volts, 4390, 4400};
        case Reason::critical: return {Unit::volts, 4490, 4500};
        case Reason::emergency: return {Unit::volts, 4480, 4500};
        case Reason::voltage:
        case Reason::running:
        case Reason::min_on: return {Unit::volts, 4690, 4700};
        case Reason::trip: return {Unit::celsius, 512, 500};
        case Reason::runtime: return {Unit::seconds, 14'400'000, 14'400'000};
        case Reason::inverter: return {Unit::watts, 12'850, 12'000};
        case Reason::power: return {Unit::watts, 3'000, 3'378};
        case Reason::sun: return {Unit::watts, 5'900, 6'000};
        case Reason::excess: return {Unit::watts, 200, 400};
        default: return {};
    }
}

void set_numbers(Verdict& verdict, const Numbers& numbers) {
    verdict.unit = numbers.unit;
    verdict.have = numbers.have;
    verdict.need = numbers.need;
}

void add_budget(Site& site) {
    site.policy.preferences.bank_wh = 20'800;
    BudgetView& budget = site.decision.budget;
    budget.set = budget.known = budget.clock_trusted = true;
    budget.charge = wh(9'100);
    budget.floor = wh(3'120);
    budget.sun = wh(1'200);
    budget.need = wh(11'300);
    budget.spare = wh(-1'000);
    budget.house = 1150_W;
    budget.times.dawn = 7 * 3600 + 40 * 60;
}

// ---- loads

/// A reason that stops a load or lets it wait.
void add_stop(Page& page, Reason reason, std::size_t load) {
    Site site;
    if (reason == Reason::budget) add_budget(site);
    const std::string name = name_of(reason);
    Verdict& verdict = site.verdict(load);
    verdict.reason = reason;
    verdict.wanted = false;
    verdict.state = LoadState::off;
    page.add(name + ", off", explain_load(site.scene(), load));
    set_numbers(verdict, numbers_for(reason));
    verdict.state = LoadState::stopping;
    page.add(name + ", stops", explain_change(site.scene(), load));
    verdict.source = 1;
    page.add(name + ", by another source", explain_change(site.scene(), load));
}

/// A reason for which a load runs.
void add_run(Page& page, Reason reason, std::size_t load) {
    Site site;
    const std::string name = name_of(reason);
    Verdict& verdict = site.verdict(load);
    verdict.reason = reason;
    verdict.wanted = true;
    verdict.state = LoadState::starting;
    page.add(name + ", starts", explain_change(site.scene(), load));
    verdict.state = LoadState::on;
    page.add(name + ", runs", explain_load(site.scene(), load));
    set_numbers(verdict, numbers_for(reason));
    verdict.remaining = 4min;
    page.add(name + ", must stop soon", explain_load(site.scene(), load));
    site.policy.control.live = false;
    page.add(name + ", in shadow", explain_load(site.scene(), load));
}

void add_reasons(Page& page) {
    for (const std::size_t load : {std::size_t{0}, std::size_t{2}}) {
        page.section(load == 0 ? "Reasons of a miner" : "Reasons of a heater");
        for_each<Reason>([&](Reason reason) {
            if (reason >= Reason::running) add_run(page, reason, load);
            else if (load == 0 || reason == Reason::fault || reason == Reason::trip || reason == Reason::schedule)
                add_stop(page, reason, load);
        });
    }
    page.section("Shadow mode");
    Site site;
    site.policy.control.live = false;
    Verdict& verdict = site.verdict(0);
    verdict.reason = Reason::voltage;
    verdict.wanted = false;
    verdict.state = LoadState::on;
    set_numbers(verdict, numbers_for(Reason::voltage));
    page.add("would be off", explain_load(site.scene(), 0));
    page.add("would stop", explain_change(site.scene(), 0));
}

/// A running S21+ and the one thing about it that differs.
template <class Change>
std::string running(Reason reason, Change change) {
    Site site;
    site.verdict(0).state = LoadState::on;
    site.verdict(0).reason = reason;
    change(site, site.verdict(0));
    return explain_load(site.scene(), 0);
}

void add_runs(Page& page) {
    page.section("Runs");
    page.add("blind", running(Reason::running, [](Site& site, Verdict&) {
                 site.decision.battery.voltage.reset();
                 site.decision.battery.stage_since = site.snapshot.now - 15s;
             }));
    page.add("blind, grace over", running(Reason::running, [](Site& site, Verdict&) { site.decision.battery.voltage.reset(); }));
    page.add("no state of charge", running(Reason::running, [](Site& site, Verdict&) { site.decision.battery.soc.reset(); }));
    page.add("override", running(Reason::override_on, [](Site& site, Verdict& verdict) {
                 verdict.override_ = OverrideKind::on;
                 verdict.override_until = site.snapshot.now + 42min;
             }));
    page.add("lease trial", running(Reason::override_on, [](Site&, Verdict& verdict) { verdict.lease_trial = true; }));
    page.add("lease trial ends", running(Reason::override_off, [](Site&, Verdict& verdict) {
                 verdict.wanted = false;
                 verdict.lease_trial = true;
             }));
    page.add("minimum run", running(Reason::min_on, [](Site&, Verdict& verdict) {
                 verdict.waiting = Reason::power;
                 set_numbers(verdict, numbers_for(Reason::power));
                 verdict.remaining = 4min;
             }));
    page.add("bridge", running(Reason::held_back, [](Site& site, Verdict&) {
                 site.decision.budget.bridged = true;
                 site.decision.budget.bridge_left = wh(190);
                 site.decision.budget.bridge_time_left = 48min;
             }));
    page.add("denied", running(Reason::override_off, [](Site&, Verdict& verdict) {
                 verdict.wanted = false;
                 verdict.denied = 3250_W;
             }));
    page.add("leaving live", running(Reason::mode_off, [](Site& site, Verdict& verdict) {
                 verdict.wanted = false;
                 site.policy.control.leaving = true;
             }));
    Site adopted;
    adopted.decision.next.outputs.resize(4);
    adopted.decision.next.outputs[0].ordered = adopted.decision.next.outputs[0].on = true;
    page.add("already on", explain_change(adopted.scene(), 0));
}

// ---- gates

Gate gate_of(GateName name, const Numbers& numbers = {}) {
    Gate gate;
    gate.name = name;
    gate.passes = false;
    gate.unit = numbers.unit;
    if (numbers.have) gate.have = *numbers.have;
    if (numbers.need) gate.need = *numbers.need;
    return gate;
}

Numbers numbers_for(GateName name) {
    switch (name) {
        case GateName::stage:
        case GateName::voltage: return {Unit::volts, 5230, 5450};
        case GateName::source: return {Unit::count, 2, 5};
        case GateName::predicted_sag: return {Unit::volts, 4650, 4700};
        case GateName::sun: return {Unit::watts, 6'200, 8'000};
        case GateName::excess: return {Unit::watts, -350, 0};
        case GateName::power: return {Unit::watts, 3'100, 3'250};
        case GateName::inverter: return {Unit::watts, 12'850, 12'000};
        case GateName::runtime: return {Unit::seconds, 14'400'000, 14'400'000};
        case GateName::starts: return {Unit::count, 6, 6};
        case GateName::zone: return {Unit::celsius, 412, 400};
        case GateName::budget: return {Unit::watt_hours, -1'000, 3'878};
        default: return {};
    }
}

/// A load that waits for one gate, and what would change it.
void add_wait(Page& page, const std::string& name, Site site, std::size_t load, const Gate& gate) {
    Verdict& verdict = site.verdict(load);
    verdict.wanted = false;
    verdict.state = LoadState::off;
    verdict.gates.clear();
    verdict.gates.add(gate);
    verdict.flip.reset();
    page.add(name, explain_gate(site.scene(), load, gate));
    page.add(name + ", what would change it", explain_flip(site.scene(), load).text);
}

void add_gates(Page& page) {
    page.section("Gates");
    for_each<GateName>([&](GateName name) {
        const std::string words = name_of(name);
        Gate gate = gate_of(name, numbers_for(name));
        Site site;
        if (name == GateName::budget) add_budget(site);
        add_wait(page, words, site, 0, gate);
        gate.subject = 1;
        add_wait(page, words + ", other load", site, 0, gate);
        gate.remaining = 125min;
        add_wait(page, words + ", for a time", site, 0, gate);
        gate.hold = true;
        if (gate.need) gate.have = *gate.need + 10;
        add_wait(page, words + ", held", site, 0, gate);
        add_wait(page, words + ", no numbers", Site{}, 0, gate_of(name));
        add_wait(page, words + ", heater", Site{}, 2, gate_of(name));
        gate.passes = true;
        page.add(words + ", passes", explain_gate(site.scene(), 0, gate));
    });
    Gate waived;
    waived.waived = true;
    page.add("waived", explain_gate(Site{}.scene(), 0, waived));
}

template <class Change>
void add_gate(Page& page, const std::string& name, GateName gate_name, const Numbers& numbers, Change change) {
    Site site;
    Gate gate = gate_of(gate_name, numbers);
    change(site, gate);
    add_wait(page, name, site, 0, gate);
}

void add_special_gates(Page& page) {
    page.section("Gates in special cases");
    add_gate(page, "mode, safe mode", GateName::mode, {}, [](Site&, Gate& gate) { gate.reason = Reason::safe_mode; });
    add_gate(page, "mode off", GateName::mode, {}, [](Site& site, Gate&) { site.policy.preferences.mode = SiteMode::off; });
    add_gate(page, "source, fallback", GateName::source, {}, [](Site& site, Gate&) { site.decision.battery.degraded = true; });
    add_gate(page, "voltage refused", GateName::voltage, {}, [](Site& site, Gate&) { site.decision.battery.refused = 2640_cV; });
    add_gate(page, "voltage, reserve", GateName::voltage, {Unit::volts, 4690, 4800},
             [](Site& site, Gate&) { site.policy.preferences.reserve = 4800_cV; });
    add_gate(page, "schedule, no clock", GateName::schedule, {}, [](Site& site, Gate&) { site.snapshot.clock_trusted = false; });
    add_gate(page, "excess, failed start", GateName::excess, {}, [](Site&, Gate& gate) { gate.remaining = 12min; });
    add_gate(page, "weather unknown", GateName::weather, {}, [](Site& site, Gate&) { site.snapshot.sunny.value.reset(); });
    add_gate(page, "weather, not sunny", GateName::weather, {}, [](Site& site, Gate&) { site.snapshot.sunny.value = false; });
    add_gate(page, "power, BMS", GateName::power, {Unit::watts, 0, 3'250},
             [](Site& site, Gate&) { site.decision.power.discharge_limit = Amps{0}; });
    add_gate(page, "power, BMS limit", GateName::power, {Unit::watts, 261, 3'250},
             [](Site& site, Gate&) { site.decision.power.discharge_limit = Amps{500}; });
    add_gate(page, "starts, once", GateName::starts, {Unit::count, 1, 1}, [](Site&, Gate&) {});
    add_gate(page, "zone, fan", GateName::zone, {Unit::celsius, 380, 400}, [](Site&, Gate&) {});
    add_gate(page, "zone, trip", GateName::zone, {Unit::celsius, 510, 350},
             [](Site&, Gate& gate) { gate.reason = Reason::trip; });
    add_gate(page, "zone, trip, no numbers", GateName::zone, {}, [](Site&, Gate& gate) { gate.reason = Reason::trip; });
}

void add_outputs(Page& page) {
    page.section("Outputs");
    const auto add = [&](const char* name, auto change) {
        Site site;
        site.decision.next.outputs.resize(4);
        change(site, site.snapshot.outputs[0], site.decision.next.outputs[0]);
        add_wait(page, name, site, 0, gate_of(GateName::output));
    };
    using Report = OutputReport;
    using Memory = OutputMemory;
    add("went off", [](Site& site, Report&, Memory&) { site.verdict(0).reason = Reason::fault; });
    add("did not obey", [](Site& site, Report&, Memory& memory) { memory.fault_until = site.snapshot.now + 1h; });
    add("protection", [](Site& site, Report&, Memory& memory) { memory.trip_until = site.snapshot.now + 1h; });
    add("no report", [](Site&, Report& report, Memory&) { report.state = OutputState::unknown; });
    add("others", [](Site& site, Report&, Memory&) { site.snapshot.outputs[1].state_received = false; });
    add("offline", [](Site&, Report& report, Memory&) { report.available = false; });
    add("offline, was on", [](Site& site, Report& report, Memory& memory) {
        report.available = false;
        memory.last_confirmed = OutputState::on;
        memory.lease_proven = true;
        memory.last_on_at = site.snapshot.now - 120s;
        memory.gone.since = site.snapshot.now - 60s;
    });
    add("offline, its timer has ended", [](Site& site, Report& report, Memory& memory) {
        report.available = false;
        memory.last_confirmed = OutputState::on;
        memory.lease_proven = true;
        memory.last_on_at = site.snapshot.now - 1h;
    });
    add("offline, its timer is not proven", [](Site&, Report& report, Memory& memory) {
        report.available = false;
        memory.last_confirmed = OutputState::on;
    });
    add("offline without a timer", [](Site& site, Report& report, Memory& memory) {
        report.available = false;
        memory.last_confirmed = OutputState::on;
        site.policy.outputs[0].lease = 0s;
    });
    add("no broker", [](Site& site, Report&, Memory&) { site.snapshot.broker_up = false; });
    add("not in voltd.yaml", [](Site& site, Report&, Memory&) { site.policy.miners[0].output = no_index; });
    add("none", [](Site& site, Report&, Memory&) { site.policy.miners[0].output_id.clear(); });
    Site kept;
    ExplainContext scene = kept.scene();
    scene.topics = {{"", "zigbee2mqtt/s21/availability"}};
    kept.snapshot.outputs[0].available = false;
    kept.snapshot.outputs[0].kept_offline = true;
    page.add("offline by a kept message", explain_gate(scene, 0, gate_of(GateName::output)));
}

void add_flips(Page& page) {
    page.section("What would change a load that runs");
    const auto add = [&](const char* name, auto change) {
        Site site;
        Verdict& verdict = site.verdict(0);
        verdict.state = LoadState::on;
        verdict.flip = Flip{GateName::voltage, -531, Unit::volts, 30s};
        change(site, verdict);
        page.add(name, explain_flip(site.scene(), 0).text);
    };
    add("voltage", [](Site&, Verdict&) {});
    add("voltage or sun", [](Site& site, Verdict&) { site.policy.miners[0].minimum_solar = 6000_W; });
    add("override", [](Site&, Verdict& verdict) { verdict.override_ = OverrideKind::on; });
    add("override for a time", [](Site& site, Verdict& verdict) {
        verdict.override_ = OverrideKind::on;
        verdict.override_until = site.snapshot.now + 42min;
    });
    add("minimum run", [](Site&, Verdict& verdict) {
        verdict.reason = Reason::min_on;
        verdict.remaining = 4min;
    });
    add("stop pending", [](Site&, Verdict& verdict) {
        set_numbers(verdict, numbers_for(Reason::voltage));
        verdict.remaining = 25s;
    });
    add("blind", [](Site&, Verdict& verdict) { verdict.flip.reset(); });
    add("no broker", [](Site& site, Verdict&) { site.snapshot.broker_up = false; });
    add("relay offline", [](Site& site, Verdict&) { site.snapshot.outputs[0].available = false; });
    Site heater;
    heater.verdict(2).wanted = true;
    page.add("heater, warm", explain_flip(heater.scene(), 2).text);
    heater.decision.zones[0].temperature = Celsius{-20};
    page.add("heater", explain_flip(heater.scene(), 2).text);
    Site idle;
    idle.verdict(0).wanted = false;
    page.add("nothing blocks it", explain_flip(idle.scene(), 0).text);
}

// ---- site

void add_stages(Page& page) {
    page.section("Stages of the battery");
    for_each<Stage>([&](Stage stage) {
        Site site;
        site.decision.battery.stage = stage;
        site.decision.battery.stage_remaining = 4min;
        page.add(name_of(stage), explain_stage(site.scene()));
        site.policy.control.live = false;
        page.add(name_of(stage) + std::string(", in shadow"), explain_stage(site.scene()));
    });
    Site blind;
    blind.decision.battery = {};
    page.add("blind, never a voltage", explain_stage(blind.scene()));
    blind.decision.battery.refused = 2640_cV;
    page.add("blind, refused", explain_stage(blind.scene()));
}

void add_zone(Page& page, const std::string& name, const Site& site) {
    page.add(name, explain_zone(site.scene(), 0));
    page.add(name + ", what would change it", explain_fan_flip(site.scene(), 0));
}

void add_zone_reason(Page& page, ZoneReason reason, std::optional<Celsius> at, const std::string& name) {
    Site site;
    ZoneVerdict& verdict = site.decision.zones[0];
    verdict.reason = reason;
    verdict.temperature = at;
    verdict.fan_wanted = at && *at < Celsius{350} ? 0 : 5;
    add_zone(page, name, site);
    verdict.remaining = 35s;
    add_zone(page, name + ", for a time", site);
    site.policy.zones[0].fan_enabled = false;
    add_zone(page, name + ", fan disabled", site);
    site.policy.zones[0].heating_enabled = false;
    add_zone(page, name + ", heater disabled", site);
    site.policy.control.live = false;
    add_zone(page, name + ", in shadow", site);
}

void add_zones(Page& page) {
    page.section("Zones");
    for_each<ZoneReason>([&](ZoneReason reason) {
        const std::string name = name_of(reason);
        const bool cold = reason == ZoneReason::too_cold || reason == ZoneReason::no_solar;
        add_zone_reason(page, reason, cold ? Celsius{-20} : reason == ZoneReason::idle ? Celsius{200} : Celsius{412}, name);
        add_zone_reason(page, reason, std::nullopt, name + ", no temperature");
    });
    page.section("Zones in special cases");
    const auto add = [&](const char* name, ZoneReason reason, auto change) {
        Site site;
        site.decision.zones[0].reason = reason;
        change(site, site.policy.zones[0], site.decision.zones[0]);
        add_zone(page, name, site);
    };
    for_each<OverrideKind>([&](OverrideKind kind) {
        add(name_of(kind), ZoneReason::override_, [kind](Site& site, Zone&, ZoneVerdict& verdict) {
            verdict.fan_override = kind;
            verdict.fan_override_level = 3;
            verdict.fan_override_until = site.snapshot.now + 42min;
        });
    });
    add("override without a fan", ZoneReason::override_, [](Site&, Zone& zone, ZoneVerdict& verdict) {
        verdict.fan_override = OverrideKind::on;
        zone.fan = no_index;
    });
    add("fan not in voltd.yaml", ZoneReason::hysteresis, [](Site&, Zone& zone, ZoneVerdict&) { zone.fan = no_index; });
    add("no sensor", ZoneReason::idle, [](Site&, Zone& zone, ZoneVerdict& verdict) {
        zone.sensor = no_index;
        verdict.temperature.reset();
    });
    add("no miner", ZoneReason::sensor_lost, [](Site& site, Zone&, ZoneVerdict&) { site.policy.miners.clear(); });
    add("trip, no temperature", ZoneReason::trip, [](Site&, Zone&, ZoneVerdict& verdict) { verdict.temperature.reset(); });
    for (const HeatSource source : {HeatSource::heater, HeatSource::miner})
        for (const bool wanted : {false, true})
            for (const bool live : {true, false})
                add("heats", ZoneReason::too_cold, [=](Site& site, Zone&, ZoneVerdict& verdict) {
                    verdict.temperature = Celsius{-20};
                    verdict.heat = source;
                    site.verdict(0).wanted = site.verdict(2).wanted = wanted;
                    site.policy.control.live = live;
                });
}

void add_charge(Page& page) {
    page.section("Charging");
    for_each<ChargeReason>([&](ChargeReason reason) {
        for (const bool blocked : {false, true})
            for_each<ChargeMeans>([&](ChargeMeans means) {
                Site site;
                ChargeVerdict& charge = site.decision.charge;
                charge.reason = reason;
                charge.blocked = blocked;
                if (blocked) charge.temperature = Celsius{-50};
                charge.remaining = 4min;
                const std::string name = fmt::format("{}, {}", name_of(reason), blocked ? name_of(means) : "allowed");
                page.add(name, explain_charge(site.scene(), means));
                page.add(name + ", what would change it", explain_charge_flip(site.scene()));
                site.policy.control.live = false;
                page.add(name + " in shadow", explain_charge(site.scene(), means));
            });
    });
    Site site;
    ChargeVerdict& charge = site.decision.charge;
    charge.temperature.reset();
    page.add("no temperature", explain_charge(site.scene(), ChargeMeans::write));
    page.add("no temperature, what would change it", explain_charge_flip(site.scene()));
    charge.limit.reset();
    page.add("no guard", explain_charge(site.scene(), ChargeMeans::write));
    page.add("no guard, what would change it", explain_charge_flip(site.scene()));
    site = Site{};
    site.policy.battery_temperatures.push_back({"victron.vebus", 600s, true});
    charge.blocked = charge.by_other = charge.other_usable = true;
    charge.reason = ChargeReason::cold;
    charge.other = 1;
    charge.other_temperature = Celsius{-50};
    page.add("another source", explain_charge(site.scene(), ChargeMeans::write));
    charge.other_usable = false;
    page.add("another source, old", explain_charge(site.scene(), ChargeMeans::write));
}

// ---- night budget

void add_budgets(Page& page) {
    page.section("Night budget");
    for (int i = 0; i <= static_cast<int>(BudgetGap::none); ++i) {
        Site site;
        add_budget(site);
        site.decision.budget.known = false;
        site.decision.budget.house_seen = 4min;
        site.decision.budget.gap = static_cast<BudgetGap>(i);
        page.add("unknown", explain_budget(site.scene()));
        page.add("unknown, what would change it", explain_budget_flip(site.scene(), 0, gate_of(GateName::budget)));
        site.decision.budget.known = true;
        page.add("known", explain_budget(site.scene()));
        site.decision.budget.spare = wh(1'000);
        page.add("enough", explain_budget(site.scene()));
        site.decision.budget.clock_trusted = false;
        page.add("no clock", explain_budget(site.scene()));
    }
    Site site;
    add_budget(site);
    BudgetView& budget = site.decision.budget;
    Verdict& verdict = site.verdict(0);
    const Gate gate = gate_of(GateName::budget, numbers_for(GateName::budget));
    verdict.reason = Reason::budget;
    page.add("a night", explain_night(site.scene(), 0));
    page.add("stop", explain_budget_stop(site.scene(), 0));
    verdict.override_ = OverrideKind::on;
    page.add("override", explain_night(site.scene(), 0));
    budget.at_floor = true;
    budget.charge = wh(-400);
    page.add("at the floor", explain_budget_wait(site.scene(), 0, gate));
    page.add("at the floor, what would change it", explain_budget_flip(site.scene(), 0, gate_of(GateName::budget)));
    site.policy.miners[0].require_excess_solar = true;
    budget.spare = wh(100);
    page.add("not full", explain_budget_wait(site.scene(), 0, gate));
    page.add("not full, what would change it", explain_budget_flip(site.scene(), 0, gate));
    page.add("no longer full", explain_budget_stop(site.scene(), 0));
    budget.full = true;
    page.add("full", explain_budget_wait(site.scene(), 0, gate));
    for (int i = 0; i <= static_cast<int>(MissedBy::charge); ++i)
        page.add("missed night", explain_missed_night({0, static_cast<MissedBy>(i), wh(3'100)}));
}

// ---- alarms

Numbers numbers_for(AlarmCode code) {
    switch (code) {
        case AlarmCode::overvoltage: return {Unit::volts, 6120, {}};
        case AlarmCode::output_stuck_on: return {Unit::watts, 3'247, {}};
        case AlarmCode::not_drawing: return {Unit::watts, 12, 388};
        case AlarmCode::draw_over_nominal: return {Unit::watts, 4'300, 3'878};
        case AlarmCode::voltage_disagreement:
        case AlarmCode::voltage_frozen: return {Unit::volts, 4650, 5240};
        case AlarmCode::voltage_implausible: return {Unit::volts, 2640, 5240};
        case AlarmCode::source_lags: return {Unit::seconds, 300, {}};
        case AlarmCode::reserve_too_small: return {Unit::volts, 5300, 5400};
        default: return {};
    }
}

/// The site as it is while alarms are active.
Site alarming() {
    Site site;
    add_budget(site);
    site.policy.control.live = true;
    for (Verdict& verdict : site.decision.verdicts) {
        verdict.wanted = false;
        verdict.state = LoadState::off;
    }
    site.decision.next.outputs.resize(4);
    site.snapshot.outputs[0].own_timer = 60s;
    VoltageSample& sample = site.snapshot.voltages[0];
    sample.value = 5200_cV;
    sample.power = 5000_W;
    sample.current = Amps{1000};
    PowerBalance& powers = site.decision.power.balance;
    powers.pv = 5000_W;
    powers.load = 1200_W;
    powers.battery = 900_W;
    powers.stood_at[0] = 1234_W;
    powers.stood_since[0] = site.snapshot.now - 1h;
    powers.swung[0] = 45_cV;
    site.decision.power.discharge_limit = Amps{500};
    site.decision.budget.missed = MissedNight{0, MissedBy::house, wh(3'100)};
    Misfit misfit;
    misfit.days = {Misfit::Day{{1, 5260_cV, wh(9'100)}, 67, 56}, Misfit::Day{{2, 5250_cV, wh(9'500)}, 66, 54},
                   Misfit::Day{{3, 5230_cV, wh(10'400)}, 65, 50}};
    misfit.bank_wh = 27'500;
    site.decision.budget.misfit = misfit;
    return site;
}

constexpr std::size_t cause_count = static_cast<std::size_t>(AlarmCause::bank_large) + 1;

SubjectKind kind_of(AlarmCode code) {
    switch (code) {
        case AlarmCode::zone_trip: return SubjectKind::zone;
        case AlarmCode::voltage_frozen:
        case AlarmCode::voltage_implausible:
        case AlarmCode::source_failing:
        case AlarmCode::source_lags: return SubjectKind::source;
        case AlarmCode::sensor_lost: return SubjectKind::sensor;
        case AlarmCode::temperature_disagreement: return SubjectKind::battery_sensor;
        case AlarmCode::reading_stands: return SubjectKind::power;
        case AlarmCode::reserve_too_small:
        case AlarmCode::budget_missed: return SubjectKind::load;
        case AlarmCode::output_stuck_on:
        case AlarmCode::output_tripped:
        case AlarmCode::second_controller:
        case AlarmCode::output_not_following:
        case AlarmCode::output_unreachable:
        case AlarmCode::not_drawing:
        case AlarmCode::draw_over_nominal:
        case AlarmCode::no_lease:
        case AlarmCode::power_on_state: return SubjectKind::output;
        default: return SubjectKind::none;
    }
}

Alarm alarm_of(AlarmCode code, AlarmCause cause = AlarmCause::usual) {
    const SubjectKind kind = kind_of(code);
    const Numbers numbers = numbers_for(code);
    return {code,         kind, kind == SubjectKind::none ? no_index : Index{0}, Time{1'000'000}, numbers.have, numbers.need,
            numbers.unit, cause};
}

std::string said_of(const Site& site, const Alarm& alarm) {
    ExplainContext scene = site.scene();
    scene.topics = {{"stat/miner1/+, tele/miner1/+", "", ""}};
    return explain_alarm(scene, alarm);
}

void add_alarm(Page& page, AlarmCode code) {
    for (std::size_t cause = 0; cause < cause_count; ++cause)
        page.add(name_of(code), said_of(alarming(), alarm_of(code, static_cast<AlarmCause>(cause))));
}

void add_special_alarms(Page& page) {
    page.section("Alarms in special cases");
    const auto add = [&](AlarmCode code, SubjectKind kind, Index subject, auto change) {
        Site site = alarming();
        Alarm alarm = alarm_of(code);
        alarm.kind = kind;
        alarm.subject = subject;
        change(site, alarm);
        page.add(name_of(code), said_of(site, alarm));
    };
    using A = AlarmCode;
    using K = SubjectKind;
    add(A::shutdown, K::none, no_index, [](Site& site, Alarm&) { site.verdict(1).state = LoadState::stopping; });
    add(A::shutdown, K::none, no_index, [](Site& site, Alarm&) { site.verdict(0).denied = 3250_W; });
    add(A::shutdown, K::none, no_index, [](Site& site, Alarm&) { site.policy.control.live = false; });
    for (const bool too_large : {false, true})
        for (const std::int64_t seen : {5'100, -5'100, 9, 0})
            if (too_large == (seen < 10 && seen >= 0))
                add(A::bank_misfit, K::none, no_index, [=](Site& site, Alarm&) {
                    site.decision.budget.doubt = SizeDoubt{too_large, seen, 24h};
                });
    add(A::bank_misfit, K::none, no_index, [](Site& site, Alarm&) { site.decision.budget.misfit->bank_wh.reset(); });
    add(A::bank_misfit, K::none, no_index, [](Site& site, Alarm&) { site.decision.budget.misfit->from_full_to_full = true; });
    add(A::powers_at_odds, K::none, no_index, [](Site& site, Alarm&) { site.decision.power.balance.pv.reset(); });
    add(A::house_not_measured, K::none, no_index, [](Site& site, Alarm&) { site.policy.preferences.reserve = 4800_cV; });
    add(A::house_not_measured, K::none, no_index, [](Site& site, Alarm&) { site.policy.preferences.bank_wh.reset(); });
    add(A::output_unreachable, K::output, 0, [](Site& site, Alarm&) {
        OutputMemory& memory = site.decision.next.outputs[0];
        memory.last_confirmed = OutputState::on;
        memory.lease_proven = true;
        memory.last_on_at = site.snapshot.now - 120s;
        memory.gone.since = site.snapshot.now - 60s;
    });
    add(A::output_unreachable, K::load, 0, [](Site&, Alarm&) {});
    add(A::output_unreachable, K::load, 2, [](Site&, Alarm&) {});
    add(A::output_unreachable, K::zone, 0, [](Site&, Alarm&) {});
    add(A::source_failing, K::weather, no_index, [](Site&, Alarm&) {});
    add(A::output_not_following, K::output, 0, [](Site& site, Alarm&) { site.snapshot.outputs[0].state_received = false; });
    add(A::output_not_following, K::output, 0, [](Site& site, Alarm& alarm) {
        alarm.cause = AlarmCause::idle_charger;
        site.decision.charge.blocked = true;
    });
    for (const TemperatureDoubt cause :
         {TemperatureDoubt::none, TemperatureDoubt::leaped, TemperatureDoubt::hot, TemperatureDoubt::stands})
        add(A::temperature_disagreement, K::battery_sensor, 0, [=](Site& site, Alarm&) {
            TemperatureDisagreement doubt;
            doubt.one = 0;
            doubt.cause = cause;
            doubt.at = Celsius{412};
            doubt.other_at = Celsius{185};
            site.decision.temperatures = doubt;
        });
    Site unread = alarming();
    ExplainContext scene = unread.scene();
    scene.topics = {{"stat/miner1/+", "", "its last message was `on`, expected ON or OFF"}};
    const Alarm silent{A::output_not_following, K::output, 0, {}, {}, {}, Unit::none, AlarmCause::silent};
    page.add(name_of(silent.code), explain_alarm(scene, silent));
}

void add_alarms(Page& page) {
    page.section("Alarms");
    for (const AlarmFacts& facts : alarm_facts)
        if (facts.code <= last_of_rules) add_alarm(page, facts.code);
    add_special_alarms(page);
    page.section("Remedies");
    const Site site;
    for (const AlarmFacts& facts : alarm_facts) {
        page.add(facts.name, remedy_of(facts.code));
        page.add(facts.name, remedy_for(site.policy, alarm_of(facts.code)));
    }
    Alarm over = alarm_of(AlarmCode::draw_over_nominal);
    over.kind = SubjectKind::load;
    page.add("draw_over_nominal of a load", remedy_for(site.policy, over));
    for (std::size_t cause = 0; cause < cause_count; ++cause) {
        Alarm alarm;
        alarm.code = AlarmCode::output_stuck_on;
        alarm.cause = static_cast<AlarmCause>(cause);
        page.add("by its cause", remedy_for(site.policy, alarm));
    }
}

// ---- changes

void add_changes(Page& page) {
    page.section("Changes");
    Site site;
    site.facts.settings_text = "Settings changed";
    site.sources.push_back({"sol_ark", SourceState::failing, 4s, 2, "timed out", 7ms});
    site.decision.zones[0].heat_wanted = true;
    site.decision.zones[0].heat = HeatSource::heater;
    for (const bool live : {true, false}) {
        site.policy.control.live = live;
        for (const Fact& fact : facts_of(site.view())) page.add(fact.key, fact.change.text);
    }
    for_each<LoadState>([&](LoadState state) {
        site.verdict(1).state = state;
        for (const Fact& fact : facts_of(site.view())) page.add(fact.key, fact.change.text);
    });
    site.decision.battery.source = no_index;
    site.snapshot.outputs[1].available = false;
    site.verdict(0).override_ = OverrideKind::on;
    site.decision.zones[0].fan_override = OverrideKind::level;
    site.decision.zones[0].fan_override_level = 3;
    site.decision.zones[0].fan_override_until = site.snapshot.now + 42min;
    for (const Fact& fact : facts_of(site.view())) page.add(fact.key, fact.change.text);
    site.verdict(0).lease_trial = true;
    for (const Fact& fact : facts_of(site.view())) page.add(fact.key, fact.change.text);
    for_each<OutputMove>([&](OutputMove move) {
        for (const bool on : {false, true})
            for (const ExternalSwitch rule : {ExternalSwitch::reassert, ExternalSwitch::adopt}) {
                if (move == OutputMove::none) continue;
                site.policy.outputs[2].external_override = rule;
                site.decision.moved = {{2, move, on}};
                for (const Change& change : moves_of(site.view())) page.add(name_of(move), change.text);
            }
    });
}

std::string whole_page() {
    Page page;
    add_reasons(page);
    add_runs(page);
    add_gates(page);
    add_special_gates(page);
    add_outputs(page);
    add_flips(page);
    add_stages(page);
    add_zones(page);
    add_charge(page);
    add_budgets(page);
    add_alarms(page);
    add_changes(page);
    return page.text();
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

/// Lines of `text` that are not in `other`.
std::string only_in(const std::string& text, const std::string& other, const char* mark) {
    const std::vector<std::string> known = lines_of(other);
    const std::set<std::string> set(known.begin(), known.end());
    std::string rest;
    for (const std::string& line : lines_of(text))
        if (!set.contains(line)) rest += fmt::format("{} {}\n", mark, line);
    return rest;
}

}  // namespace

TEST_CASE("every sentence about a site matches sentences.txt") {
    const std::string now = whole_page();
    if (std::getenv("VOLT_WRITE_SENTENCES") != nullptr) std::ofstream(file) << now;
    std::stringstream kept;
    kept << std::ifstream(file).rdbuf();
    INFO(only_in(kept.str(), now, "-") << only_in(now, kept.str(), "+"));
    CHECK_MESSAGE(now == kept.str(), "VOLT_WRITE_SENTENCES=1 writes the file anew");
}

TEST_CASE("no sentence has an internal name or a placeholder") {
    for (const std::string& line : lines_of(whole_page())) {
        CAPTURE(line);
        CHECK(line.find("{}") == std::string::npos);
        CHECK(line.find("  ") == std::string::npos);
        CHECK(line.find("??") == std::string::npos);
    }
}
