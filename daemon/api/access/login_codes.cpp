#include "daemon/api/access/login_codes.hpp"

#include <algorithm>
#include <cctype>

#include "drivers/crypto.hpp"

namespace volt::api {

namespace {

// 31 digits and letters, none of which looks like another: 8 of them are 39 bits.
constexpr std::string_view alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
constexpr unsigned most_fair = 256 / alphabet.size() * alphabet.size();
constexpr std::size_t random_bytes = 64;  ///< eight of which are fair but once in 10^70

std::optional<std::string> random_code() {
    const auto digits = random_hex(random_bytes);
    if (!digits) return std::nullopt;
    std::string code;
    for (std::size_t i = 0; i < digits->size() && code.size() < LoginCodes::length; i += 2) {
        const unsigned byte = static_cast<unsigned>(std::stoul(digits->substr(i, 2), nullptr, 16));
        if (byte < most_fair) code += alphabet[byte % alphabet.size()];
    }
    return code.size() == LoginCodes::length ? std::optional(code) : std::nullopt;
}

std::string plain(std::string_view code) {
    std::string text;
    for (const char c : code)
        if (c != ' ' && c != '-') text += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
}

}  // namespace

std::optional<std::string> LoginCodes::make(const CodeGrant& grant, Time now) {
    const auto code = random_code();
    if (!code) return std::nullopt;
    const std::lock_guard lock(mutex_);
    std::erase_if(open_, [&](const Open& it) { return it.until <= now; });
    if (open_.size() >= most_open) open_.pop_front();
    open_.push_back({*code, grant, now + lifetime});
    return code;
}

LoginCodes::Redeemed LoginCodes::redeem(std::string_view code, Time now) {
    const std::string given = plain(code);
    const std::lock_guard lock(mutex_);
    if (closed_until_ && now < *closed_until_) return {.closed_for = *closed_until_ - now};
    closed_until_.reset();
    // Each open code is compared, whichever fits.
    auto found = open_.end();
    for (auto it = open_.begin(); it != open_.end(); ++it)
        if (same_secret(given, it->code) && now < it->until) found = it;
    if (found != open_.end()) {
        Redeemed right{.grant = std::move(found->grant)};
        open_.erase(found);
        return right;
    }
    std::erase_if(wrong_, [&](Time at) { return at <= now - try_window; });
    wrong_.push_back(now);
    if (wrong_.size() < most_wrong) return {};
    wrong_.clear();
    closed_until_ = now + try_window;
    return {.now_closed = true};
}

}  // namespace volt::api
