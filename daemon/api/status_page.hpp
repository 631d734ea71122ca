// StatusPage: what the API shows of one tick, made by the loop and never changed after it was posted.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "daemon/topics.hpp"

namespace volt {

/// How one part of the daemon does: `ok`, `degraded`, `down`.
struct PartHealth {
    std::string name;   ///< loop, modbus, mqtt, store
    std::string state = "ok";
    std::string text;   ///< what is wrong; empty: nothing
};

struct StatusPage {
    Time posted{};
    Duration good_for = 5s;                                    ///< older than this the loop is taken as stuck
    Utc at{};
    LocalTime local;
    std::vector<std::pair<std::string, std::string>> objects;  ///< topic and JSON, alarms too
    std::vector<std::string> events;                           ///< JSON, oldest first, at most most_events
    std::map<std::string, std::string> explanations;           ///< JSON by load
    std::vector<PartHealth> parts;
};

inline constexpr std::size_t most_events = 20;

/// The last events, oldest first; the loop keeps one.
class EventTail {
public:
    void add(const Change& change);
    std::vector<std::string> events() const { return {events_.begin(), events_.end()}; }

private:
    std::deque<std::string> events_;
};

/// Renders a tick. `topics` and `alarms` are those that were published in it.
StatusPage make_page(const SiteView& view, const std::vector<Topic>& topics,
                     const std::map<std::string, std::string>& alarms, const EventTail& tail, const StoreHealth& store);

/// Where the loop pins the newest page and the server's threads read it.
class Board {
public:
    void post(std::shared_ptr<const StatusPage> page);
    std::shared_ptr<const StatusPage> page() const;

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const StatusPage> page_;
};

}  // namespace volt
