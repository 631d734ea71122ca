// Text of voltd.yaml from answers: in the order of the example, each key with the sentence of its schema. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/ctl/views/text.hpp"

namespace volt::ctl::init {

/// Content for the head of the file besides the answers.
struct FileHead {
    std::string date;                  ///< 2025-06-21
    std::string version;               ///< of voltd
    std::vector<std::string> found;    ///< findings, one line each
    std::vector<std::string> missing;  ///< wanted sections that could not be filled in, written as commented blocks
};

/// Returns the file. Omits keys with their default, except a few that explain. It always starts in shadow.
std::string site_file(const Json& answers, const FileHead& head);

/// Returns the location of the site, or nothing if the answers have none.
std::optional<SitePlace> place_of(const Json& answers);

/// Returns the output id for a miner or a room: "primary-s21" for "Primary S21".
std::string output_id(const std::string& name);

}  // namespace volt::ctl::init
