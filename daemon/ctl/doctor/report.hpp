// Report of doctor, for people and as JSON.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/doctor/check.hpp"
#include "daemon/ctl/views/text.hpp"

namespace volt::ctl::doctor {

struct ReportHead {
    std::string at;    ///< UTC, ISO 8601
    std::string site;  ///< empty if unknown
};

/// Returns true if no check failed; with `strict`, also if none warns.
bool is_content(const std::vector<Check>& checks, bool strict);

Json report_json(const ReportHead& head, const std::vector<Check>& checks, bool strict);
/// Returns failures, then warnings, then the skipped ones and the number of passed ones.
std::vector<std::string> report_lines(const std::vector<Check>& checks, const Paint& paint);

}  // namespace volt::ctl::doctor
