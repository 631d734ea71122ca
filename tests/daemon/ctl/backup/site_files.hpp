// Site in a temporary directory: voltd.yaml, a database, a stick; and tampered backups of it.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <string>

#include "daemon/ctl/backup/making.hpp"
#include "daemon/ctl/backup/restoring.hpp"
#include "drivers/store/recovery/maintenance.hpp"
#include "drivers/store/sqlite/sqlite.hpp"
#include "tests/fakes/process.hpp"

namespace volt::testing {

struct SiteFiles {
    TempDir dir;
    std::string config = dir / "etc/voltd.yaml", database = dir / "lib/voltd.db", stick = dir / "stick";

    explicit SiteFiles(int port = 1) {
        for (const char* name : {"etc", "lib", "stick"}) std::filesystem::create_directory(dir / name);
        write_file(config, "site: shack\ndatabase: " + database +
                               "\nvictron: { host: 127.0.0.1 }\nmqtt: { url: \"mqtt://127.0.0.1:" + std::to_string(port) +
                               "\" }\napi: { token_file: " + (dir / "run/token") + " }\n");
        REQUIRE(migrate_database(database, built_in_migrations()));
    }

    void sql(const std::string& statement) const {
        Result<Connection> db = Connection::open(database, OpenMode::read_write);
        REQUIRE(db);
        REQUIRE_MESSAGE(db.value().execute(statement).ok(), statement);
    }
    std::string asked(const std::string& query) const {
        Result<Connection> db = Connection::open(database, OpenMode::read_only);
        return db ? db.value().text(query).value_or("") : "no database";
    }

    ctl::backup::BackupRequest request() const { return {config, database, stick, 8, false}; }
    std::string backed_up() const {
        const auto made = ctl::backup::make_backup(request());
        REQUIRE_MESSAGE(made, (made ? "" : made.failure().text));
        return made.value().file;
    }
    /// Simulates a dead card.
    void wipe() const {
        for (const char* name : {"etc", "lib"}) std::filesystem::remove_all(dir / name);
    }
    /// Returns every file below the directory with its content, except those of an open database.
    std::map<std::string, std::string> everything() const {
        std::map<std::string, std::string> found;
        for (const auto& it : std::filesystem::recursive_directory_iterator(dir.path()))
            if (const std::string name = it.path();
                !name.ends_with(".lock") && !name.ends_with("-wal") && !name.ends_with("-shm"))
                found[it.path()] = it.is_regular_file() ? read_file(it.path()) : "";
        return found;
    }
    /// Returns a copy of the backup after the command line `change` ran on its unpacked files; packed in the order of `names`.
    std::string changed(const std::string& backup, const std::string& change, const std::string& names = "*") const {
        const std::string out = dir / "changed.tar.gz";
        const Ended done = shell("set -e; rm -rf " + (dir / "x") + " " + out + "; mkdir " + (dir / "x") + "; cd " + (dir / "x") +
                                 "; tar -xzf " + backup + "; " + change + "; tar -czPf " + out + " MANIFEST $(ls " + names +
                                 " | grep -v MANIFEST); cd ..; rm -r x");
        REQUIRE_MESSAGE(done.code == 0, done.out);
        return out;
    }
};

}  // namespace volt::testing
