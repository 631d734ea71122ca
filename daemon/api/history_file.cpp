#include "daemon/api/history_file.hpp"

#include <algorithm>
#include <charconv>

#include "drivers/iso_time.hpp"

namespace volt::api {

namespace {

constexpr const char* time_need = "a time such as 2025-06-21T19:00:00Z";

}  // namespace

void QueryTimes::add(std::chrono::steady_clock::duration took) {
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(took);
    const std::lock_guard lock(mutex_);
    ++figures_.count;
    figures_.all += us;
    figures_.longest = std::max(figures_.longest, us);
}

QueryTimes::Figures QueryTimes::figures() const {
    const std::lock_guard lock(mutex_);
    return figures_;
}

HttpAnswer HistoryFile::refusal(const Failure& failure) {
    if (failure.fault != Fault::refused || !reader_) return error_answer(503, failure.text);
    Object object{{"error", failure.text},
                  {"field", "series"},
                  {"need", "one of `known`, and no more than " + std::to_string(most_points) + " points"}};
    const auto known = list_series(reader_);
    object["known"] = known ? Object(known.value()) : Object::array();
    return ok_answer(object, 400);
}

std::optional<HttpAnswer> read_time(const HttpRequest& request, const char* key, std::optional<Utc>& into) {
    const std::string text = value_of(request, key);
    if (text.empty()) return std::nullopt;
    if (const auto at = parse_iso_utc(text)) {
        into = Utc{std::chrono::seconds{*at}};
        return std::nullopt;
    }
    return field_error(400, std::string(key) + ": '" + text + "' is not a time", key, time_need);
}

std::optional<HttpAnswer> read_number(const HttpRequest& request, const char* key, std::int64_t least, std::int64_t most,
                                      std::int64_t& into) {
    const std::string text = value_of(request, key);
    if (text.empty()) return std::nullopt;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, into);
    if (error == std::errc{} && rest == end && into >= least && into <= most) return std::nullopt;
    return field_error(400, std::string(key) + ": '" + text + "' is out of range", key,
                       "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
}

}  // namespace volt::api
