// Takes out of a text what does not belong in a question to others: passwords, tokens, addresses, serial numbers.
#pragma once

#include <string>
#include <vector>

namespace volt::ctl::doctor {

struct Secrets {
    std::vector<std::string> always;  ///< replaced wherever they stand: passwords, tokens
    std::vector<std::string> hosts;   ///< names and addresses of devices, broker and API
};

/// voltd.yaml without a login within a URL and without what a key with `pass`, `token`, `secret` or `key` in its name holds, in
/// comments too: the rest of its line, and the lines below that belong to it. Other lines stay.
std::string without_passwords(const std::string& yaml);

/// `full`: addresses, serial numbers and the place of the site stay. Loopback addresses stay in any case.
std::string redacted(std::string text, const Secrets& secrets, bool full);

}  // namespace volt::ctl::doctor
