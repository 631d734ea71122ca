// Failures of drivers, classified by the caller's next step. Drivers never log and never throw for bad input.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace volt {

enum class Fault : std::uint8_t {
    retry,         ///< try again, the connection works (busy, one refused answer)
    reconnect,     ///< the connection is lost or out of sync, and closed: reconnect with growing gaps
    unsupported,   ///< the device does not know this block: do not read it until the next connect
    absent,        ///< the unit behind the device is missing (exceptions 10, 11): poll slowly
    wrong_device,  ///< it answers, but is not the configured device: use none of its values
    refused,       ///< access denied, or an invalid value
};

struct Failure {
    Fault fault = Fault::retry;
    std::string text;  ///< event for people, with numbers
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
