// A list that gives its memory to the next one.
#pragma once

#include <utility>

namespace volt {

/// The memory of `list`, without its entries.
template <class List>
List emptied(List& list) {
    list.clear();
    return std::move(list);
}

}  // namespace volt
