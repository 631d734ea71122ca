#include "daemon/host/host_checks.hpp"

#include <exception>
#include <utility>

#include "daemon/host/clock.hpp"
#include "drivers/source.hpp"

namespace volt {

namespace {

// The query starts timedated, which takes a while on a small machine at boot.
constexpr Duration timedate_limit = 5s;
constexpr Duration certificates_every = 1h;

}  // namespace

HostChecks::HostChecks(std::function<bool()> stop, std::string hwmon)
    : clock_(clock_is_synchronised, [stop = std::move(stop)] { return query_timedate(timedate_limit, stop); }),
      supply_(std::move(hwmon)),
      synchronised_(clock_is_synchronised().value_or(false)) {}

void HostChecks::run() {
    try {
        synchronised_ = clock_.update(WallClock().utc(Time{}), monotonic_now());
        under_voltage_ = supply_.update(monotonic_now());
        check_certificates();
    } catch (const std::exception&) { synchronised_ = false; }
}

void HostChecks::watch_certificates(const std::string& file) {
    const std::lock_guard lock(mutex_);
    if (file == certificates_) return;
    certificates_ = file;
    certificate_end_.reset();
    certificates_checked_.reset();
}

std::optional<CertificateEnd> HostChecks::certificate_end() {
    const std::lock_guard lock(mutex_);
    return certificate_end_;
}

void HostChecks::check_certificates() {
    std::string file;
    {
        const std::lock_guard lock(mutex_);
        if (certificates_.empty() || (certificates_checked_ && monotonic_now() - *certificates_checked_ < certificates_every))
            return;
        file = certificates_;
    }
    auto first = first_to_end(file);
    const std::lock_guard lock(mutex_);
    if (file != certificates_) return;
    certificate_end_ = std::move(first);
    certificates_checked_ = monotonic_now();
}

}  // namespace volt
