#include "daemon/housekeeper.hpp"

#include <doctest/doctest.h>

#include "drivers/source.hpp"

using namespace volt;

namespace {

std::unique_ptr<ZoneClock> wait_for_zone(Housekeeper& housekeeper) {
    for (const Time limit = monotonic_now() + 30s; monotonic_now() < limit; std::this_thread::yield())
        if (auto zone = housekeeper.take_zone()) return zone;
    return nullptr;
}

}  // namespace

TEST_CASE("a zone is loaded away from the caller, the newest wish wins, an unknown one gives none") {
    Housekeeper housekeeper(10ms);
    housekeeper.want_zone("Mars/Olympus");
    housekeeper.want_zone("Europe/Berlin");
    const auto zone = wait_for_zone(housekeeper);
    REQUIRE(zone);
    CHECK(zone->name() == "Europe/Berlin");
    CHECK(housekeeper.take_zone() == nullptr);
    CHECK(housekeeper.clock_synchronised() == clock_is_synchronised());
}
