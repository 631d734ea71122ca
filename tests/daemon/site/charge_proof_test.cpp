#include "daemon/site/charge_proof.hpp"

#include <doctest/doctest.h>

using namespace volt;

namespace charge_proof_test {

namespace {

/// Proof over turns of a second. The device accepts and releases the block after some seconds.
struct Rig {
    Rig() { proof.begin(now, Amps{4200}); }

    void tick() {
        now += 1s;
        if (proof.blocks()) blocked_for += 1s;
        else given_back_for += 1s;
        if (proof.blocks() && blocked_for >= held_after) holds = true;
        if (!proof.blocks() && given_back_for >= back_after) holds = false;
        proof.update({now, rules_block, blind, holds ? under_block : Amps{4200}, now, holds, holds || rules_block, failure,
                      "it acts only with DVCC"});
    }
    void run(int seconds) {
        for (int i = 0; i < seconds; ++i) tick();
    }
    bool says(const char* words) const { return proof.text().find(words) != std::string::npos; }

    ChargeProof proof;
    Time now = 1000s;
    Duration held_after = 7s, back_after = 8s, blocked_for{}, given_back_for{};
    Amps under_block{30};
    bool holds = false, rules_block = false, blind = false;
    std::string failure;
};

using State = ChargeProof::State;

}  // namespace

TEST_CASE("proves once the current falls and the limit is back") {
    Rig rig;
    rig.run(59);
    CHECK(rig.proof.blocks());
    CHECK(rig.proof.state() == State::running);
    rig.run(1);
    CHECK_FALSE(rig.proof.blocks());
    CHECK(rig.proof.state() == State::running);
    rig.run(10);
    CHECK(rig.proof.state() == State::proven);
    CHECK(rig.says("Proven: the battery current fell from 42.00 A to 0.30 A"));
}

TEST_CASE("names the failed step and ends the block at once") {
    Rig rig;
    SUBCASE("current continues") {
        rig.under_block = Amps{200};  // 2.00 A is not under 2 A
        rig.run(38);
        CHECK_FALSE(rig.proof.blocks());
        rig.run(20);
        CHECK(rig.says("Not proven: the device accepted the block, but the current did not fall below 2.00 A within 30 s"));
        CHECK(rig.says("; it acts only with DVCC"));
    }
    SUBCASE("device does not accept it") {
        rig.held_after = 1h;
        rig.failure = "register 210 of the Sol-Ark reads 185 A";
        rig.run(31);
        CHECK_FALSE(rig.proof.blocks());
        rig.run(2);
        CHECK(rig.says("did not take effect within 30 s: register 210"));
    }
    SUBCASE("current returns during the block") {
        rig.run(20);
        rig.under_block = Amps{900};
        rig.run(2);
        CHECK_FALSE(rig.proof.blocks());
        rig.run(20);
        CHECK(rig.says("rose to 9.00 A again"));
    }
    SUBCASE("voltage is lost") {
        rig.blind = true;
        rig.run(2);
        CHECK_FALSE(rig.proof.blocks());
        rig.run(20);
        CHECK(rig.says("no usable battery voltage"));
    }
    SUBCASE("limit does not come back") {
        rig.back_after = 1h;
        rig.run(60 + 181);
        CHECK(rig.says("could not be restored"));
    }
    SUBCASE("given up") {
        rig.run(5);
        rig.proof.give_up("the configuration was reloaded");
        rig.run(1);
        CHECK_FALSE(rig.proof.blocks());
        rig.run(20);
    }
    CHECK(rig.proof.state() == State::failed);
}

TEST_CASE("hands over to a real block without a release") {
    Rig rig;
    rig.run(20);
    rig.rules_block = true;
    rig.run(2);
    CHECK(rig.proof.state() == State::failed);
    CHECK(rig.says("the rules currently block charging"));
    CHECK_FALSE(rig.proof.blocks());
}

TEST_CASE("proves nothing without a battery current") {
    ChargeProof proof;
    Time now = 1000s;
    proof.begin(now, Amps{4200});
    for (int i = 0; i < 120; ++i) proof.update({now += 1s, false, false, std::nullopt, now, proof.blocks(), proof.blocks(), ""});
    CHECK(proof.state() == State::failed);
}

TEST_CASE("ignores a current from before the device held the block") {
    ChargeProof proof;
    Time now = 1000s;
    proof.begin(now, Amps{4200});
    for (int i = 0; i < 120; ++i)
        proof.update({now += 1s, false, false, Amps{10}, 1001s, i >= 5 && proof.blocks(), proof.blocks(), ""});
    CHECK(proof.state() == State::failed);
}

}  // namespace charge_proof_test
