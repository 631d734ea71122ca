// Columns of text fitted to a width.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/views/text.hpp"

namespace volt::ctl {

using Cells = std::vector<std::string>;

/// Returns one line for each row, with the first one (the headings) bold. If the total is wider than `width`, cuts the widest
/// columns with `…`, none to less than 6. `width` 0 means unlimited.
std::vector<std::string> table_lines(const std::vector<Cells>& rows, std::size_t width, const Paint& paint);

}  // namespace volt::ctl
