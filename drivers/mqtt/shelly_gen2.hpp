// The dialect of Shelly Gen2, Gen3 and Gen4: one switch of a device, by RPC below its topic prefix.
//
// ON carries the device's dead-man timer (`toggle_after`), which its status shows while it runs: a renewal is the same ON. Plain
// commands carry none and are not used. Each order is followed by a query, because the device sends a status by itself only if
// its owner enabled that.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "drivers/output.hpp"

namespace volt {

class ShellyGen2 final : public Dialect {
public:
    explicit ShellyGen2(const OutputConfig& config);

    std::vector<std::string> subscriptions() const override;
    std::vector<std::string> command_filters() const override { return {prefix_ + "rpc", prefix_ + "command/" + switch_}; }
    std::vector<Message> order(const OutputOrder& order) const override;
    std::vector<Message> query() const override;
    std::vector<Message> set_up_lease(Duration) const override { return {}; }
    std::vector<OutputEvent> understand(const Message& message) const override;

private:
    enum Asked : std::uint8_t { get_status, set_off, set_on };
    Message request(Asked what, const std::string& params) const;
    bool receive(const std::string& part, const Message& message, OutputEvent& event) const;
    bool receive_reply(const Message& message, OutputEvent& event) const;
    bool receive_notification(const nlohmann::json& frame, OutputEvent& event) const;
    bool receive_status(const nlohmann::json& status, bool whole, OutputEvent& event) const;
    bool is_ours(const nlohmann::json& object) const;
    bool may_switch(const std::string& frame) const;

    std::string prefix_, source_, switch_;
    std::int64_t channel_ = 0, number_ = 0;
};

}  // namespace volt
