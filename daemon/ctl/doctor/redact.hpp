// Redaction of text for a question to others: removes passwords, tokens, addresses, serial numbers.
#pragma once

#include <string>
#include <vector>

namespace volt::ctl::doctor {

struct Secrets {
    std::vector<std::string> always;  ///< replaced wherever they occur: passwords, tokens
    std::vector<std::string> hosts;   ///< names and addresses of devices, broker and API
};

/// Returns voltd.yaml without logins in URLs and without the values of keys with `pass`, `token`, `secret` or `key` in their
/// name, even in comments: the rest of the line, and the lines below that belong to it. Other lines are unchanged.
std::string without_passwords(const std::string& yaml);

/// Redacts a text. `full` keeps addresses, serial numbers and the location of the site. Loopback addresses always remain.
std::string redacted(std::string text, const Secrets& secrets, bool full);

}  // namespace volt::ctl::doctor
