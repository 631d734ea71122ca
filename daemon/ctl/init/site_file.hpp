// The text of voltd.yaml from answers: in the order of the example, each key with the sentence of its schema. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/ctl/views/text.hpp"

namespace volt::ctl::init {

/// What the head of the file says besides the answers.
struct FileHead {
    std::string date;                  ///< 2025-06-21
    std::string version;               ///< of voltd
    std::vector<std::string> found;    ///< what was found, one line each
    std::vector<std::string> missing;  ///< sections that are wanted and could not be filled in: left as commented blocks
};

/// Keys at their default are left out, but for a few that teach. It always begins in shadow.
std::string site_file(const Json& answers, const FileHead& head);

/// Where the site is; nothing: the answers have no place.
std::optional<SitePlace> place_of(const Json& answers);

/// The id of an output for a miner or a room: "primary-s21" of "Primary S21".
std::string output_id(const std::string& name);

}  // namespace volt::ctl::init
