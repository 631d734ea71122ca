#include "daemon/source_log.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdio>

using namespace volt;

namespace {

/// What is written to stderr while `act` runs.
template <class Act>
std::string captured(Act act) {
    std::FILE* file = std::tmpfile();
    const int kept = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    act();
    dup2(kept, STDERR_FILENO);
    close(kept);
    std::rewind(file);
    std::string text(16'384, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), file));
    std::fclose(file);
    return text;
}

int count(const std::string& text, const std::string& part) {
    int found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

void fail(Slots& slots, const char* name, Fault fault, const char* why) {
    SourceHealth& health = slots[name].health;
    ++health.failures;
    health.fault = fault;
    health.last_error = why;
}

}  // namespace

TEST_CASE("a fault is one line in five minutes, each kind and each source by itself, with a count") {
    Slots slots;
    SourceLog sources;
    Log log;
    const std::string text = captured([&] {
        for (int second = 0; second < 601; ++second) {
            fail(slots, "sol_ark", Fault::reconnect, "no answer");
            if (second == 100) fail(slots, "victron.battery", Fault::absent, "exception 10");
            sources.look(slots, Time(second * 1s), log);
        }
    });
    CHECK(count(text, "sol_ark: no answer") == 3);
    CHECK(count(text, "(299 more since the last such line)") == 2);
    CHECK(count(text, "victron.battery: exception 10") == 1);
}

TEST_CASE("nothing new is no line; a complaint is told once while it stays the same") {
    Slots slots;
    slots["victron.battery"].health.last_error = "alarm LowVoltage (268)";
    SourceLog sources;
    Log log;
    const std::string text = captured([&] {
        for (int second = 0; second < 2000; ++second) sources.look(slots, Time(second * 1s), log);
    });
    CHECK(count(text, "victron.battery: alarm LowVoltage (268)\n") == 1);
    CHECK(count(text, "\n") == 1);
}
