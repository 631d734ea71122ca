// A site whose voltd runs with the preloaded library that makes calls hang, beside a service manager and a journal of its own.
#pragma once

#include "tests/integration/api_site.hpp"

namespace volt::testing {

class HangSite : public Site {
public:
    HangSite();
    ~HangSite();
    HangSite(const HangSite&) = delete;
    HangSite& operator=(const HangSite&) = delete;

    int most_files = 0;  ///< descriptors that voltd may have; 0: as many as this process

    /// Devices and voltd.
    void start();
    void restart_broker();
    /// In voltd.yaml the Sol-Ark has another time-out from here on: its poller is made anew by a reload.
    void change_sol_ark();
    /// In voltd.yaml the broker is a name, with a user and a password file from here on.
    void broker_by_name();
    void write_config(const std::string& control = "", const std::string& outputs = "");

    /// Calls of this kind hang from now on; `part`: only those whose path or name contains it.
    void hang(const std::string& kind, const std::string& part = "") const;
    void go_on(const std::string& kind) const;
    /// Calls of this kind fail from now on.
    void fail(const std::string& kind) const { hang("no-" + kind); }
    bool was_caught(const std::string& kind) const;

    /// The bank is full and the mode balanced: the miner is told ON.
    bool miner_on();
    /// By the mode `off`: after a low voltage the miner would have to rest for ten minutes.
    bool miner_off();
    /// The bank falls to `voltage`: the miner is told OFF.
    bool miner_off_at(double voltage);
    bool set_mode(const std::string& mode) const;
    /// The loop completes turns, by the time of the newest one.
    bool turns_on() const;
    /// The newest turn decided by this voltage.
    bool sees(double voltage) const;
    nlohmann::json status() const;
    double stat(const std::string& name) const;
    void reload();
    /// The newest reload has come into force.
    bool reloaded();
    bool ends_in_order();
    /// A turn of the loop, or what it does at any other wake.
    struct Pass {
        double ms = 0, cpu_ms = 0;
        int waits = 0;  ///< how often it gave up the processor by itself: for a sleep, a lock, a file
    };
    /// Passes from now on; until passes() they are recorded.
    void record_passes() const;
    std::vector<Pass> passes() const;
    /// What the manager read so far, and what the journal holds.
    std::string notified() const;
    std::string journal() const;

private:
    Client client() const;

    std::string hang_, broker_ = "127.0.0.1";
    int manager_ = -1;
    mutable std::string notified_;
    std::size_t journal_from_ = 0;
};

}  // namespace volt::testing
