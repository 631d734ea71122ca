// Expiry of the broker's certificate authority. The broker's own certificate cannot be checked beforehand, because the MQTT
// library does not show it.
#pragma once

#include <optional>
#include <string>

#include "rules/time.hpp"

namespace volt {

/// Certificate and its last moment.
struct CertificateEnd {
    std::string name;  ///< common name, or subject
    Utc at{};
    bool operator==(const CertificateEnd&) const = default;
};

/// Returns the certificate of a PEM file that expires first. Returns nothing if there is none, or more than `most_certificates`:
/// a bundle of the system is renewed with it. Blocks while the disk does.
std::optional<CertificateEnd> first_to_end(const std::string& file);

inline constexpr int most_certificates = 16;
inline constexpr Duration certificate_warning = 14 * 24h;

/// Returns the sentence of an alarm from 14 days before expiry on. Empty if there is time, or nothing is known.
std::string certificate_text(const std::optional<CertificateEnd>& first, const std::string& file, Utc now);

}  // namespace volt
