// Password of the broker: from its file, or from the systemd credential with the same file name.
#pragma once

#include <string>

#include "drivers/result.hpp"

namespace volt {

/// Returns the first line of the credential `$CREDENTIALS_DIRECTORY/<file name>`, else of `file`; reads at most 4 kB. An empty
/// `file` gives an empty password. Refused if file and credential are unreadable.
Result<std::string> read_password(const std::string& file);

}  // namespace volt
