// A database opened for reading or editing the settings, beside a daemon or without one.
#pragma once

#include "drivers/store/settings/edit.hpp"

namespace volt {

/// How long to wait for another program's lock.
inline constexpr int settings_busy_ms = 5000;

/// Opens an existing database; creates, repairs and migrates nothing. `unavailable`, with the remedy: missing, not permitted,
/// damaged, of another schema than this program's.
Edit<Connection> open_settings(const std::string& path, bool to_write, int busy_ms = settings_busy_ms);
/// The same with a wait that can be given up; `wait` and its flag must outlive the connection.
Edit<Connection> open_settings(const std::string& path, bool to_write, const LockWait& wait);

}  // namespace volt
