// Tests of runs in the database over an edit of the settings.
#include <doctest/doctest.h>

#include "daemon/journal/run_recorder.hpp"
#include "tests/daemon/site_fixture.hpp"
#include "tests/fakes/store.hpp"

using namespace volt;

namespace {

/// Returns a site where the S21+ runs and draws 3600 W by its meter.
fixture::Site running() {
    fixture::Site site;
    site.decision.next.outputs.resize(site.policy.outputs.size());
    site.verdict(0).state = LoadState::on;
    site.snapshot.outputs[0].power = {3600_W, site.snapshot.now, true};
    return site;
}

}  // namespace

TEST_CASE("continues a run over an edit until its miner is removed") {
    fixture::Site site = running();
    testing::FakeStore store;
    RunRecorder recorder;
    recorder.record(site.view(), store);
    REQUIRE(store.runs.size() == 1);
    CHECK(store.runs[0].load == "primary-s21-revenue");
    CHECK_FALSE(store.runs[0].stopped);
    for (int second = 0; second < 10; ++second) {
        site.advance(1s);
        recorder.record(site.view(), store);
    }
    ++site.policy.revision;
    recorder.record(site.view(), store);
    CHECK(store.runs.size() == 1);

    site.policy.miners.erase(site.policy.miners.begin());
    site.decision.verdicts.erase(site.decision.verdicts.begin());
    ++site.policy.revision;
    site.advance(1s);
    recorder.record(site.view(), store);
    REQUIRE(store.runs.size() == 2);
    CHECK(store.runs[1].load == "primary-s21-revenue");
    CHECK(store.runs[1].started == store.runs[0].started);
    CHECK(store.runs[1].stopped == site.snapshot.utc);
    CHECK(store.runs[1].stop_reason == "disabled");
    CHECK(store.runs[1].energy_wh == 10);
    CHECK(recorder.energies().saved().begin()->second == 10);
    site.advance(1s);
    recorder.record(site.view(), store);
    CHECK(store.runs.size() == 2);
}
