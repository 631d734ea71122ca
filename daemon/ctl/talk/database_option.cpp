#include "daemon/ctl/talk/database_option.hpp"

#include <sys/stat.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cerrno>
#include <fstream>
#include <string_view>

#include "daemon/ctl/talk/error_output.hpp"

namespace volt::ctl {

namespace {

/// Returns true if this user may reach the file. Reports a closed directory, because a file in it seems missing.
bool may_reach(const std::string& path, bool json) {
    if (::access(path.c_str(), R_OK) == 0 || errno != EACCES) return true;
    refuse(json, Refusal{path + ": permission denied", join_the_group});
    return false;
}

}  // namespace

void add_database_option(CLI::App& command, DatabaseChoice& options) {
    command.add_option("--database", options.database, "database to use instead of the configured one")->type_name("FILE");
}

bool may_be_database(const std::string& path, bool json) {
    constexpr std::string_view magic = "SQLite format 3";
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0) return true;
    const char* what = S_ISDIR(about.st_mode) ? "is a directory" : nullptr;
    char begin[magic.size()] = {};
    // SQLite reports a file that cannot be read.
    if (S_ISREG(about.st_mode) && about.st_size > 0 &&
        std::ifstream(path, std::ios::binary).read(begin, sizeof begin).gcount() > 0 &&
        std::string_view(begin, sizeof begin) != magic)
        what = "is not a SQLite database";
    if (what == nullptr) return true;
    refuse(json, Refusal{path + " " + what,
                         "is it the right file? If it is voltd's, it is damaged: when voltd starts, it moves the file aside and "
                         "uses the newest good copy"});
    return false;
}

std::optional<std::string> find_database(const DatabaseChoice& options, const AddressOptions& address, bool whatever_it_is) {
    if (address.url) {
        refuse(
            address.json,
            Refusal{
                "this works on the database file, not over --url; nothing was done",
                "run it without --url on the machine with the database; --config FILE or --database FILE chooses another one"});
        return std::nullopt;
    }
    std::optional<std::string> path = real_path(options.database ? *options.database : reach_of(address).database);
    if (!may_reach(*path, address.json)) path.reset();
    if (path && !whatever_it_is && !may_be_database(*path, address.json)) path.reset();
    return path;
}

}  // namespace volt::ctl
