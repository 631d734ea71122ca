// For every command that needs a running voltd: reads its answers, or prints the error and the remedy.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/ctl/talk/api_client.hpp"
#include "daemon/ctl/talk/error_output.hpp"
#include "daemon/ctl/talk/line.hpp"
#include "daemon/ctl/views/text.hpp"

namespace volt::ctl {

/// Prints why an answer is an error, and the remedy; returns 1 or 3. `word`: the requested name, so that the
/// nearest of the known ones comes first.
int complain(const ApiAddress& address, const ApiReply& reply, const std::string& word = {});

/// The answer as a JSON object; prints an error and returns nothing if it is not one. `code` is 0, 1 or 3 then.
std::optional<Json> ask(const ApiAddress& address, const std::string& path, int& code, const std::string& word = {});

/// Asks `question` with y/N on the terminal; false also where there is none.
bool confirmed(const std::string& question);

/// Shows `question` on the terminal; whether `word` was typed. False also where there is none.
bool typed(const std::string& question, const std::string& word);

void print(const std::vector<std::string>& lines);
void print(const Json& json);

/// Does `command` with the address of the daemon.
template <class Command>
int with_address(const Program& program, Command command) {
    return command(find_address(program.address));
}

}  // namespace volt::ctl
