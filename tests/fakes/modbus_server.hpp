// Units with windows of registers behind libmodbus's own server side: an independent counterpart to our client. Like a GX it
// answers exception 10 for an absent unit, and 2 for a hole anywhere in the requested range.
#pragma once

#include <modbus.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

namespace volt::fakes {

class ModbusServer {
public:
    using Words = std::vector<std::uint16_t>;

    /// Serves until destroyed. Port 0 chooses a free one.
    explicit ModbusServer(int port = 0, const char* address = "127.0.0.1") : context_(modbus_new_tcp(address, port)) {
        listener_ = modbus_tcp_listen(context_, 8);
        if (listener_ < 0) throw std::runtime_error("cannot listen");
        sockaddr_in bound{};
        socklen_t size = sizeof bound;
        getsockname(listener_, reinterpret_cast<sockaddr*>(&bound), &size);
        port_ = ntohs(bound.sin_port);
        thread_ = std::thread([this] { serve(); });
    }

    ~ModbusServer() {
        stop_ = true;
        thread_.join();
        modbus_free(context_);
    }
    ModbusServer(const ModbusServer&) = delete;
    ModbusServer& operator=(const ModbusServer&) = delete;

    int port() const { return port_; }
    /// Returns the requests that reached a unit, from any client.
    int requests(int unit) {
        const std::lock_guard lock(mutex_);
        return requests_[unit];
    }
    /// Adds a window, or replaces the one that begins at this address, and makes the unit present.
    void window(int unit, std::uint16_t address, Words words) {
        const std::lock_guard lock(mutex_);
        units_[unit][address] = std::move(words);
    }
    /// Acts as a gateway: answers exception 11 for an absent unit after this time, and all clients wait in one queue meanwhile.
    void absent_after(std::chrono::milliseconds time) { absent_after_ = time; }
    /// Returns the requests to an absent unit.
    int absent_requests(int unit) {
        const std::lock_guard lock(mutex_);
        return absent_requests_[unit];
    }
    /// Removes the unit.
    void take_away(int unit) {
        const std::lock_guard lock(mutex_);
        units_.erase(unit);
    }

private:
    void serve() {
        while (!stop_) {
            std::vector<pollfd> waiting{{listener_, POLLIN, 0}};
            for (const int client : clients_) waiting.push_back({client, POLLIN, 0});
            if (poll(waiting.data(), waiting.size(), 5) <= 0) continue;
            for (std::size_t i = 1; i < waiting.size(); ++i) {
                if (waiting[i].revents != 0 && !answer(waiting[i].fd)) drop(waiting[i].fd);
            }
            if (waiting[0].revents != 0) accept();
        }
        for (const int client : clients_) ::close(client);
        ::close(listener_);
    }

    void accept() {
        const int client = ::accept(listener_, nullptr, nullptr);
        if (client >= 0) clients_.push_back(client);
    }

    void drop(int client) {
        ::close(client);
        std::erase(clients_, client);
    }

    bool answer(int client) {
        std::array<std::uint8_t, MODBUS_TCP_MAX_ADU_LENGTH> query{};
        modbus_set_socket(context_, client);
        const int size = modbus_receive(context_, query.data());
        if (size < 12) return false;
        const std::lock_guard lock(mutex_);
        const auto unit = units_.find(query[6]);
        if (unit == units_.end()) {
            ++absent_requests_[query[6]];
            std::this_thread::sleep_for(absent_after_.load());
            const auto code = absent_after_.load().count() > 0 ? MODBUS_EXCEPTION_GATEWAY_TARGET : MODBUS_EXCEPTION_GATEWAY_PATH;
            return modbus_reply_exception(context_, query.data(), code) >= 0;
        }
        ++requests_[query[6]];
        const int first = query[8] * 256 + query[9];
        const int count = query[10] * 256 + query[11];
        for (const auto& [address, words] : unit->second) {
            if (first >= address && first + count <= address + static_cast<int>(words.size())) {
                return reply(query.data(), size, address, words);
            }
        }
        return modbus_reply_exception(context_, query.data(), MODBUS_EXCEPTION_ILLEGAL_DATA_ADDRESS) >= 0;
    }

    bool reply(const std::uint8_t* query, int size, std::uint16_t address, const Words& words) {
        const std::unique_ptr<modbus_mapping_t, void (*)(modbus_mapping_t*)> mapping(
            modbus_mapping_new_start_address(0, 0, 0, 0, address, static_cast<unsigned>(words.size()), 0, 0),
            modbus_mapping_free);
        std::ranges::copy(words, mapping->tab_registers);
        return modbus_reply(context_, query, size, mapping.get()) >= 0;
    }

    modbus_t* context_;
    int listener_ = -1;
    int port_ = 0;
    std::atomic<bool> stop_{false};
    std::atomic<std::chrono::milliseconds> absent_after_{};
    std::mutex mutex_;
    std::map<int, std::map<std::uint16_t, Words>> units_;
    std::map<int, int> requests_;
    std::map<int, int> absent_requests_;
    std::vector<int> clients_;  ///< used by the thread
    std::thread thread_;
};

}  // namespace volt::fakes
