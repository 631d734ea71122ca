// Polls a GX like voltd and prints a line for each change of a source, for tests with a changing network.
// modbus_watch HOST PORT SECONDS
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>

#include "drivers/modbus/poller.hpp"
#include "drivers/source.hpp"

using namespace volt;

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    VictronConfig config;
    config.host = argv[1];
    config.port = std::atoi(argv[2]);
    config.battery_unit = 225;
    std::mutex mutex;
    std::map<std::string, SourceState> states;
    const SourceSink sink{{}, [&](const SourceHealth& health) {
                              const std::lock_guard lock(mutex);
                              const auto known = states.find(health.name);
                              if (known != states.end() && known->second == health.state) return;
                              states[health.name] = health.state;
                              std::printf("%s %s %s\n", health.name.c_str(), name_of(health.state), health.last_error.c_str());
                              std::fflush(stdout);
                          }};
    const modbus::PollTiming timing{.longest_gap = 4s};  // only to keep the test short
    const auto poller = start_victron(config, {}, sink, timing);
    modbus::StopEvent never;
    never.wait_until(monotonic_now() + Duration(1000 * std::atoi(argv[3])));
    const Time stopping = monotonic_now();
    poller->stop();
    std::printf("stopped %lld\n", static_cast<long long>((monotonic_now() - stopping).count()));
}
