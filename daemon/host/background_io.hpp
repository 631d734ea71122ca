// Slow file reads outside the loop: the configuration, the clock's synchronization, the tz database. A minute
// after the start it gives back what only the start needed.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "daemon/config/config.hpp"
#include "daemon/host/certificate.hpp"
#include "daemon/host/clock.hpp"
#include "daemon/host/timedate.hpp"
#include "daemon/host/under_voltage.hpp"

namespace volt {

/// A zone that was asked for; no clock: there is none of that name.
struct LoadedZone {
    std::string name;
    std::unique_ptr<ZoneClock> clock;
};

class BackgroundIo {
public:
    /// Without a thread (the system has none to give) nothing is looked at; it is tried again each second. `every`: how often
    /// the clock's state is looked at. `wake` is called when something that was asked for is there. `hwmon`: where the kernel
    /// shows its sensors.
    explicit BackgroundIo(
        Duration every = 5s, std::function<void()> wake = [] {}, std::string hwmon = hwmon_directory);
    ~BackgroundIo();
    BackgroundIo(const BackgroundIo&) = delete;
    BackgroundIo& operator=(const BackgroundIo&) = delete;

    /// False too while there is no thread to look.
    bool clock_synchronised();
    /// Asks for a zone; at most one wish is kept, the newest.
    void want_zone(const std::string& name);
    /// What became of the newest wish, once; nothing while it is loading.
    std::optional<LoadedZone> take_zone();

    /// A file of certificates is looked at from now on, each hour; empty: none.
    void watch_certificates(const std::string& file);
    /// Of that file, as it was seen last.
    std::optional<CertificateEnd> certificate_end();

    /// Whether the computer's own supply was too low in the last minutes.
    bool under_voltage() const { return under_voltage_; }

    /// Asks for the configuration file to be read and compared with the text in force; at most one wish is kept.
    void want_config(const std::string& path, std::string in_force = {});
    /// What it says, once; nothing while it is being read.
    std::optional<ParsedConfig> take_config();
    /// Asks for a copy of the file that is in force at `path`; at most one wish is kept, the newest.
    void keep_config(const std::string& path, std::string text);
    /// Why the last copy failed, once.
    std::optional<std::string> take_copy_trouble();

private:
    void start();
    void run();
    void look();
    void look_at_certificates();
    void shed();
    bool do_wish(std::unique_lock<std::mutex>& lock);
    bool do_copy(std::unique_lock<std::mutex>& lock);

    const Duration every_;
    const std::function<void()> wake_loop_;
    std::atomic<bool> stop_ = false;
    std::optional<Time> shed_at_;  ///< memory of the start, or of reading a configuration, goes then
    ClockWatch clock_;
    std::atomic<bool> synchronised_;
    UnderVoltage supply_;
    std::atomic<bool> under_voltage_ = false;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::string wanted_, wanted_config_, in_force_;
    std::optional<LoadedZone> loaded_;
    std::optional<ParsedConfig> config_;
    struct Copy {
        std::string path, text;
    };
    std::optional<Copy> wanted_copy_;
    std::optional<std::string> copy_trouble_;
    std::string certificates_;
    std::optional<CertificateEnd> certificate_end_;
    std::optional<Time> certificates_seen_;
    std::thread thread_;
    Time tried_{};  ///< to get the thread
};

}  // namespace volt
