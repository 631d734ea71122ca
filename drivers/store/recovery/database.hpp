// Opens the database: checks it, moves it aside if broken, restores it from the newest copy, migrates it.
#pragma once

#include <string>
#include <vector>

#include "drivers/result.hpp"
#include "drivers/store/schema/migrations.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

struct DatabaseOptions {
    int busy_ms = 2000;                ///< time to wait for another program's lock
    int check_ms = 5000;               ///< time limit of quick_check at opening, after which the file counts as sound
    std::int64_t most_pages = 131072;  ///< times 4096 bytes, 512 MB: leaves room to delete when the device fills up
};

struct OpenedDatabase {
    Connection connection;
    std::string damage;                ///< damage of the settings (read_checked_settings), or empty
    std::string identity;              ///< identity of the file, to notice a replacement
    bool made_anew = false;            ///< no sound file existed: this one is new, or made from a copy
    bool restored = false;             ///< there is a note: the file or its settings were replaced, now or earlier
    std::vector<std::string> notes;    ///< actions taken, for people
    std::string copy;                  ///< copy made before the first pending migration, or empty
    std::vector<std::string> applied;  ///< migrations
};

/// Opens for writing (WAL, FULL), and creates missing parts. Fault::refused: must not be touched, and was not. Other faults:
/// cannot be opened or written now; try again.
Result<OpenedDatabase> open_database(const std::string& path, const std::vector<Migration>& migrations,
                                     const DatabaseOptions& options);

/// Opens, copies before the first pending migration (`copy_first`), and migrates, once the file is known to be sound or missing.
Result<OpenedDatabase> open_and_migrate(const std::string& path, const std::vector<Migration>& migrations,
                                        const DatabaseOptions& options, bool copy_first);

/// Opens a read-only database for its settings and rule state. Fails if it is not sound, or its schema is not that of
/// `migrations`.
Result<Connection> open_to_read(const std::string& path, const std::vector<Migration>& migrations,
                                const DatabaseOptions& options);

}  // namespace volt
