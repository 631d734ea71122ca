// Rows of the former cloud as its API gave them, as fields of the settings. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ctl/views/text.hpp"
#include "drivers/store/settings/edit.hpp"

namespace volt::ctl::cloud {

/// Byte order mark that spreadsheets and PowerShell put before UTF-8 text.
inline constexpr std::string_view utf8_bom = "\xEF\xBB\xBF";
inline constexpr std::size_t most_json_bytes = std::size_t{4} << 20, most_cloud_rows = 512;

struct CloudRows {
    WantedRows rows;
    std::vector<std::string> unknown;               ///< `miners: Miner 1: pool_url`: no field of the settings
    std::vector<std::string> notes;                 ///< what is left as it is, and why
    std::map<std::string, std::string> zone_names;  ///< by the cloud's id
    std::string problem;                            ///< why the text is none of them; empty: it is
};

/// An answer of `GET /api/preferences`, `/api/miners` or `/api/hvac/zones`: which one is seen by its fields. Adds to `into`;
/// false: `into.problem` says why not. `file` names it in texts.
bool add_cloud_rows(const std::string& text, const std::string& file, CloudRows& into);

/// After all files: a miner's zone, which has the cloud's id, by its name.
void name_zones(CloudRows& rows);

}  // namespace volt::ctl::cloud
