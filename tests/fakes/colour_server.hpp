// A Modbus device in which every word encodes its register and unit, so that a reply to another request is recognizable. One
// thread serves all its connections, fast enough for a million exchanges.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <thread>
#include <vector>

#include "drivers/modbus/frame.hpp"

namespace volt::fakes {

/// Returns the words of `stretch`: even indexes the address, odd indexes unit and low byte of the address.
std::vector<std::uint16_t> colours(int unit, modbus::Stretch stretch);

class ColourServer {
public:
    explicit ColourServer(Framing framing);
    ~ColourServer();
    ColourServer(const ColourServer&) = delete;
    ColourServer& operator=(const ColourServer&) = delete;

    int port() const { return port_; }

private:
    void run();
    bool serve(int client, modbus::Bytes& buffer) const;
    modbus::Bytes reply_to(const modbus::Bytes& request) const;

    Framing framing_;
    int port_ = 0, listener_;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace volt::fakes
