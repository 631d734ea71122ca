// The bearer token of the local API: who can read its file may use the API.
#pragma once

#include <string>
#include <string_view>

#include "drivers/result.hpp"

namespace volt::api {

/// Reads the token at `path`; makes it (64 hex digits, mode 0640, group voltd where there is one) if it is missing or
/// empty. One that others could read is narrowed to 0640. Refused: shorter than 32 characters, or no plain file.
Result<std::string> load_or_make_token(const std::string& path);

/// Creates a new one at `path` (64 hex digits, mode 0640, group voltd if it exists), replacing any file.
Result<std::string> make_token(const std::string& path);

/// Gives the file at `path` to the group voltd; where there is no such group, or it is not ours to give, it stays as it is.
void give_to_group(const std::string& path);

/// Takes as long for a wrong token as for the right one.
bool same_token(std::string_view given, std::string_view expected);

/// What follows `Bearer` in an `Authorization` header; empty: another scheme.
std::string bearer_of(std::string_view header);

/// Whether an `Authorization` header carries the token: `Bearer <token>`.
bool authorized(std::string_view header, std::string_view token);

}  // namespace volt::api
