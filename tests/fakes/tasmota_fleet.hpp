// Many Tasmota relays behind one connection and one thread, like a broker with a hundred of them. They obey at once and have no
// timers.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>

namespace volt::testing {

class TasmotaFleet {
public:
    /// Uses topics `<prefix>0` to `<prefix>N-1`. The relays publish Online at once and again when the broker comes back.
    TasmotaFleet(int port, std::string prefix, int count);
    ~TasmotaFleet();
    TasmotaFleet(const TasmotaFleet&) = delete;
    TasmotaFleet& operator=(const TasmotaFleet&) = delete;

    bool connected() const { return connected_; }
    void set_deaf(int number);       ///< this relay no longer receives anything
    int on() const;                  ///< relays that are on
    int commands(int number) const;  ///< ON and OFF received
    int commands() const;
    int messages() const { return messages_; }  ///< all received messages, including queries and set-ups

private:
    void run(int port, int count);

    const std::string prefix_;
    std::atomic<bool> stop_{false}, connected_{false};
    std::atomic<int> messages_{0};
    mutable std::mutex mutex_;
    std::map<std::string, bool> state_;
    std::map<std::string, int> commands_;
    std::set<std::string> deaf_;
    std::thread thread_;
};

}  // namespace volt::testing
