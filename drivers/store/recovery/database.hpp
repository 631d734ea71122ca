// Opening the database: checked, moved aside when it is broken, restored from the newest copy, migrated.
#pragma once

#include <string>
#include <vector>

#include "drivers/result.hpp"
#include "drivers/store/schema/migrations.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

struct DatabaseOptions {
    int busy_ms = 2000;                ///< how long to wait for another program's lock
    int check_ms = 5000;               ///< quick_check at opening ends after this, as sound
    std::int64_t most_pages = 131072;  ///< times 4096 bytes, 512 MB: keeps room to delete when the device fills
};

struct OpenedDatabase {
    Connection connection;
    std::string damage;                ///< of the settings (read_checked_settings); empty: none
    std::string identity;              ///< of the file, to see when it is replaced
    bool made_anew = false;            ///< there was none, or none that is sound: this one is new, or made of a copy
    bool restored = false;             ///< there is a note: the file or its settings were replaced, now or earlier
    std::vector<std::string> notes;    ///< what was done, for people
    std::string copy;                  ///< made before the first pending migration; empty: none was
    std::vector<std::string> applied;  ///< migrations
};

/// Opens for writing (WAL, FULL), creating what is missing. Fault::refused: must not be touched, and has not been.
/// Other faults: cannot be opened or written now; try again.
Result<OpenedDatabase> open_database(const std::string& path, const std::vector<Migration>& migrations,
                                     const DatabaseOptions& options);

/// The steps of it once the file is known to be sound or is not there: opened, copied before the first pending
/// migration (`copy_first`), migrated.
Result<OpenedDatabase> open_and_migrate(const std::string& path, const std::vector<Migration>& migrations,
                                        const DatabaseOptions& options, bool copy_first);

/// What the settings and the rule state of a database can be read through that cannot be written. Nothing when it is
/// not sound, or its schema is not that of `migrations`.
Result<Connection> open_to_read(const std::string& path, const std::vector<Migration>& migrations,
                                const DatabaseOptions& options);

}  // namespace volt
