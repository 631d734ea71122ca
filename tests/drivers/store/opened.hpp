// Opens a store, or ends the test.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "drivers/store/writer/open.hpp"

namespace volt::test {

inline OpenedStore must_open(const std::string& path, const StoreOptions& options) {
    Result<OpenedStore> opened = open_store(path, options);
    REQUIRE_MESSAGE(opened.ok(), (opened ? "" : opened.failure().text));
    return std::move(opened.value());
}

}  // namespace volt::test
