#include "daemon/api/access/login_codes.hpp"

#include <algorithm>
#include <cctype>

#include "drivers/crypto.hpp"

namespace volt::api {

namespace {

// 31 digits and letters that cannot be confused. 8 of them have 39 bits.
constexpr std::string_view alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
constexpr unsigned most_fair = 256 / alphabet.size() * alphabet.size();
constexpr std::size_t random_bytes = 64;  ///< enough for eight unbiased ones, with a chance of failure of 1 in 10^70

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

bool LoginCodes::Tries::note(Time now, std::size_t most) {
    std::erase_if(wrong, [&](Time at) { return at <= now - try_window; });
    wrong.push_back(now);
    if (wrong.size() < most) return false;
    wrong.clear();
    closed_until = now + try_window;
    return true;
}

LoginCodes::Tries& LoginCodes::tries_of(const std::string& client) {
    const auto latest = [](const Tries& it) {
        return std::max(it.wrong.empty() ? Time{} : it.wrong.back(), it.closed_until.value_or(Time{}));
    };
    if (tries_.size() >= most_clients && !tries_.contains(client))
        tries_.erase(std::min_element(tries_.begin(), tries_.end(),
                                      [&](const auto& a, const auto& b) { return latest(a.second) < latest(b.second); }));
    return tries_[client];
}

LoginCodes::Redeemed LoginCodes::redeem(std::string_view code, const std::string& client, Time now) {
    const std::string given = plain(code);
    const std::lock_guard lock(mutex_);
    const auto known = tries_.find(client);
    const Duration own = known == tries_.end() ? Duration{} : known->second.closed_for(now);
    if (const Duration closed = std::max(own, all_.closed_for(now)); closed > Duration{}) return {.closed_for = closed};
    // Compare every open code, even after a match.
    auto found = open_.end();
    for (auto it = open_.begin(); it != open_.end(); ++it)
        if (same_secret(given, it->code) && now < it->until) found = it;
    if (found != open_.end()) {
        Redeemed right{.grant = std::move(found->grant)};
        open_.erase(found);
        return right;
    }
    const bool closed_to_all = all_.note(now, most_wrong_in_all);
    return {.now_closed = tries_of(client).note(now, most_wrong) || closed_to_all};
}

}  // namespace volt::api
