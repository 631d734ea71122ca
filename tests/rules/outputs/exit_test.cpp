// Outputs that remain on when voltd ends: every combination of wiring, load state and mode.
#include "rules/outputs/exit.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <initializer_list>

#include "tests/rules/default_site.hpp"

using namespace volt;
using namespace volt::test;

namespace {

constexpr auto every_exit = {OnExit::keep, OnExit::off, OnExit::safe};
constexpr auto every_safe_state = {SafeState::off, SafeState::on, SafeState::automatic};
constexpr auto every_load_state = {LoadState::off,      LoadState::starting, LoadState::on,
                                   LoadState::stopping, LoadState::unknown,  LoadState::fault};

RuleState with_miners(const Policy& policy, LoadState state) {
    RuleState memory;
    for (const Miner& miner : policy.miners) {
        LoadMemory load;
        load.key = miner.id;
        load.state = state;
        memory.loads.push_back(load);
    }
    return memory;
}

const Command* command_for(const std::vector<Command>& commands, Index output) {
    for (const Command& command : commands)
        if (command.output == output) return &command;
    return nullptr;
}

}  // namespace

TEST_CASE("exit: keep gives no order and off always gives off") {
    Policy policy = default_site();
    for (const SafeState safe : every_safe_state)
        for (const LoadState load : every_load_state) {
            policy.outputs[0].safe_state = safe;
            policy.outputs[0].on_exit = OnExit::keep;
            CHECK_FALSE(exit_command(policy, with_miners(policy, load), 0));
            policy.outputs[0].on_exit = OnExit::off;
            const auto off = exit_command(policy, with_miners(policy, load), 0);
            REQUIRE(off);
            CHECK_FALSE(off->on);
            CHECK(off->level == 0);
        }
}

TEST_CASE("exit: a safe fan runs at full level while a miner may run") {
    Policy policy = default_site();
    const Index zone = policy.miners[0].zone;
    REQUIRE(zone != no_index);
    const Index fan = policy.zones[static_cast<std::size_t>(zone)].fan;
    REQUIRE(fan != no_index);
    OutputWiring& wiring = policy.outputs[static_cast<std::size_t>(fan)];
    wiring.on_exit = OnExit::safe;
    wiring.safe_state = SafeState::automatic;
    for (const LoadState load : every_load_state) {
        const auto command = exit_command(policy, with_miners(policy, load), fan);
        REQUIRE(command);
        const bool needs_air = load != LoadState::off && load != LoadState::fault;
        CHECK(command->on == needs_air);
        CHECK(command->level == (needs_air && wiring.kind == OutputKind::level ? wiring.max_level : 0));
    }
    // In shadow only miners that really run need air.
    RuleState shadow = with_miners(policy, LoadState::on);
    shadow.real = with_miners(policy, LoadState::off).loads;
    CHECK_FALSE(exit_command(policy, shadow, fan)->on);
    std::swap(shadow.real, shadow.loads);
    CHECK(exit_command(policy, shadow, fan)->on);
}

TEST_CASE("exit: loads_off orders every miner and heater off") {
    for (const OnExit on_exit : every_exit)
        for (const SafeState safe : every_safe_state) {
            Policy policy = default_site();
            for (OutputWiring& wiring : policy.outputs) {
                wiring.on_exit = on_exit;
                wiring.safe_state = safe;
            }
            const auto commands = exit_commands(policy, with_miners(policy, LoadState::on), true);
            for (const Miner& miner : policy.miners) {
                const Command* command = command_for(commands, miner.output);
                REQUIRE(command != nullptr);
                CHECK_FALSE(command->on);
            }
            for (const Zone& room : policy.zones) {
                if (room.heater == no_index) continue;
                const Command* command = command_for(commands, room.heater);
                REQUIRE(command != nullptr);
                CHECK_FALSE(command->on);
            }
        }
}

TEST_CASE("exit: restores the charger after a proof, never against the cold") {
    Policy policy = default_site();
    policy.outputs.push_back({});
    policy.charge_output = static_cast<Index>(policy.outputs.size() - 1);
    for (const bool live : {true, false})
        for (const bool tested : {true, false})
            for (const bool cold : {true, false})
                for (const bool over : {true, false})
                    for (const bool off : {true, false}) {
                        policy.control.live = live;
                        RuleState state = with_miners(policy, LoadState::off);
                        state.outputs.resize(policy.outputs.size());
                        state.outputs.back().ordered = true;
                        state.outputs.back().on = !off;
                        state.site.charge_tested = tested;
                        state.charge.cold = cold;
                        state.charge.overvoltage = over;
                        const std::vector<Command> commands = exit_commands(policy, state, false);
                        const Command* ended = command_for(commands, policy.charge_output);
                        CHECK((ended != nullptr) == (live && tested && !cold && !over));
                        CHECK((ended == nullptr || ended->on));
                        const ChargerExit shadow = charger_exit(policy, state, Ending::shadow);
                        CHECK(shadow.on.has_value() == (off && !cold));
                        CHECK(shadow.stays_off == (off && cold));
                    }
    RuleState unaligned;  // a reload has added the output since the last tick
    CHECK(command_for(exit_commands(policy, unaligned, false), policy.charge_output) == nullptr);
}

TEST_CASE("exit: an output is off only if ordered, confirmed and not reporting on") {
    Policy policy = default_site();
    const Index output = policy.miners[0].output;
    const auto place = static_cast<std::size_t>(output);
    RuleState state;
    state.outputs.resize(policy.outputs.size());
    std::vector<OutputReport> reports(policy.outputs.size());
    const auto is_off = [&] {
        const std::vector<Index> on = loads_not_off(policy, state, reports);
        return std::find(on.begin(), on.end(), output) == on.end();
    };
    for (const bool ordered : {true, false})
        for (const bool on : {true, false})
            for (const bool confirmed : {true, false})
                for (const OutputState seen : {OutputState::unknown, OutputState::off, OutputState::on}) {
                    state.outputs[place].ordered = ordered;
                    state.outputs[place].on = on;
                    state.outputs[place].confirmed = confirmed;
                    reports[place].state = seen;
                    CHECK(is_off() == (ordered && !on && confirmed && seen != OutputState::on));
                }
}

TEST_CASE("exit: a removed output goes off unless its safe state may be on") {
    CHECK(goes_off_when_removed(OnExit::keep, SafeState::off));
    CHECK(goes_off_when_removed(OnExit::safe, SafeState::off));
    CHECK_FALSE(goes_off_when_removed(OnExit::keep, SafeState::automatic));
    CHECK_FALSE(goes_off_when_removed(OnExit::safe, SafeState::on));
    for (const SafeState safe : every_safe_state) CHECK(goes_off_when_removed(OnExit::off, safe));
    CHECK(goes_off_at_exit(OnExit::safe, SafeState::off));
    CHECK_FALSE(goes_off_at_exit(OnExit::keep, SafeState::off));
    CHECK_FALSE(goes_off_at_exit(OnExit::safe, SafeState::automatic));
}
