// LoopRequests: runs requests of the server threads on the loop thread. It is the only way from an HTTP request to the loop's
// state. The queue is bounded, and each request has a deadline; a request that has not started by then never runs.
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "daemon/config/config.hpp"
#include "daemon/explain/site_view.hpp"
#include "daemon/site/override_request.hpp"
#include "drivers/store/settings/settings.hpp"

namespace volt {

/// Copies of everything a decision is based on, to try another policy.
struct DecisionInputs {
    Config config;
    std::shared_ptr<const Settings> settings;
    Policy policy;
    SiteSnapshot snapshot;
    RuleState state;
};

/// State that a request can use on the loop thread. No call blocks.
class LoopContext {
public:
    virtual ~LoopContext() = default;
    /// Returns the last decided tick, or null before the first one and right after a reload.
    virtual const SiteView* view() const = 0;
    /// Returns the number of completed turns since the start.
    virtual std::uint64_t turns() const = 0;
    /// Returns true if the state of those turns, overrides included, is on the disk and survives a restart.
    virtual bool stored() const = 0;
    /// Queues an override for the next turn. Returns false if too many are waiting.
    virtual bool request_override(const NamedOverride& named) = 0;
    /// Sets the mode on behalf of `who`.
    virtual void set_mode(SiteMode mode, const std::string& who) = 0;
    /// Queries a device for its state. Returns false if the broker is offline or the device cannot be queried.
    virtual bool ask(std::size_t output) = 0;
    /// Returns the newest report, which may be newer than the snapshot.
    virtual OutputReport report(std::size_t output) const = 0;
    virtual DecisionInputs decision_inputs() const = 0;
    /// Starts a proof that charging can be stopped. Returns an empty string if it runs, or the reason it cannot.
    virtual std::string prove_charge() = 0;
    /// Accepts a battery temperature that jumped and was checked by hand, from the next turn on. Returns an empty string, or the
    /// reason for the rejection.
    virtual std::string accept_temperature(const std::string& source) = 0;
    /// Starts a proof that a relay's own timer switches it off. Returns an empty string if it runs, or the reason it cannot.
    virtual std::string prove_lease(const std::string& output, std::optional<Duration> lease) = 0;
    /// Announces all loads to Home Assistant again. Returns an empty string, or the reason it failed.
    virtual std::string announce() = 0;
    /// Ends safe mode. Returns an empty string, or the reason it failed.
    virtual std::string end_safe_mode() = 0;
};

/// Returns true if the database holds this mode, or nothing if it cannot be read. An empty function means there is no database.
using ModeStored = std::function<std::optional<bool>(SiteMode)>;

class LoopRequests {
public:
    /// The loop calls it at each wake until it returns true.
    using Work = std::function<bool(LoopContext&)>;
    /// One for each possible connection.
    static constexpr std::size_t most_waiting = 48;

    /// Sets the function that wakes the loop. Call before the first run().
    void on_posted(std::function<void()> wake) { wake_ = std::move(wake); }
    /// Waits until `work` returns true. Returns false after `limit`, if too many are waiting, or after close(); then `work` is
    /// never called again. Rethrows exceptions of `work`.
    bool run(const Work& work, Duration limit);
    /// Calls each waiting request once. For the loop thread. Never throws.
    void serve(LoopContext& loop) noexcept;
    /// Ends all waiting requests and accepts none until open().
    void close();
    void open();

private:
    struct Request {
        const Work& work;
        bool done = false;
        std::exception_ptr exception;
    };

    std::function<void()> wake_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::list<Request*> waiting_;
    bool closed_ = false;
};

}  // namespace volt
