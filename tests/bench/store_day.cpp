#include "tests/bench/store_day.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>

#include "drivers/store/settings/io.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "drivers/store/writer/writer.hpp"
#include "tests/bench/store_causes.hpp"

namespace volt::bench {

namespace {

constexpr std::int64_t begin_s = 1'750'464'000;  // 2025-06-21T00:00:00Z
constexpr int warm_hours = 78, most_settle_hours = 24;

/// Reproducible numbers. Their quality does not matter here.
class Dice {
public:
    std::int64_t between(std::int64_t low, std::int64_t high) {
        state_ = state_ * 6364136223846793005U + 1442695040888963407U;
        return low + static_cast<std::int64_t>((state_ >> 33) % static_cast<std::uint64_t>(high - low + 1));
    }

private:
    std::uint64_t state_ = 7;
};

/// Measures the bytes that reached the device.
class Meter {
public:
    explicit Meter(const DayOptions& options)
        : stat_(options.device_stat),
          path_(options.directory),
          lazytime_(options.lazytime),
          directory_(::open(options.directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {}
    ~Meter() { ::close(directory_); }
    Meter(const Meter&) = delete;
    Meter& operator=(const Meter&) = delete;

    /// Flushes. With lazytime only file contents: their times are not due for hours.
    void flush() const {
        if (!lazytime_) {
            ::syncfs(directory_);
            return;
        }
        for (const auto& entry : std::filesystem::directory_iterator(path_)) {
            const int file = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
            ::fdatasync(file);
            ::close(file);
        }
    }

    std::uint64_t bytes() const {
        if (stat_.empty()) return thread_bytes_written();
        std::ifstream file(stat_);
        std::uint64_t value = 0;
        for (int field = 0; field < 7; ++field) file >> value;  // the seventh: sectors written
        return value * 512;
    }

private:
    std::string stat_, path_;
    bool lazytime_;
    int directory_;
};

/// Reports of the site's pollers and loop, second by second.
class Day {
public:
    explicit Day(Writer& writer) : writer_(writer) {}

    void second(std::int64_t at_s) {
        const Utc at{at_s * 1000};
        writer_.set_clock(at, true);
        for (const char* unit : {"victron.system", "victron.battery"}) {
            put(unit, at);
            health(unit, at);
        }
        if (at_s % 5 == 0) put("sol_ark", at);
        health("sol_ark", at);
        writer_.queue().put(TelemetryMetric{"loop_ms", static_cast<double>(dice_.between(1, 40)) / 10, at});
        if (at_s % 600 == 0) state(at);
        writer_.queue().put(TelemetryMetric{"memory_kb", static_cast<double>(dice_.between(12000, 12400)), at});
    }

    void order(std::int64_t at_s, bool on) {
        const Utc at{at_s * 1000};
        const std::string inputs = list(6, R"({"name":"victron.battery","value":52.30,"unit":"V","age_s":0.4,"quality":"good"})");
        const std::string gates = list(9, R"({"gate":"voltage","passes":true,"have":52.30,"need":50.00,"unit":"V"})");
        writer_.queue().put(
            HistoryRow(DecisionRow{at, miner, on ? "off" : "on", on ? "on" : "off", on ? "running" : "voltage",
                                   "Primary S21+ starts: 52.30 V is above its start voltage of 50.00 V", inputs, gates}));
        event(at);
        state(at);
    }

    void confirmation(std::int64_t at_s, bool on) {
        const Utc at{at_s * 1000};
        event(at);
        writer_.queue().put(HistoryRow(CommandRow{at - 1s, "primary-s21", on ? "on" : "off", "running", true, 1, 180ms}));
        if (on) started_ = at;
        RunRow run{miner, started_, std::nullopt, "running", "", std::nullopt};
        if (!on) run.stopped = at, run.stop_reason = "voltage", run.energy_wh = 3000;
        if (started_ != Utc{}) writer_.queue().put(HistoryRow(run));
        state(at);
    }

private:
    static constexpr const char* miner = "primary-s21-revenue";

    static std::string list(int count, const std::string& item) {
        std::string text = "[";
        for (int i = 0; i < count; ++i) text += (i > 0 ? "," : "") + item;
        return text + "]";
    }

    void put(const std::string& name, Utc at) {
        SourceReading r;
        r.name = name;
        r.voltage = Volts{dice_.between(4900, 5600)};
        r.battery_current = Amps{dice_.between(-9000, 9000)};
        r.battery_power = Watts{dice_.between(-5000, 5000)};
        r.soc = Percent{dice_.between(2000, 9900)};
        if (name == "victron.battery") r.battery_temperature = Celsius{dice_.between(150, 250)};
        if (name != "victron.battery") {
            r.pv = Watts{dice_.between(0, 9000)};
            r.load = Watts{dice_.between(300, 5000)};
            r.grid = 0_W;
        }
        if (name == "sol_ark") r.pv_voltage = Volts{dice_.between(30000, 38000)}, r.pv_current = Amps{dice_.between(0, 2500)};
        else r.battery_state = dice_.between(0, 2);
        writer_.queue().put(TelemetryReading{r, at});
    }

    void health(const std::string& name, Utc at) {
        SourceHealth h;
        h.name = name;
        h.state = SourceState::ok;
        h.ever_succeeded = true;
        h.rtt = Duration{dice_.between(4, 30)};
        writer_.queue().put(TelemetryHealth{h, at});
    }

    void event(Utc at) {
        writer_.queue().put(
            HistoryRow(EventRow{at, "info", "miner", miner, "Primary S21+ starts: 52.30 V is above 50.00 V",
                                R"({"at":"2025-06-21T12:00:00Z","what":"miner","subject":"primary-s21-revenue","from":"off",)"
                                R"("to":"on","reason":"running","text":"Primary S21+ starts: 52.30 V is above 50.00 V"})"}));
    }

    void state(Utc at) {
        writer_.queue().put(SavedRuleState{list(60, R"({"key":"primary","starts":[)" + std::to_string(++states_) + "]}"), at});
    }

    Writer& writer_;
    Dice dice_;
    Utc started_{};
    std::int64_t states_ = 0;
};

}  // namespace

namespace {

/// A writer on its file that the caller turns.
struct Turned {
    Turned(const std::string& path, std::chrono::steady_clock::time_point begin, const StoreOptions& options = {})
        : writer(path, options, std::make_shared<const Settings>(default_settings())), now(begin) {
        Result<OpenedDatabase> opened = open_database(path, built_in_migrations(), {});
        if (!opened) throw std::runtime_error(opened.failure().text);
        writer.adopt(std::move(opened.value()));
    }
    void turn(std::int64_t seconds) {
        now += std::chrono::seconds(seconds);
        writer.turn_at(now);
    }
    /// Posts a reading every 15 s, and turns the writer for each.
    void pass(Day& day, std::int64_t from_s, std::int64_t to_s) {
        for (std::int64_t at_s = from_s; at_s < to_s; at_s += 15) {
            day.second(at_s);
            turn(15);
        }
    }

    Writer writer;
    std::chrono::steady_clock::time_point now;
};

/// Returns how often the WAL of the database at `path` restarted from its beginning.
std::uint32_t wal_turns(const std::string& path) {
    std::ifstream wal(path + "-wal", std::ios::binary);
    std::array<char, 16> header{};
    wal.read(header.data(), header.size());
    std::uint32_t turns = 0;
    for (std::size_t i = 12; i < header.size(); ++i) turns = turns << 8 | static_cast<unsigned char>(header[i]);
    return turns;
}

}  // namespace

void make_days_before(const std::string& path) {
    Turned before(path, std::chrono::steady_clock::now());
    Day day(before.writer);
    before.pass(day, begin_s, begin_s + warm_hours * 3600);
    before.writer.queue().close();
    before.turn(1);
}

DayResult run_day(const DayOptions& options, const std::function<void(int)>& progress) {
    const std::string path = options.directory + "/voltd.db";
    if (const std::string failed = copy_durably(options.days_before, path); !failed.empty()) throw std::runtime_error(failed);
    StoreOptions store;
    if (options.batch_s > 0) store.batch = std::chrono::seconds(options.batch_s);
    Turned site(path, std::chrono::steady_clock::now(), store);
    Writer& writer = site.writer;
    Meter meter(options);
    Day day(writer);
    // Runs until the WAL has its final length: in the weeks after a start it is only overwritten.
    std::int64_t at_s = begin_s + warm_hours * 3600;
    for (int hour = 0; hour < most_settle_hours && wal_turns(path) == 0; ++hour, at_s += 3600) site.pass(day, at_s, at_s + 3600);
    auto& now = site.now;
    const auto turn = [&](std::int64_t seconds) { site.turn(seconds); };
    meter.flush();
    Causes causes(path);
    DayResult result;
    const std::uint64_t before = meter.bytes();
    std::uint64_t known = writer.health().bytes_written;
    std::optional<int> dirty;  // second of the first commit that was not flushed
    for (int second = 0; second < options.hours * 3600; ++second, ++at_s) {
        if (second % 3600 == 0) progress(second / 3600);
        day.second(at_s);
        const int every = options.changes > 0 ? 86400 / options.changes : 0, phase = every > 0 ? second % every : -1;
        const bool on = every > 0 && second / every % 2 == 0,
                   changes = every > 0 && (phase == every / 2 || phase == every / 2 + 1);
        if (changes) phase == every / 2 ? day.order(at_s, on) : day.confirmation(at_s, on);
        if (second % 5 != 0 && !changes) {
            now += 1s;
            continue;
        }
        turn(1);
        if (writer.health().bytes_written != known && !dirty) dirty = second;
        known = writer.health().bytes_written;
        // Flushes like the file system: its journal after 5 s, pages of shared memory after 30 s; here all after 5 s.
        if (!dirty || second - *dirty < 5) continue;
        causes.count();
        meter.flush();
        ++result.flushes;
        dirty.reset();
        known = writer.health().bytes_written;
    }
    causes.count();
    meter.flush();
    result.bytes_a_day = static_cast<double>(meter.bytes() - before) * 24 / options.hours;
    double rest = result.bytes_a_day;
    for (const auto& [cause, bytes] : causes.bytes()) rest -= result.causes[cause] = bytes * 24 / options.hours;
    result.causes["file system: journal and inodes"] = rest;
    result.file_bytes = file_size(path);
    return result;
}

}  // namespace volt::bench
