// Uses OpenSSL's libcrypto: hashes, randomness, comparison of secrets.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace volt {

/// Returns the SHA-256 of `data` as 64 hexadecimal digits in lower case. Throws if libcrypto provides none.
std::string sha256_hex(std::string_view data);

/// Returns the SHA-256 of a file, or an empty string if it cannot be read.
std::string sha256_of_file(const std::string& path);

/// Returns `bytes` random bytes suitable for keys, as twice as many hexadecimal digits, or empty without randomness.
std::optional<std::string> random_hex(std::size_t bytes);

/// Returns true if two secrets are the same, in a time that depends only on their lengths.
bool same_secret(std::string_view given, std::string_view expected);

}  // namespace volt
