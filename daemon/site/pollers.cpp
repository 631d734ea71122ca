#include "daemon/site/pollers.hpp"

#include <algorithm>
#include <fstream>
#include <utility>

#include "daemon/config/build_policy.hpp"
#include "daemon/config/good_copy.hpp"
#include "drivers/modbus/known_holes.hpp"
#include "drivers/thread.hpp"
#include "rules/readings/readings.hpp"

namespace volt {

namespace {

constexpr Duration again_after = 1s;
constexpr std::size_t longest_holes = 64 * 1024;
constexpr Duration slow_round = 5s;
constexpr Duration holes_settle = 1min, holes_apart = 10min;  // delay after a start, and gap between two writes of the file

bool reads_power(const Config& config, const char* source) {
    const auto names = [source](const std::vector<std::string>& list) {
        return std::find(list.begin(), list.end(), source) != list.end();
    };
    return names(config.power_sources.pv) || names(config.power_sources.load) || names(config.power_sources.grid);
}

std::string holes_path(const Config& config) { return config.database.empty() ? "" : config.database + ".holes"; }

std::string text_of_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(longest_holes, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

/// Reads slow values twice within the shortest of their age limits.
GxUse use_of(const Config& config, std::shared_ptr<modbus::KnownHoles> holes) {
    const Duration poll = config.victron->poll;
    const auto half = [poll](Duration stale) { return age_limit(stale, poll) / 2; };
    const Control& control = config.control;
    const Duration slow =
        std::min({slow_round, half(control.voltage_stale), half(control.power_stale), half(control.temperature_stale)});
    return {reads_power(config, "victron.system"), config.voltage_sources, slow, std::move(holes)};
}

}  // namespace

void Pollers::start(const Config& config, Time now) {
    if (!holes_) {
        holes_ = std::make_shared<modbus::KnownHoles>(text_of_file(holes_path(config)));
        store_holes_at_ = now + holes_settle;
    }
    mailbox_->require(polled_sources(config));
    registers_->require(polled_sources(config));
    const bool all = try_all(config);
    if (all) again_.reset();
    else again_ = now + again_after;
    for (const std::string& name : all ? std::vector<std::string>{} : polled_sources(config)) {
        SourceHealth health;
        health.name = name;
        health.last_error = no_thread_text;
        mailbox_->sink().health(health);
    }
}

void Pollers::turn(const Config& config, Time now) {
    join_ended();
    store_holes(config, now);
    if (again_ && now >= *again_ && ended_.empty()) start(config, now);
}

void Pollers::finish(const Config& config) {
    store_holes_at_ = {};
    store_holes(config, {});
    end();
}

void Pollers::end() {
    retire(victron_);
    retire(sol_arks_);
}

/// Starts all pollers. Returns false if not all of them got a thread.
bool Pollers::try_all(const Config& config) {
    end();
    if (config.victron)
        victron_.pollers.push_back(start_victron(*config.victron, use_of(config, holes_), sink(victron_), {}, charge_.victron,
                                                 [mailbox = mailbox_] { return mailbox->deciding(); }));
    if (config.sol_ark)
        sol_arks_.pollers =
            start_sol_arks(*config.sol_ark, config.sol_ark_2, sink(sol_arks_), {}, {charge_.sol_ark, charge_.sol_ark_2});
    const auto has_none = [](const Polled& polled) {
        return std::any_of(polled.pollers.begin(), polled.pollers.end(), [](const auto& poller) { return !poller->running(); });
    };
    return !has_none(victron_) && !has_none(sol_arks_);
}

SourceSink Pollers::sink(Polled& polled) const {
    polled.wanted = std::make_shared<std::atomic<bool>>(true);
    const SourceSink slots = mailbox_->sink();
    return {[wanted = polled.wanted, mailbox = mailbox_, slots](const SourceReading& reading) {
                if (*wanted) slots.reading(reading);
            },
            [wanted = polled.wanted, mailbox = mailbox_, slots](const SourceHealth& health) {
                if (*wanted) slots.health(health);
            },
            [wanted = polled.wanted, board = registers_](const std::string& source, const modbus::PolledRegisters& polled_now) {
                if (*wanted) board->put(source, polled_now);
            }};
}

/// Leaves the end to a task, because a poller that hangs in a connect ends only after its timeout. The loop does not wait.
void Pollers::retire(Polled& polled) {
    if (polled.pollers.empty()) return;
    *polled.wanted = false;
    for (const auto& poller : polled.pollers) poller->end();
    std::erase_if(polled.pollers, [](const auto& poller) { return !poller->running(); });
    if (polled.pollers.empty()) return;
    if (ended_.size() >= most_waiting) ended_.erase(ended_.begin());
    ended_.push_back(std::make_shared<Threads>(std::exchange(polled.pollers, {})));
    join_ended();
}

/// Stores the registers that the GX lacks. The file is only a hint: if it cannot be written, the next start searches again.
void Pollers::store_holes(const Config& config, Time now) {
    if (!holes_ || config.database.empty() || now < store_holes_at_) return;
    const std::uint64_t changes = holes_->changes();
    if (changes == stored_holes_) return;
    if (!tasks_.post([path = holes_path(config), text = holes_->text()] { keep_good_copy(path, text); })) return;
    stored_holes_ = changes;
    store_holes_at_ = now + holes_apart;
}

/// Hands ended threads to the task thread. They are shared because a task is copied.
void Pollers::join_ended() {
    std::erase_if(ended_,
                  [this](const std::shared_ptr<Threads>& threads) { return tasks_.post_last([threads] { threads->clear(); }); });
}

}  // namespace volt
