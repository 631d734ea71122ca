#include "daemon/journal/source_fault_log.hpp"

#include <doctest/doctest.h>

#include "tests/daemon/captured.hpp"

using namespace volt;
using namespace volt::testing;

namespace {

void fail(LatestReadings& slots, const char* name, Fault fault, const char* why) {
    SourceHealth& health = slots[name].health;
    ++health.failures;
    health.fault = fault;
    health.last_error = why;
}

}  // namespace

TEST_CASE("logs one line per kind and source in five minutes") {
    LatestReadings slots;
    SourceFaultLog sources;
    Log log;
    const std::string text = captured(log, [&] {
        for (int second = 0; second < 601; ++second) {
            fail(slots, "sol_ark", Fault::reconnect, "no answer");
            if (second == 100) fail(slots, "victron.battery", Fault::absent, "exception 10");
            sources.update(slots, Time(second * 1s), log);
        }
    });
    CHECK(count(text, "sol_ark: no answer") == 3);
    CHECK(count(text, "(299 more since the last such line)") == 2);
    CHECK(count(text, "victron.battery: exception 10") == 1);
}

TEST_CASE("logs an unchanged error once") {
    LatestReadings slots;
    slots["victron.battery"].health.last_error = "alarm LowVoltage (268)";
    SourceFaultLog sources;
    Log log;
    const std::string text = captured(log, [&] {
        for (int second = 0; second < 2000; ++second) sources.update(slots, Time(second * 1s), log);
    });
    CHECK(count(text, "victron.battery: alarm LowVoltage (268)\n") == 1);
    CHECK(count(text, "\n") == 1);
}

TEST_CASE("limits a flapping source to two lines in five minutes") {
    LatestReadings slots;
    slots["sol_ark"];
    SourceFaultLog sources;
    Log log;
    const auto change = [](const char* what, const char* subject, const char* to, const char* text) {
        Change made;
        made.what = what;
        made.subject = subject;
        made.to = to;
        made.text = text;
        return made;
    };
    const std::string text = captured(log, [&] {
        for (int second = 0; second < 600; second += 2) {
            fail(slots, "sol_ark", Fault::reconnect, "no answer");
            sources.update(slots, Time(second * 1s), log);
            sources.log_change(change("source", "sol_ark", "failing", "sol_ark is failing: no answer"), Level::warning,
                               Time(second * 1s), log);
            sources.log_change(change("alarm", "source_failing/sol_ark", "raised", "Alarm: sol_ark failed 10 times"),
                               Level::warning, Time(second * 1s), log);
            slots["sol_ark"].health.fault.reset();
            slots["sol_ark"].health.last_error.clear();
            sources.update(slots, Time(second * 1s + 1s), log);
            sources.log_change(change("source", "sol_ark", "ok", "sol_ark is ok"), Level::info, Time(second * 1s + 1s), log);
            sources.log_change(change("source", "sol_ark", "stale", "sol_ark is stale"), Level::warning, Time(second * 1s + 1s),
                               log);
        }
    });
    CHECK(count(text, "sol_ark: no answer") == 2);
    CHECK(count(text, "sol_ark is ok (149 more since the last such line)") == 1);
    CHECK(count(text, "sol_ark is stale") == 2);
    CHECK(count(text, "\n") == 6);
}

TEST_CASE("logs changes that update() does not see") {
    LatestReadings slots;
    slots["victron.battery"].health.fault = Fault::absent;
    SourceFaultLog sources;
    Log log;
    Change absent;
    absent.what = "source";
    absent.subject = "victron.battery";
    absent.to = "absent";
    absent.text = "victron.battery is absent: looked for";
    Change alarm;
    alarm.what = "alarm";
    alarm.subject = "source_failing/mqtt";
    alarm.text = "Alarm: The broker cannot be reached";
    CHECK(SourceFaultLog::is_about_source(absent));
    CHECK(SourceFaultLog::is_about_source(alarm));
    alarm.subject = "disk_full";
    CHECK_FALSE(SourceFaultLog::is_about_source(alarm));
    alarm.subject = "source_failing/mqtt";
    const std::string text = captured(log, [&] {
        sources.update(slots, 1s, log);
        sources.log_change(absent, Level::warning, 1s, log);
        sources.log_change(alarm, Level::warning, 1s, log);
    });
    CHECK(count(text, "absent: looked for") == 1);
    CHECK(count(text, "cannot be reached") == 1);
}

TEST_CASE("logs a suppressed error later if it still holds") {
    for (const bool stands : {true, false}) {
        LatestReadings slots;
        SourceFaultLog sources;
        Log log;
        const std::string text = captured(log, [&] {
            for (int second = 0; second < 900; ++second) {
                const char* alarm = second < 10 ? "alarm LowSoc (272)" : "alarm LowCellVoltage (326)";
                slots["victron.battery"].health.last_error = !stands && second >= 100 ? "" : alarm;
                sources.update(slots, Time(second * 1s), log);
            }
        });
        CHECK(count(text, "LowSoc") == 1);
        CHECK(count(text, "LowCellVoltage (326) (1 more since") == (stands ? 1 : 0));
        CHECK(count(text, "\n") == (stands ? 2 : 1));
    }
}

TEST_CASE("ends with a true line about each source") {
    const auto change = [](const char* to, const char* text) {
        Change made;
        made.what = "source";
        made.subject = "sol_ark";
        made.to = to;
        made.text = text;
        return made;
    };
    for (const bool ends_well : {true, false}) {
        LatestReadings slots;
        slots["sol_ark"];
        SourceFaultLog sources;
        Log log;
        const std::string text = captured(log, [&] {
            for (int second = 0; second < 900; ++second) {
                const Time now(second * 1s);
                const bool fails = second == 0 || second == 20 || (!ends_well && second > 20 && second < 50 && second % 10 == 0);
                const bool recovers = second == 5 || (ends_well && second == 25);
                if (fails) fail(slots, "sol_ark", Fault::reconnect, "no answer");
                if (recovers) slots["sol_ark"].health = {};
                if (recovers) slots["sol_ark"].health.failures = 1;
                sources.update(slots, now, log);
                if (recovers) sources.log_change(change("ok", "sol_ark is ok"), Level::info, now, log);
            }
        });
        const auto failing = text.rfind("no answer"), well = text.rfind("sol_ark is ok");
        CHECK((failing < well) == ends_well);
        CHECK(count(text, "\n") == (ends_well ? 2 : 3));
    }
    LatestReadings none;
    SourceFaultLog sources;
    Log log;
    const std::string text = captured(log, [&] {
        for (int second = 0; second < 900; ++second) {
            sources.update(none, Time(second * 1s), log);
            if (second < 30 && second % 10 == 0)
                sources.log_change(second % 20 == 0 ? change("failing", "it is failing") : change("ok", "it is ok"),
                                   Level::warning, Time(second * 1s), log);
        }
    });
    CHECK(text.rfind("it is failing (1 more since") > text.rfind("it is ok"));
    CHECK(count(text, "\n") == 3);
}
