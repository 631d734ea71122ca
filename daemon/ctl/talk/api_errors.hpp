// Answers of a running voltd: reads them, or prints the error and the remedy.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/ctl/talk/api_client.hpp"
#include "daemon/ctl/talk/error_output.hpp"
#include "daemon/ctl/talk/line.hpp"
#include "daemon/ctl/views/text.hpp"

namespace volt::ctl {

/// Prints the reason an answer is an error, and the remedy. Returns 1 or 3. `word`: requested name, to list the nearest known one
/// first.
int complain(const ApiAddress& address, const ApiReply& reply, const std::string& word = {});

/// Returns the answer as a JSON object, or nothing after printing an error. Sets `code` to 0, 1 or 3.
std::optional<Json> ask(const ApiAddress& address, const std::string& path, int& code, const std::string& word = {});

/// Asks `question` with y/N on the terminal. Returns false without a terminal.
bool confirmed(const std::string& question);

/// Shows `question` on the terminal. Returns true if `word` was typed, and false without a terminal.
bool typed(const std::string& question, const std::string& word);

void print(const std::vector<std::string>& lines);
void print(const Json& json);

/// Runs `command` with the address of the daemon.
template <class Command>
int with_address(const Program& program, Command command) {
    return command(find_address(program.address));
}

}  // namespace volt::ctl
