// Columns of text fitted to a width.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/views/text.hpp"

namespace volt::ctl {

using Cells = std::vector<std::string>;

/// One line for each row, the first one (the headings) bold. Where the sum is wider than `width`, the widest columns are
/// cut with `…`, none to less than 6. `width` 0: as wide as it is.
std::vector<std::string> table_lines(const std::vector<Cells>& rows, std::size_t width, const Paint& paint);

}  // namespace volt::ctl
