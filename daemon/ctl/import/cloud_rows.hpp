// Rows of the former cloud from its API, as fields of the settings. Pure.
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
    std::vector<std::string> notes;                 ///< parts that were not imported, with the reason
    std::map<std::string, std::string> zone_names;  ///< by the cloud's id
    std::string problem;                            ///< reason the text is none of them, or empty if it is
};

/// Adds an answer of `GET /api/preferences`, `/api/miners` or `/api/hvac/zones`, recognized by its fields, to `into`. Returns
/// false with the reason in `into.problem`. `file` names it in texts.
bool add_cloud_rows(const std::string& text, const std::string& file, CloudRows& into);

/// Replaces the cloud's zone ids of miners by names. Call after all files.
void name_zones(CloudRows& rows);

}  // namespace volt::ctl::cloud
