// Terms of a README as a page of the manual: each table row becomes a heading, so that a search finds each term by itself.
#pragma once

#include <string>
#include <string_view>

namespace volt::ctl {

/// Returns the section `## HEADING` of a README as a page: its text, and each row of its table of terms and meanings as a heading
/// with a paragraph. Throws std::runtime_error if there is no such section. Pure.
std::string terms_page(const std::string& markdown, std::string_view heading);

}  // namespace volt::ctl
