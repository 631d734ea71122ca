// Reuses the memory of a list.
#pragma once

#include <utility>

namespace volt {

/// Returns the memory of `list` without its entries.
template <class List>
List emptied(List& list) {
    list.clear();
    return std::move(list);
}

}  // namespace volt
