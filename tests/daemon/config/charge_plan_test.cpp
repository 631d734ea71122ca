#include "daemon/config/charge_plan.hpp"

#include <doctest/doctest.h>

#include "rules/names.hpp"
#include "tests/daemon/config/site.hpp"

using namespace volt;
using namespace volt::test;

namespace {

const std::string head = "site: s\nmqtt: {url: mqtt://b}\n";
const std::string gx = "victron: {host: g, ";
const std::string ark = "sol_ark: {host: a, ", written = "charge_limit: write, charge_limit_a: 185}\n";

struct Plan {
    const char* what;
    std::string yaml;
    ChargeMeans means;
    std::string words;  ///< by device, in order
};

std::string words_of(const Config& config) {
    std::string words;
    for (const ChargeDevice& device : charge_devices(config))
        words += (words.empty() ? "" : " ") + device.name + ":" + name_of(means_of(device, charge_means(config)));
    return words;
}

}  // namespace

TEST_CASE("chooses the charge means by the wiring") {
    const std::string gx_only = "victron: {host: g}\n", ark_only = "sol_ark: {host: a}\n";
    const std::string output = "charge_output: c\noutputs: [{id: c, topic: c}]\n";
    const Plan plans[] = {
        {"nothing", gx_only + ark_only, ChargeMeans::report, "victron:report sol_ark:report"},
        {"2705 beside a Sol-Ark", gx + "charge_limit: write}\n" + ark_only, ChargeMeans::none, "victron:write sol_ark:none"},
        {"2705 alone", gx + "charge_limit: write}\n", ChargeMeans::write, "victron:write"},
        {"210, and a GX that only measures", gx_only + ark + written, ChargeMeans::write, "victron:report sol_ark:write"},
        {"210, and a Multi", gx + "units: {vebus: 227}}\n" + ark + written, ChargeMeans::none, "victron:none sol_ark:write"},
        {"210, and PV at the GX", gx_only + ark + written + "power_sources: {pv: [sol_ark, victron.system]}\n", ChargeMeans::none,
         "victron:none sol_ark:write"},
        {"both", gx + "charge_limit: write, units: {vebus: 227}}\n" + ark + written, ChargeMeans::write,
         "victron:write sol_ark:write"},
        {"one of two inverters", ark + written + "sol_ark_2: {host: b}\n", ChargeMeans::none, "sol_ark:write sol_ark_2:none"},
        {"both inverters", ark + written + "sol_ark_2: {host: b, " + written, ChargeMeans::write,
         "sol_ark:write sol_ark_2:write"},
        {"an output", gx_only + ark_only + output, ChargeMeans::output, "victron:output sol_ark:output"},
    };
    for (const Plan& plan : plans) {
        CAPTURE(plan.what);
        const ParsedConfig parsed = parse(head + plan.yaml);
        CAPTURE(said(parsed.problems));
        REQUIRE(parsed.config);
        CHECK(charge_means(*parsed.config) == plan.means);
        CHECK(words_of(*parsed.config) == plan.words);
    }
}

TEST_CASE("warns about a charge guard without a proven means") {
    const auto warnings_of = [](const std::string& yaml, const Settings& settings, bool proven) {
        const ParsedConfig parsed = parse(head + yaml);
        REQUIRE(parsed.config);
        const auto problem = check_charge_guard(parsed, settings, proven ? charge_wiring(*parsed.config) : "");
        return problem ? text_of(*problem) : "";
    };
    const Settings bare = default_settings();
    Settings guarded = bare;
    guarded.zones[0].block_charging_enabled = true;
    const std::string none = "sol_ark: {host: a}\n", write = ark + written;
    CHECK(warnings_of(none, bare, false).empty());
    CHECK(warnings_of(none, guarded, false)
              .find("a zone blocks charging below 0.0 °C, but nothing here can stop charging; set sol_ark.charge_limit: write") !=
          std::string::npos);
    CHECK(warnings_of(none, guarded, true).find("nothing here can stop") != std::string::npos);
    CHECK(warnings_of(write, guarded, false).find("it was never proven") != std::string::npos);
    CHECK(warnings_of(write, guarded, true).empty());
    CHECK(warnings_of(write + "sol_ark_2: {host: b}\n", guarded, true).find("not every charger can be stopped") !=
          std::string::npos);
}

TEST_CASE("limits a proof to the wiring it was made for") {
    const auto wiring = [](const std::string& yaml) { return charge_wiring(*parse(head + yaml).config); };
    const std::string one = wiring(ark + written);
    CHECK(one == "sol_ark=a:502/1;");
    CHECK(wiring("sol_ark: {host: b, " + written) != one);
    CHECK(wiring(ark + "unit: 2, " + written) != one);
    CHECK(wiring(ark + written + "victron: {host: g, charge_limit: write}\n") != one);
    CHECK(wiring(ark + "poll_s: 10, " + written) == one);
    CHECK(wiring("sol_ark: {host: a}\n").empty());
}
