#include "daemon/agent/http/numbers.hpp"

#include <charconv>

#include "daemon/api/http/answers.hpp"

namespace volt::agent {

std::optional<std::int64_t> whole_number(const std::string& text) {
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && rest == end ? std::optional(number) : std::nullopt;
}

std::optional<api::HttpAnswer> number_of(const api::HttpRequest& request, const char* key, std::int64_t usual, std::int64_t most,
                                         std::int64_t& number) {
    constexpr int bad_request = 400;
    number = usual;
    if (!request.query.contains(key)) return std::nullopt;
    const auto value = whole_number(request.query.at(key));
    if (!value || *value < 1 || *value > most)
        return api::field_error(bad_request, std::string(key) + " is wrong", key, "1 to " + std::to_string(most));
    number = *value;
    return std::nullopt;
}

std::optional<api::HttpAnswer> limit_of(const api::HttpRequest& request, std::size_t usual, std::size_t most,
                                        std::size_t& limit) {
    std::int64_t number = 0;
    auto wrong = number_of(request, "limit", static_cast<std::int64_t>(usual), static_cast<std::int64_t>(most), number);
    limit = static_cast<std::size_t>(number);
    return wrong;
}

}  // namespace volt::agent
