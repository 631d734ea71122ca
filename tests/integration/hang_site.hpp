// A site whose voltd runs with the preloaded library that makes calls hang, with its own service manager and journal.
#pragma once

#include "tests/integration/api_site.hpp"

namespace volt::testing {

class HangSite : public Site {
public:
    HangSite();
    ~HangSite();
    HangSite(const HangSite&) = delete;
    HangSite& operator=(const HangSite&) = delete;

    int most_files = 0;  ///< descriptors that voltd may use; 0 for as many as this process

    /// Starts devices and voltd.
    void start();
    void restart_broker();
    /// Changes the Sol-Ark's time-out in voltd.yaml: a reload restarts its poller.
    void change_sol_ark();
    /// Changes the broker in voltd.yaml to a name, with a user and a password file.
    void broker_by_name();
    void write_config(const std::string& control = "", const std::string& outputs = "");

    /// Makes calls of this kind hang from now on. `part`: only those whose path or name contains it.
    void hang(const std::string& kind, const std::string& part = "") const;
    void go_on(const std::string& kind) const;
    /// Makes calls of this kind fail from now on.
    void fail(const std::string& kind) const { hang("no-" + kind); }
    bool was_caught(const std::string& kind) const;

    /// Fills the bank with balanced mode, and waits for the miner's ON.
    bool miner_on();
    /// Sets the mode `off`: after a low voltage the miner would have to rest for ten minutes.
    bool miner_off();
    /// Drops the bank to `voltage`, and waits for the miner's OFF.
    bool miner_off_at(double voltage);
    bool set_mode(const std::string& mode) const;
    /// Returns true if the loop completes turns, by the time of the newest one.
    bool turns_on() const;
    /// Returns true if the newest turn decided by this voltage.
    bool sees(double voltage) const;
    nlohmann::json status() const;
    double stat(const std::string& name) const;
    void reload();
    /// Returns true once the newest reload is in force.
    bool reloaded();
    bool ends_in_order();
    /// One pass of the loop: a turn, or its work at any other wake.
    struct Pass {
        double ms = 0, cpu_ms = 0;
        int waits = 0;  ///< times it gave up the processor voluntarily: for a sleep, a lock, a file
    };
    /// Records passes from now on, until passes().
    void record_passes() const;
    std::vector<Pass> passes() const;
    /// Return what the manager has read so far, and the content of the journal.
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
