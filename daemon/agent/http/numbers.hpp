// Whole numbers in a path or a query.
#pragma once

#include <cstdint>

#include "daemon/api/http/router.hpp"

namespace volt::agent {

/// A whole number in decimal digits; nothing: it is none.
std::optional<std::int64_t> whole_number(const std::string& text);
/// The value of this key, 1 to `most`; `usual` where it is not given. Not empty: the refusal.
std::optional<api::HttpAnswer> number_of(const api::HttpRequest& request, const char* key, std::int64_t usual, std::int64_t most,
                                         std::int64_t& number);
/// The same of `limit`.
std::optional<api::HttpAnswer> limit_of(const api::HttpRequest& request, std::size_t usual, std::size_t most, std::size_t& limit);

}  // namespace volt::agent
