// How a driver reports trouble: by what the caller can do next. Drivers never log and never throw for bad input.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace volt {

enum class Fault : std::uint8_t {
    retry,         ///< ask again, the link is sound (busy, a refused single answer)
    reconnect,     ///< the link is lost or out of sync: closed already, reconnect with growing gaps
    unsupported,   ///< the device does not know this block: do not ask for it until the next connect
    absent,        ///< the unit behind the device is not there (exceptions 10, 11): ask slowly
    wrong_device,  ///< it answers, but it is not what the owner configured: use nothing of it
    refused,       ///< access denied, or a value that cannot be right
};

struct Failure {
    Fault fault = Fault::retry;
    std::string text;  ///< for people: what happened, with numbers
};

/// A value or a Failure.
template <class T>
class Result {
public:
    Result(T value) : content_(std::move(value)) {}            // NOLINT(google-explicit-constructor)
    Result(Failure failure) : content_(std::move(failure)) {}  // NOLINT(google-explicit-constructor)
    bool ok() const { return content_.index() == 0; }
    explicit operator bool() const { return ok(); }
    const T& value() const { return std::get<0>(content_); }
    T& value() { return std::get<0>(content_); }
    const Failure& failure() const { return std::get<1>(content_); }

private:
    std::variant<T, Failure> content_;
};

const char* name_of(Fault fault);

}  // namespace volt
