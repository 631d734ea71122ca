#include "daemon/ctl/database_option.hpp"

#include <sys/stat.h>

#include <iostream>

#include "daemon/config.hpp"

namespace volt::ctl {

namespace {

bool is_there(const std::string& path) {
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0;
}

}  // namespace

void add_database_option(CLI::App& command, DatabaseChoice& options) {
    command.add_option("--database", options.database, "the database, instead of the configured one")->type_name("FILE");
}

std::optional<std::string> find_database(const DatabaseChoice& options, const AddressOptions& address) {
    if (options.database) return options.database;
    const std::string path = address.config.value_or(default_config);
    if (!address.config && !is_there(path)) return Config{}.database;
    const ParsedConfig parsed = load_config(path);
    if (parsed.config) return parsed.config->database;
    for (const Problem& problem : parsed.problems) std::cerr << text_of(problem) << '\n';
    std::cerr << "voltctl: which database? " << path << " cannot be used; mend it, or say --database FILE\n";
    return std::nullopt;
}

}  // namespace volt::ctl
