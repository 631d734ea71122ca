#include "daemon/ctl/database_option.hpp"

#include <CLI/CLI.hpp>
#include <sys/stat.h>

#include <fstream>
#include <string_view>

#include "daemon/config/config.hpp"
#include "daemon/ctl/refusal.hpp"

namespace volt::ctl {

namespace {

bool is_there(const std::string& path) {
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0;
}

std::optional<std::string> configured_database(const DatabaseChoice& options, const AddressOptions& address) {
    if (options.database) return options.database;
    const std::string path = address.config.value_or(default_config);
    if (!address.config && !is_there(path)) return Config{}.database;
    const ParsedConfig parsed = load_config(path);
    if (parsed.config) return parsed.config->database;
    std::vector<std::string> problems;
    for (const Problem& it : parsed.problems) problems.push_back(text_of(it));
    refuse_all(address.json, problems, "which database? " + path + " cannot be used; mend it, or say --database FILE");
    return std::nullopt;
}

}  // namespace

void add_database_option(CLI::App& command, DatabaseChoice& options) {
    command.add_option("--database", options.database, "the database, instead of the configured one")->type_name("FILE");
}

bool may_be_database(const std::string& path, bool json) {
    constexpr std::string_view magic = "SQLite format 3";
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0) return true;
    const char* what = S_ISDIR(about.st_mode) ? "is a directory" : nullptr;
    char begin[magic.size()] = {};
    // What cannot be read is for SQLite to complain of.
    if (S_ISREG(about.st_mode) && about.st_size > 0 && std::ifstream(path, std::ios::binary).read(begin, sizeof begin).gcount() > 0 &&
        std::string_view(begin, sizeof begin) != magic)
        what = "is not a database: it does not begin as a SQLite file";
    if (what == nullptr) return true;
    refuse(json, Refusal{path + " " + what, "is it the right file? If it is voltd's, it is damaged: voltd moves it aside when it starts and "
                                           "takes the newest good copy"});
    return false;
}

std::optional<std::string> find_database(const DatabaseChoice& options, const AddressOptions& address, bool whatever_it_is) {
    if (address.url) {
        refuse(address.json, Refusal{"this works on the database itself, and --url names a voltd, maybe of another machine: nothing was done",
                                     "leave --url out, on the machine with the database; --config FILE or --database FILE names another one"});
        return std::nullopt;
    }
    auto path = configured_database(options, address);
    if (path) path = real_path(*path);
    if (path && !whatever_it_is && !may_be_database(*path, address.json)) path.reset();
    return path;
}

}  // namespace volt::ctl
