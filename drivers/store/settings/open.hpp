// Opens a database for reading or editing the settings, with or without a running daemon.
#pragma once

#include "drivers/store/settings/edit.hpp"

namespace volt {

/// Time to wait for another program's lock.
inline constexpr int settings_busy_ms = 5000;

/// Opens an existing database; creates, repairs and migrates nothing. Fails with `unavailable` and the remedy if it is missing,
/// not permitted, damaged, or has another schema than this program.
Edit<Connection> open_settings(const std::string& path, bool to_write, int busy_ms = settings_busy_ms);
/// Opens it with a wait that can be given up. `wait` and its flag must outlive the connection.
Edit<Connection> open_settings(const std::string& path, bool to_write, const LockWait& wait);

}  // namespace volt
