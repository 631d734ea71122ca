// The broker's password: from its file, or from the systemd credential of the same file name.
#pragma once

#include <string>

#include "drivers/result.hpp"

namespace volt {

/// First line of the credential `$CREDENTIALS_DIRECTORY/<file name>`, else of `file`; at most 4 kB are read.
/// An empty `file` is an empty password; refused if the file and the credential are unreadable.
Result<std::string> read_password(const std::string& file);

}  // namespace volt
