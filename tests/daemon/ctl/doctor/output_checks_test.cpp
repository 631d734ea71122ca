// Tests of the groups outputs and sensors.
#include "daemon/ctl/doctor/checks.hpp"
#include "tests/daemon/ctl/doctor/spoiled.hpp"

using namespace volt;
using namespace volt::ctl::doctor;

namespace output_checks_test {

TEST_CASE("doctor passes and fails each check of an output") {
    OutputFact good;
    good.config.id = "s21";
    good.config.topic = "miner1";
    good.config.meter = true;
    good.drives_miner = true;
    good.proofs_known = true;
    good.proven = "60.2 s after an ON that was not renewed, on 2026-11-23";
    good.state = {{"available", true}, {"reported", "on"}, {"lease", "armed"}, {"measured_w", 3247}};
    using Facts = OutputFact;
    check_each<Facts>(
        good, [](const Facts& fact) { return output_checks({fact}); },
        {{"outputs.s21.present", Outcome::fail, [](Facts& it) { it.state["available"] = false; }, "miner1"},
         {"outputs.s21.present", Outcome::skipped, [](Facts& it) { it.state.clear(); }},
         {"outputs.s21.state", Outcome::fail, [](Facts& it) { it.state["reported"] = "unknown"; }},
         {"outputs.s21.state", Outcome::skipped, [](Facts& it) { it.config.dialect = DialectName::generic; }},
         {"outputs.s21.state", Outcome::skipped,
          [](Facts& it) {
              it.config.dialect = DialectName::esphome;
              it.state["reported"] = "unknown";
          },
          "cannot be queried"},
         {"outputs.s21.lease", Outcome::warn, [](Facts& it) { it.state["lease"] = "unverified"; }, "not known yet"},
         {"outputs.s21.lease", Outcome::warn, [](Facts& it) { it.state["lease"] = "none"; }},
         {"outputs.s21.lease", Outcome::fail, [](Facts& it) { it.config.lease = Duration{}; }, "no lease"},
         {"outputs.s21.lease", Outcome::warn,
          [](Facts& it) {
              it.config.lease = Duration{};
              it.config.dialect = DialectName::esphome;
          }},
         {"outputs.s21.lease", Outcome::ok, [](Facts& it) { it.config.lease = Duration{}, it.drives_miner = false; }},
         {"outputs.s21.lease", Outcome::skipped, [](Facts& it) { it.state.erase("lease"); }},
         {"outputs.s21.proven", Outcome::warn, [](Facts& it) { it.proven.clear(); }, "never tested"},
         {"outputs.s21.proven", Outcome::skipped, [](Facts& it) { it.proven.clear(), it.shadow = true; }, "shadow"},
         {"outputs.s21.proven", Outcome::skipped, [](Facts& it) { it.proofs_known = false; }},
         {"outputs.s21.meter", Outcome::fail, [](Facts& it) { it.state["measured_w"] = nullptr; }},
         {"outputs.s21.meter", Outcome::skipped, [](Facts& it) { it.config.meter = false; }},
         {"outputs.s21.power_on", Outcome::fail, [](Facts& it) { it.power_on = "It came back on"; }},
         {"outputs.s21.twin", Outcome::warn, [](Facts& it) { it.twin = "s21-zigbee"; }, "s21-zigbee"},
         {"outputs.s21.twin", Outcome::fail, [](Facts& it) { it.shared = "announced by A and B"; }, "announced by A and B"}});
}

TEST_CASE("doctor passes and fails each check of a sensor") {
    const SensorFact good{.id = "heat-room",
                          .role = TemperatureRole::room,
                          .state = "ok",
                          .age_s = 12.0,
                          .celsius = 21.5,
                          .own_celsius = 21.5,
                          .gx_celsius = 20};
    using Facts = SensorFact;
    check_each<Facts>(
        good, [](const Facts& fact) { return sensor_checks({fact}); },
        {{"sensors.heat-room.fresh", Outcome::fail, [](Facts& it) { it.state = "stale", it.age_s = 1200; }, "20 min"},
         {"sensors.heat-room.fresh", Outcome::fail, [](Facts& it) { it.state = "stale", it.age_s.reset(); }, "no report since"},
         {"sensors.heat-room.fresh", Outcome::skipped, [](Facts& it) { it.state.clear(); }},
         {"sensors.heat-room.sane", Outcome::fail, [](Facts& it) { it.state = "failing", it.error = "not a number"; },
          "not a number"},
         {"sensors.heat-room.fresh", Outcome::fail, [](Facts& it) { it.state = "failing", it.by_broker = false; }},
         {"sensors.heat-room.sane", Outcome::fail, [](Facts& it) { it.error = "'warm' is not a number"; }, "warm"},
         {"sensors.heat-room.sane", Outcome::fail, [](Facts& it) { it.celsius.reset(); }, "-50.0 °C to 100.0 °C"},
         {"sensors.heat-room.sane", Outcome::skipped, [](Facts& it) { it.celsius.reset(), it.has_celsius = false; }},
         {"sensors.heat-room.unit", Outcome::skipped, [](Facts& it) { it.gx_celsius.reset(); }},
         {"sensors.heat-room.unit", Outcome::ok, [](Facts& it) { it.own_celsius = 18, it.gx_celsius = 21.5; }},
         {"sensors.heat-room.unit", Outcome::ok, [](Facts& it) { it.own_celsius = 35, it.gx_celsius = 22; }},
         {"sensors.heat-room.unit", Outcome::warn, [](Facts& it) { it.own_celsius = 20.3, it.gx_celsius = -6.5; },
          "the same number in °F"},
         {"sensors.heat-room.unit", Outcome::ok, [](Facts& it) { it.own_celsius = -6.5, it.gx_celsius = 20.3; }},
         {"sensors.heat-room.unit", Outcome::warn,
          [](Facts& it) { it.own_celsius = -6.5, it.gx_celsius = 20.3, it.fahrenheit = true; }, "it already sends °C"},
         {"sensors.heat-room.role", Outcome::warn, [](Facts& it) { it.used = false; }}});
}

}  // namespace output_checks_test
