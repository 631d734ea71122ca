// Whole numbers in a path or a query.
#pragma once

#include <cstdint>

#include "daemon/api/http/router.hpp"

namespace volt::agent {

/// Returns a whole number in decimal digits, or nothing if it is not one.
std::optional<std::int64_t> whole_number(const std::string& text);
/// Reads the value of this key, 1 to `most`, or `usual` if it is missing. Returns the rejection, if any.
std::optional<api::HttpAnswer> number_of(const api::HttpRequest& request, const char* key, std::int64_t usual, std::int64_t most,
                                         std::int64_t& number);
/// Reads `limit` in the same way.
std::optional<api::HttpAnswer> limit_of(const api::HttpRequest& request, std::size_t usual, std::size_t most, std::size_t& limit);

}  // namespace volt::agent
