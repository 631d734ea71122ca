// Bearer token of the local API: anyone who can read its file may use the API.
#pragma once

#include <string>
#include <string_view>

#include "drivers/result.hpp"

namespace volt::api {

/// Reads the token at `path`. Creates it (64 hex digits, mode 0640, group voltd if it exists) if it is missing or empty. Narrows
/// a mode that lets others read it to 0640. Fails if it is shorter than 32 characters or not a plain file.
Result<std::string> load_or_make_token(const std::string& path);

/// Creates a new token at `path` (64 hex digits, mode 0640, group voltd if it exists), replacing any file.
Result<std::string> make_token(const std::string& path);

/// Gives the file at `path` to the group voltd. Leaves it unchanged if there is no such group or voltd does not own it.
void give_to_group(const std::string& path);

/// Compares tokens in constant time.
bool same_token(std::string_view given, std::string_view expected);

/// Returns the token after `Bearer` in an `Authorization` header, or an empty string for another scheme.
std::string bearer_of(std::string_view header);

/// Returns true if an `Authorization` header carries the token: `Bearer <token>`.
bool authorized(std::string_view header, std::string_view token);

}  // namespace volt::api
