// Tests of the sources of facts about polled devices.
#include <doctest/doctest.h>
#include <fcntl.h>

#include "daemon/ctl/doctor/checks.hpp"
#include "daemon/ctl/doctor/gather.hpp"
#include "tests/fakes/listener.hpp"

using namespace volt;
using namespace volt::ctl;
using namespace volt::ctl::doctor;

namespace device_facts_test {

namespace {

/// Device that counts connections and never answers.
struct Door {
    int port = 0;
    int listener = fakes::listen_anywhere(port, 64, SOCK_NONBLOCK);
    Door() = default;
    Door(const Door&) = delete;
    ~Door() { ::close(listener); }
    int connections() const {
        int count = 0;
        for (int caller = ::accept(listener, nullptr, nullptr); caller >= 0; caller = ::accept(listener, nullptr, nullptr)) {
            ::close(caller);
            ++count;
        }
        return count;
    }
};

Subject subject_with(const Door& door) {
    Subject subject;
    subject.parsed.config.emplace();
    VictronConfig gx;
    gx.host = "127.0.0.1";
    gx.port = door.port;
    gx.timeout = 100ms;
    gx.charge_limit = ChargeLimit::write;
    SolArkConfig inverter;
    inverter.host = "127.0.0.1";
    inverter.port = door.port;
    inverter.timeout = 100ms;
    inverter.charge_limit = ChargeLimit::write;
    subject.parsed.config->victron = gx;
    subject.parsed.config->sol_ark = inverter;
    return subject;
}

}  // namespace

TEST_CASE("doctor opens no connection to devices while voltd runs") {
    const Door door;
    Subject subject = subject_with(door);
    subject.voltd.runs = true;
    for (const bool reached : {true, false}) {
        CAPTURE(reached);
        subject.voltd.reached = reached;
        subject.voltd.why = reached ? "" : "voltd does not answer: no reply";
        const DeviceFacts gx = gx_facts(subject), inverter = sol_ark_facts(subject, "sol_ark", subject.config().sol_ark);
        CHECK(door.connections() == 0);
        CHECK(clock_facts(subject, gx).gx_why ==
              (reached ? "voltd polls it, and its clock is read only while voltd is stopped" : subject.voltd.why));
        CHECK(charge_facts(subject, {{"victron", gx}, {"sol_ark", inverter}}).registers.empty());
        if (reached) continue;
        for (const auto& checks : {gx_checks(gx), sol_ark_checks("sol_ark", inverter)})
            for (const Check& check : checks) {
                CHECK(check.opinion.outcome == Outcome::skipped);
                CHECK_MESSAGE(check.opinion.text == subject.voltd.why, check.id << ": " << check.opinion.text);
            }
    }
}

TEST_CASE("doctor queries no device after a restore") {
    const Door door;
    Subject subject = subject_with(door);
    subject.asks_devices = false;
    const DeviceFacts gx = gx_facts(subject);
    CHECK(sol_ark_facts(subject, "sol_ark", subject.config().sol_ark).not_asked == gx.not_asked);
    CHECK(clock_facts(subject, gx).gx_why == gx.not_asked);
    CHECK(gx.not_asked.find("another computer") != std::string::npos);
    CHECK(door.connections() == 0);
}

TEST_CASE("doctor reads the generator port unless voltd.yaml names its source") {
    const Door door;
    Subject subject = subject_with(door);
    subject.voltd.runs = subject.voltd.reached = true;
    Json words = Json::array({64336U});
    for (int i = 1; i < 31; ++i) words.push_back(0);
    subject.voltd.registers["sol_ark"] = {{"registers", Json::array({{{"address", 166}, {"words", words}}})}};
    const auto facts = [&] { return sol_ark_facts(subject, "sol_ark", subject.config().sol_ark); };
    CHECK(facts().unnamed_port_w == -1200);
    subject.parsed.places["sol_ark.generator_port"] = {3, 3};
    CHECK_FALSE(facts().unnamed_port_w);
}

TEST_CASE("doctor queries the devices without voltd") {
    const Door door;
    const Subject subject = subject_with(door);
    gx_facts(subject);
    CHECK(door.connections() > 0);
    sol_ark_facts(subject, "sol_ark", subject.config().sol_ark);
    CHECK(door.connections() > 0);
}

}  // namespace device_facts_test
