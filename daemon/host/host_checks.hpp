// HostChecks: periodic checks of this computer on a background thread: clock synchronization, power supply, certificate authority
// of the broker.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "daemon/host/certificate.hpp"
#include "daemon/host/timedate.hpp"
#include "daemon/host/under_voltage.hpp"

namespace volt {

class HostChecks {
public:
    /// `stop` ends a waiting check. `hwmon`: directory of the kernel's sensors.
    HostChecks(std::function<bool()> stop, std::string hwmon);

    /// Runs all checks once, on the background thread. Catches every exception, which costs one pass.
    void run();

    bool clock_synchronised() const { return synchronised_; }
    /// Returns true if the computer's own supply was too low in the last minutes.
    bool under_voltage() const { return under_voltage_; }
    /// Checks this certificate file from now on, each hour. Empty means none.
    void watch_certificates(const std::string& file);
    /// Returns the first expiry in that file, as of the last check.
    std::optional<CertificateEnd> certificate_end();

private:
    void check_certificates();

    ClockWatch clock_;
    UnderVoltage supply_;
    std::atomic<bool> synchronised_, under_voltage_ = false;
    std::mutex mutex_;
    std::string certificates_;
    std::optional<CertificateEnd> certificate_end_;
    std::optional<Time> certificates_checked_;
};

}  // namespace volt
