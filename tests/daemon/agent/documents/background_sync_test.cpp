// Tests of the service's syncs: by its timer, and on request.
#include "daemon/agent/documents/background_sync.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "drivers/store/sqlite/lock.hpp"
#include "tests/daemon/agent/documents/documents_site.hpp"

using namespace volt;
using namespace volt::agent;
using volt::agent::testing::DocumentsSite;

namespace background_sync_test {

TEST_CASE("syncs at once by timer and records it as such") {
    DocumentsSite at;
    at.write("a.md", "alpha");
    Documents documents = at.documents();
    BackgroundSync sync(documents, 6);
    REQUIRE(volt::testing::eventually([&] { return documents.history(10).value().size() == 2; }));
    CHECK(documents.history(1).value().front().trigger == "timer");
    CHECK(at.found("alpha") == std::vector<std::string>{"site/a.md:1-1"});
}

TEST_CASE("runs only requested syncs, one at a time, without timer") {
    DocumentsSite at;
    at.write("a.md", "alpha");
    Documents documents = at.documents();
    BackgroundSync sync(documents, 0);
    CHECK_FALSE(sync.running());
    {
        const auto held = DatabaseLock::take(at.database);
        const auto refused = sync.request("site");
        REQUIRE_FALSE(refused.ok());
        CHECK(refused.failure().fault == Fault::refused);
        CHECK(refused.failure().text.find("another sync is running: process ") == 0);
        REQUIRE(volt::testing::eventually([&] { return !sync.running(); }));
        CHECK(sync.error().find("another sync is running: process ") == 0);
    }
    const auto begun = sync.request("site");
    REQUIRE(begun.ok());
    REQUIRE(volt::testing::eventually([&] { return !sync.running(); }));
    CHECK(sync.error() == "");
    const auto rows = documents.history(10).value();
    REQUIRE_FALSE(rows.empty());
    CHECK(documents.history_of(begun.value()).value().source == "site");
    CHECK(std::count_if(rows.begin(), rows.end(), [](const SyncRow& it) { return it.source == "site"; }) == 1);
    CHECK(std::none_of(rows.begin(), rows.end(), [](const SyncRow& it) { return it.trigger == "timer"; }));
}

}  // namespace background_sync_test
