// Host names to addresses, without hanging the caller: the system's resolver may block far longer than any time-out.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "drivers/host_address.hpp"
#include "drivers/modbus/stop_event.hpp"
#include "drivers/result.hpp"

namespace volt::modbus {

/// Asks for one name, again and again over time; one question at a time.
class Resolver {
public:
    explicit Resolver(std::string host) : host_(std::move(host)) {}

    /// The addresses in the resolver's order; a numeric address is returned as it is, without asking anybody. Waits
    /// until `deadline` or `stop`; an answer that comes later is taken by the next call. While the name server is ill
    /// the last good answer is used. Failures are `reconnect`.
    Result<std::vector<HostAddress>> addresses(Time deadline, const StopEvent& stop);

private:
    struct Question;

    Result<std::vector<HostAddress>> last_or(const std::string& why) const;

    std::string host_;
    std::vector<HostAddress> last_;  ///< of the last good answer
    /// While the system's resolver is busy with it; owned together with its thread, which cannot be cancelled.
    std::shared_ptr<Question> question_;
};

}  // namespace volt::modbus
