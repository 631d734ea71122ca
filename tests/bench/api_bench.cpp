// Measures the local API of a running daemon. `--json` for scripts.
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <thread>

#include "tests/integration/api_site.hpp"

using namespace volt::testing;
using nlohmann::ordered_json;

namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point begin) { return std::chrono::duration<double, std::milli>(Clock::now() - begin).count(); }

struct Times {
    double median, p99;
};

template <class Act>
Times times_of(int rounds, Act act) {
    std::vector<double> took;
    for (int i = 0; i < rounds; ++i) {
        const auto begin = Clock::now();
        act(i);
        took.push_back(ms_since(begin));
    }
    std::sort(took.begin(), took.end());
    return {took[took.size() / 2], took[took.size() * 99 / 100]};
}

struct Report {
    bool json;
    ordered_json all = ordered_json::object();

    void add(const std::string& name, double value, const char* unit) {
        all[name] = {{"value", value}, {"unit", unit}};
        if (!json) std::printf("%-58s %9.3f %s\n", name.c_str(), value, unit);
        std::fflush(stdout);
    }
    void add(const std::string& name, Times times) {
        add(name + ", median", times.median, "ms");
        add(name + ", p99", times.p99, "ms");
    }
};

void require(const HttpReply& reply) {
    if (reply.status == 200) return;
    std::fprintf(stderr, "api_bench: %d %s\n", reply.status, reply.text.c_str());
    std::exit(1);
}

void look(Report& report, const Client& client) {
    for (const char* path : {"/api/preferences", "/api/miners", "/api/status"})
        report.add(std::string("GET ") + path, times_of(1000, [&](int) { require(client.get(path)); }));
}

void change(Report& report, const Client& client) {
    const auto put = [&](int i) {
        require(client.ask("PUT", "/api/preferences", "{\"internal_resistance_mohm\":" + std::to_string(10 + i % 2) + "}"));
    };
    report.add("PUT to row on disk", times_of(200, put));
    // POST /api/mode answers once its mode is in force.
    const auto in_force = [&](int i) {
        const std::string mode = i % 2 == 0 ? "conservative" : "balanced";
        require(client.ask("PUT", "/api/preferences", "{\"operating_mode\":\"" + mode + "\"}"));
        require(client.ask("POST", "/api/mode", "{\"mode\":\"" + mode + "\"}"));
    };
    report.add("PUT to decision in force (tick_s 0.2)", times_of(100, in_force));
}

void costs(Report& report, const ApiSite& site, const char* what, int clients, int seconds) {
    std::atomic<bool> stop = false;
    std::vector<std::thread> threads;
    for (int i = 0; i < clients; ++i)
        threads.emplace_back([&] {
            while (!stop) {
                require(site.client().get("/api/status"));
                for (int ms = 0; ms < 1000 && !stop; ms += 50) std::this_thread::sleep_for(std::chrono::milliseconds{50});
            }
        });
    const double before = site.stat("process_cpu_seconds_total");
    const auto begin = Clock::now();
    std::this_thread::sleep_for(std::chrono::seconds{seconds});
    const double used = site.stat("process_cpu_seconds_total") - before;
    report.add(std::string(what) + ": CPU of one core", 100 * used / (ms_since(begin) / 1000), "%");
    report.add(std::string(what) + ": resident memory", site.stat("process_resident_memory_bytes") / 1e6, "MB");
    stop = true;
    for (std::thread& thread : threads) thread.join();
}

/// CPU time used, in ms.
struct Used {
    double all = 0, loop = 0;
};

Used used_by(pid_t voltd) {
    Used used;
    clockid_t clock{};
    timespec time{};
    if (clock_getcpuclockid(voltd, &clock) == 0 && clock_gettime(clock, &time) == 0)
        used.all = 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
    const std::string id = std::to_string(voltd);
    std::ifstream main_thread("/proc/" + id + "/task/" + id + "/schedstat");
    double ns = 0;
    if (main_thread >> ns) used.loop = 1e-6 * ns;
    return used;
}

/// Polls like a page that shows Now, at the interval that voltd requests.
void poll_live(const Client& page, const std::atomic<bool>& stop) {
    std::string query;
    while (!stop) {
        const HttpReply reply = page.get("/api/live?view=now" + query);
        require(reply);
        query = "&after=" + std::to_string(reply.body.value("turn", 0)) + "&boot=" + reply.body.value("boot", "");
        for (int ms = reply.body.value("next_ms", 2000); ms > 0 && !stop; ms -= 50)
            std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
}

/// Returns pages on `pages` devices, each signed in separately.
std::vector<Client> devices(const ApiSite& site, int pages) {
    static int made = 0;  // key names must differ
    std::vector<Client> all;
    for (int i = 0; i < pages; ++i) {
        const HttpReply key =
            site.client().ask("POST", "/api/sessions/key", R"({"name":"page )" + std::to_string(made++) + R"("})");
        if (key.status != 201) throw std::runtime_error("no key for a page: " + key.body.dump());
        all.push_back({site.client().port, key.body.value("key", "")});
    }
    return all;
}

/// Returns ms of CPU per second while `pages` are open.
Used rate_with(const ApiSite& site, const std::vector<Client>& pages, double seconds) {
    std::atomic<bool> stop = false;
    std::vector<std::thread> threads;
    for (const Client& page : pages) {
        threads.emplace_back([&] { poll_live(page, stop); });
        std::this_thread::sleep_for(std::chrono::milliseconds{2000 / pages.size()});  // staggers the threads
    }
    if (pages.size() > 8) std::this_thread::sleep_for(std::chrono::seconds{6});  // until each page knows of the others
    const Used before = used_by(site.voltd->pid());
    const auto begin = Clock::now();
    std::this_thread::sleep_for(std::chrono::duration<double>{seconds});
    const Used after = used_by(site.voltd->pid());
    const double took = ms_since(begin) / 1000;
    stop = true;
    for (std::thread& thread : threads) thread.join();
    return {(after.all - before.all) / took, (after.loop - before.loop) / took};
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// Measures the default site with a tick of a second, idle and polled in turns, as the machine may have other work.
void live(Report& report, ApiSite& site) {
    std::string config = read_file(site.config_path());
    for (const char* fast : {"tick_s: 0.2, ", "poll_s: 0.2, ", ", poll_s: 0.2"})
        while (config.find(fast) != std::string::npos) config.erase(config.find(fast), std::strlen(fast));
    write_file(site.config_path(), config);
    constexpr int rounds = 9;
    constexpr double seconds = 10;
    for (const int pages : {1, 10}) {
        site.voltd.reset();
        site.run();
        std::this_thread::sleep_for(std::chrono::seconds{5});
        const std::vector<Client> open_pages = devices(site, pages);
        const double turn = site.stat("voltd_loop_longest_turn_seconds");
        std::vector<double> all, loop;
        for (int i = 0; i < rounds; ++i) {
            const Used idle = rate_with(site, {}, seconds), open = rate_with(site, open_pages, seconds);
            all.push_back(open.all - idle.all);
            loop.push_back(open.loop - idle.loop);
        }
        const std::string name = pages == 1 ? "one open page" : "ten open pages";
        report.add(name + ": CPU over idle", median(all), "ms/s");
        report.add(name + ": of it in the loop's thread", median(loop), "ms/s");
        report.add(name + ": longest turn before", 1000 * turn, "ms");
        report.add(name + ": longest turn", 1000 * site.stat("voltd_loop_longest_turn_seconds"), "ms");
    }
}

/// Runs a hundred clients without pause. Those beyond 32 at once are rejected, and retry.
void push(Report& report, ApiSite& site) {
    site.voltd.reset();
    site.run();
    std::this_thread::sleep_for(std::chrono::seconds{3});
    report.add("longest delay of the loop before they come", 1000 * site.stat("voltd_loop_longest_delay_seconds"), "ms");
    std::atomic<bool> stop = false;
    std::atomic<int> served = 0, turned_away = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 100; ++i)
        threads.emplace_back([&, i] {
            for (int n = 0; !stop; ++n) {
                const Client client = site.client();
                const HttpReply reply = i % 4 == 0 ? client.ask("PUT", "/api/miners/dump-load-s19-1",
                                                                "{\"min_off_s\":" + std::to_string(n % 60) + "}")
                                                   : client.get(i % 4 == 1   ? "/api/status"
                                                                : i % 4 == 2 ? "/api/explain"
                                                                             : "/metrics");
                reply.status == 200 ? ++served : ++turned_away;
            }
        });
    std::this_thread::sleep_for(std::chrono::seconds{10});
    stop = true;
    for (std::thread& thread : threads) thread.join();
    report.add("100 clients push: answered a second", served / 10.0, "");
    report.add("100 clients push: turned away a second", turned_away / 10.0, "");
    report.add("100 clients push: longest delay of the loop", 1000 * site.stat("voltd_loop_longest_delay_seconds"), "ms");
    report.add("100 clients push: longest turn", 1000 * site.stat("voltd_loop_longest_turn_seconds"), "ms");
}

}  // namespace

/// Options: `--json`; `--live` prints only the rows of open pages.
int main(int argc, char** argv) {
    const auto given = [&](const char* word) {
        return std::any_of(argv + 1, argv + argc, [&](const char* it) { return std::strcmp(it, word) == 0; });
    };
    Report report{given("--json")};
    ApiSite site(true);
    if (given("--live")) {
        live(report, site);
        return 0;
    }
    costs(report, site, "nobody asks", 0, 10);
    look(report, site.client());
    change(report, site.client());
    costs(report, site, "ten clients, status each second", 10, 20);
    push(report, site);
    live(report, site);
    if (report.json) std::printf("%s\n", report.all.dump(2).c_str());
    return 0;
}
