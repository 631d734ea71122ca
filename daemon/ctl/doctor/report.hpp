// What doctor prints: for people and as JSON.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/doctor/check.hpp"
#include "daemon/ctl/views/text.hpp"

namespace volt::ctl::doctor {

struct ReportHead {
    std::string at;    ///< UTC, ISO 8601
    std::string site;  ///< empty: not known
};

/// No check failed; `strict`: none warns either.
bool is_content(const std::vector<Check>& checks, bool strict);

Json report_json(const ReportHead& head, const std::vector<Check>& checks, bool strict);
/// Failures, then warnings, then what was skipped and how many are well.
std::vector<std::string> report_lines(const std::vector<Check>& checks, const Paint& paint);

}  // namespace volt::ctl::doctor
