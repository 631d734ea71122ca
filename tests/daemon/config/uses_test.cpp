#include "daemon/config/uses.hpp"

#include <doctest/doctest.h>

#include "tests/daemon/config/site.hpp"

using namespace volt;
using namespace volt::test;

TEST_CASE("sorts enabled uses first, miners before heaters before fans") {
    Settings settings = default_settings();
    settings.miners[0].enabled = false;
    settings.zones[1].heat_first = HeatSource::miner;
    settings.zones[1].fan_id = "";
    std::string names;
    for (const Use& use : uses_of(settings)) names += name_of(use, settings) + (use.enabled ? "\n" : " (off)\n");
    CHECK(names ==
          "miner Dump Load S19 #1\nheater of zone Heat Room\nfan of zone Heat Room\n"
          "miner Primary S21+ (Revenue) (off)\nheater of zone Main Room (off)\n");
}

TEST_CASE("allows each output only its suitable uses") {
    Config config;
    config.outputs.resize(2);
    config.outputs[0].id = "a";
    config.outputs[1].id = "b";
    config.outputs[1].safe_state = SafeState::automatic;
    CHECK(output_index(config, "b") == 1);
    CHECK(output_index(config, "c") == no_index);
    CHECK(unfit(config.outputs[0], {UseKind::miner, 0, true, "a", {}}, config) == "");
    CHECK(unfit(config.outputs[1], {UseKind::fan, 0, true, "b", {}}, config) == "");
    CHECK(unfit(config.outputs[1], {UseKind::heater, 0, true, "b", {}}, config) != "");
    config.charge_output = "a";
    CHECK(unfit(config.outputs[0], {UseKind::fan, 0, true, "a", {}}, config) != "");
}
