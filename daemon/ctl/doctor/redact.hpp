// Takes out of a text what does not belong in a question to others: passwords, tokens, addresses, serial numbers.
#pragma once

#include <string>
#include <vector>

namespace volt::ctl::doctor {

struct Secrets {
    std::vector<std::string> always;  ///< replaced wherever they stand: passwords, tokens
    std::vector<std::string> hosts;   ///< names and addresses of devices, broker and API
};

/// voltd.yaml without the values of `password*` and `token*` and without a login within a URL. Comments stay.
std::string without_passwords(const std::string& yaml);

/// `full`: addresses and serial numbers stay. Loopback addresses stay in any case.
std::string redacted(std::string text, const Secrets& secrets, bool full);

}  // namespace volt::ctl::doctor
