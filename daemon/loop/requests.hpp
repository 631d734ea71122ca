// LoopRequests: what the server's threads ask the loop to do. The one way from an HTTP request to the loop's state; bounded,
// each with a deadline, and what was not begun by then is never done.
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

/// Everything a decision is made of, as copies: for trying what another policy would do.
struct DecisionInputs {
    Config config;
    std::shared_ptr<const Settings> settings;
    Policy policy;
    SiteSnapshot snapshot;
    RuleState state;
};

/// What a request finds on the loop's thread. Nothing here blocks.
class LoopContext {
public:
    virtual ~LoopContext() = default;
    /// The tick that was decided last; nothing before the first and right after a reload.
    virtual const SiteView* view() const = 0;
    /// Completed turns since the start.
    virtual std::uint64_t turns() const = 0;
    /// What those turns are to remember, overrides too, is on the disk: a restart keeps it.
    virtual bool stored() const = 0;
    /// Goes into the next turn; false: too many wait already.
    virtual bool request_override(const NamedOverride& named) = 0;
    /// `who` asks for it.
    virtual void set_mode(SiteMode mode, const std::string& who) = 0;
    /// Queries a device for its state; false: the broker is offline, or the device cannot be queried.
    virtual bool ask(std::size_t output) = 0;
    /// The newest report, newer than the snapshot.
    virtual OutputReport report(std::size_t output) const = 0;
    virtual DecisionInputs decision_inputs() const = 0;
    /// Starts a proof that charging can be stopped; empty: it runs, else why it cannot run now.
    virtual std::string prove_charge() = 0;
    /// Uses the value of a battery temperature that leaped, checked by hand, from the next turn on; empty: done, else why not.
    virtual std::string accept_temperature(const std::string& source) = 0;
    /// Starts a proof that a relay's own timer switches it off; empty: it runs, else why it cannot run now.
    virtual std::string prove_lease(const std::string& output, std::optional<Duration> lease) = 0;
    /// Shows all loads to Home Assistant once more; empty: done, else why not.
    virtual std::string announce() = 0;
    /// Ends safe mode; empty: done, else why not.
    virtual std::string end_safe_mode() = 0;
};

/// Whether the database holds this mode; nothing: it cannot be read. Empty function: there is no database.
using ModeStored = std::function<std::optional<bool>(SiteMode)>;

class LoopRequests {
public:
    /// Called at each wake of the loop until it returns true.
    using Work = std::function<bool(LoopContext&)>;
    /// One for each connection there can be.
    static constexpr std::size_t most_waiting = 48;

    /// `wake` nudges the loop; before the first run().
    void on_posted(std::function<void()> wake) { wake_ = std::move(wake); }
    /// Waits until `work` has returned true; false after `limit`, when too many wait, and after close(): `work` is not
    /// called any more then. What `work` throws comes out here.
    bool run(const Work& work, Duration limit);
    /// The loop's part: lets each request try. Never throws.
    void serve(LoopContext& loop) noexcept;
    /// Gives up all that wait; none is taken until open().
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
