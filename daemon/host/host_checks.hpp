// HostChecks: what a background thread checks of this computer from time to time: the clock's synchronization, the power supply,
// the certificate authority of the broker.
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
    /// `stop` ends a check that waits. `hwmon`: where the kernel shows its sensors.
    HostChecks(std::function<bool()> stop, std::string hwmon);

    /// Background thread: all of it once. No exception leaves it: it costs one pass.
    void run();

    bool clock_synchronised() const { return synchronised_; }
    /// Whether the computer's own supply was too low in the last minutes.
    bool under_voltage() const { return under_voltage_; }
    /// This file of certificates is checked from now on, each hour; empty: none.
    void watch_certificates(const std::string& file);
    /// Of that file, as of the last check.
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
