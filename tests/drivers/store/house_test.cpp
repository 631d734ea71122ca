// Automatic removal by the writer, and its clock.
#include <ctime>

#include "drivers/store/recovery/database.hpp"
#include "drivers/store/writer/writer.hpp"
#include "tests/drivers/store/temp_dir.hpp"

using namespace volt;
using namespace volt::test;

namespace house_test {

namespace {

constexpr Utc noon{1'750'507'200'000};
constexpr Utc five_years = std::chrono::hours(24) * 365 * 5;

/// A writer turned by the test over a database with 3,000 events of the last 3,000 hours.
struct House {
    explicit House(StoreOptions options = {}) : writer(dir.file(), options, std::make_shared<const Settings>()) {
        Result<OpenedDatabase> opened = open_database(dir.file(), built_in_migrations(), {});
        REQUIRE(opened.ok());
        must(opened.value().connection,
             "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO events (at, level, "
             "kind, "
             "message) SELECT " +
                 std::to_string(noon.count()) + " - (3000 - i) * 3600000, 'info', 'x', 'x' FROM n");
        writer.adopt(std::move(opened.value()));
    }
    /// Runs `turns` turns of five minutes with the given wall clock.
    void pass(Utc wall, bool trusted, int turns) {
        for (int i = 0; i < turns; ++i) {
            wall += 5min;
            now += 5min;
            writer.set_clock(wall, trusted);
            writer.queue().put(TelemetryMetric{"x", 1, wall});
            writer.turn_at(now);
        }
    }
    std::int64_t events() {
        Connection db = open_file(dir.file(), OpenMode::read_only);
        return db.number("SELECT count(*) FROM events").value();
    }

    TempDir dir;
    Writer writer;
    std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now();
};

}  // namespace

TEST_CASE("an untrusted clock deletes nothing") {
    House house;
    house.pass(noon, true, 2);
    CHECK(house.events() == 3000);
    house.pass(noon + five_years, false, 40);
    CHECK(house.events() == 3000);
}

TEST_CASE("deletes nothing for an hour after a trusted jump") {
    House house;
    house.pass(noon, true, 2);
    house.pass(noon + five_years, true, 10);
    CHECK(house.events() == 3000);
    CHECK(house.writer.health().clock_jumped.find("voltd removes no old rows for 60 min") != std::string::npos);
    house.pass(noon + five_years + 50min, true, 14);
    CHECK(house.events() < 3000);
    CHECK(house.events() >= 1000);
    house.pass(noon + five_years + 120min, true, 60);
    CHECK(house.events() == 0);
}

TEST_CASE("an untrusted clock still enforces the limit on rows") {
    StoreOptions options;
    options.retention.most_rows = 2500;
    House house(options);
    house.pass(noon - five_years, false, 4);
    CHECK(house.events() == 2500);
    Connection db = open_file(house.dir.file(), OpenMode::read_only);
    CHECK(db.number("SELECT min(id) FROM events") == 501);
}

TEST_CASE("stores, shows and reads times after 2038 and 2106") {
    static_assert(sizeof(std::time_t) == 8);
    House house;
    constexpr Utc far{4'444'444'444'000};
    house.writer.queue().put(HistoryRow(EventRow{far, "info", "far", "", "x", ""}));
    SourceReading reading;
    reading.name = "sol_ark_2";
    reading.voltage = 5230_cV;
    reading.pv_voltage = 35000_cV;
    reading.pv_current = Amps{1210};
    house.writer.queue().put(TelemetryReading{reading, far});
    house.writer.queue().close();
    house.now += 5min;
    house.writer.turn_at(house.now);
    Connection db = open_file(house.dir.file(), OpenMode::read_only);
    CHECK(db.text("SELECT at FROM v_events WHERE kind = 'far'") == "2110-11-03T07:54:04Z");
    CHECK(newest_row(db) == far);
    // Panels of a second inverter are stored like those of the first.
    CHECK(db.text("SELECT source || ' ' || pv_voltage || ' ' || pv_current || ' ' || substr(taken_at, 1, 4) FROM "
                  "v_victron_battery_readings") == "sol_ark_2 350.0 12.1 2110");
}

}  // namespace house_test
