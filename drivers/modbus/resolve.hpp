// Resolves host names without blocking the caller: the system's resolver may block far longer than any time-out.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "drivers/host_address.hpp"
#include "drivers/modbus/stop_event.hpp"
#include "drivers/result.hpp"

namespace volt::modbus {

/// Resolves one name repeatedly, with one query at a time.
class Resolver {
public:
    explicit Resolver(std::string host) : host_(std::move(host)) {}

    /// Returns the addresses in the resolver's order. A numeric address is returned unchanged, without a query. Waits until
    /// `deadline` or `stop`; the next call takes a later answer. While the name server fails, the last good answer is used.
    /// Failures are `reconnect`.
    Result<std::vector<HostAddress>> addresses(Time deadline, const StopEvent& stop);

private:
    struct Question;

    Result<std::vector<HostAddress>> last_or(const std::string& why) const;

    std::string host_;
    std::vector<HostAddress> last_;  ///< addresses of the last good answer
    /// Set while the system's resolver is working on it; shared with its thread, which cannot be canceled.
    std::shared_ptr<Question> question_;
};

}  // namespace volt::modbus
