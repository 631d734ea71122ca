// When the certificate authority of the broker ends. The broker's own certificate cannot be checked beforehand: the MQTT library
// does not show it.
#pragma once

#include <optional>
#include <string>

#include "rules/time.hpp"

namespace volt {

/// A certificate and its last moment.
struct CertificateEnd {
    std::string name;  ///< its common name, or its subject
    Utc at{};
    bool operator==(const CertificateEnd&) const = default;
};

/// The one of a PEM file that ends first; nothing where there is none, or more than `most_certificates`: a bundle of the system is
/// renewed with it. Blocks as long as the disk does.
std::optional<CertificateEnd> first_to_end(const std::string& file);

inline constexpr int most_certificates = 16;
inline constexpr Duration certificate_warning = 14 * 24h;

/// The sentence of an alarm from 14 days before on; empty: there is time, or nothing is known.
std::string certificate_text(const std::optional<CertificateEnd>& first, const std::string& file, Utc now);

}  // namespace volt
