// SHA-256 (FIPS 180-4), for the checksums of migrations. Not for secrets.
#pragma once

#include <string>
#include <string_view>

namespace volt {

/// The digest of `data` as 64 hexadecimal digits in lower case.
std::string sha256_hex(std::string_view data);

}  // namespace volt
