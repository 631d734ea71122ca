// What OpenSSL's libcrypto does for voltd: hashes, randomness, comparison of secrets.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace volt {

/// The SHA-256 of `data` as 64 hexadecimal digits in lower case; throws if libcrypto provides none.
std::string sha256_hex(std::string_view data);

/// The same of a file; empty: it cannot be read.
std::string sha256_of_file(const std::string& path);

/// `bytes` random bytes suitable for keys, as twice as many hexadecimal digits; empty: no randomness.
std::optional<std::string> random_hex(std::size_t bytes);

/// Whether two secrets are the same, in a time that depends only on their lengths.
bool same_secret(std::string_view given, std::string_view expected);

}  // namespace volt
