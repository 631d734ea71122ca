// The conversation of `voltctl init`: questions with a default, `?` for help and `b` to go back, over any console.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rules/time.hpp"

namespace volt::ctl::init {

/// Where questions appear and answers come from: a terminal, or a script in tests.
class Console {
public:
    virtual ~Console() = default;
    virtual void write(const std::string& text) = 0;
    /// A line without its end; `idle` is called several times a second meanwhile. Nothing: interrupted, or the input ended.
    virtual std::optional<std::string> read_line(bool hidden, const std::function<void()>& idle) = 0;
    /// Waits; false: interrupted.
    virtual bool pause(Duration duration) = 0;
};

/// The user wants the question before this one.
struct GoBack {};
/// The user ended the conversation.
struct Ended {};

struct Question {
    std::string key;         ///< identifies it: its last answer is the default when it is asked again
    std::string text;        ///< without a question mark's default: "Name of the site"
    std::string fallback{};  ///< the default
    std::string help{};      ///< for `?`
    bool optional = false;   ///< an empty answer is one
    bool hidden = false;     ///< a password
    bool remembered = true;  ///< false: always asked with `fallback`
    std::function<std::string(const std::string&)> wrong{};  ///< why an answer is refused; empty: it is accepted
    std::function<void()> idle{};
};

class Talk {
public:
    explicit Talk(Console& console) : console_(console) {}

    void print(const std::string& text) { console_.write(text + "\n"); }
    /// Throws GoBack or Ended.
    std::string ask(const Question& question);
    /// Its last answer was turned down: the next default is the question's own.
    void forget(const std::string& key) { last_.erase(key); }
    bool ask_yes(const std::string& key, const std::string& text, bool fallback, const std::string& help = {});
    /// A whole number within bounds.
    int ask_number(const std::string& key, const std::string& text, int fallback, int low, int high,
                   const std::string& help = {});
    /// The index of one of `words`, by its number from 1 or its name; the list is shown first.
    std::size_t ask_one(const std::string& key, const std::string& text, const std::vector<std::string>& words,
                        const std::vector<std::string>& lines, std::size_t fallback, const std::string& help = {});
    /// Throws Ended if it is interrupted.
    void pause(Duration duration);

    /// Questions answered since the last call.
    int take_answered();

    static constexpr int most_tries = 100;  ///< at one question; then the conversation ends

private:
    Console& console_;
    std::map<std::string, std::string> last_;
    int answered_ = 0;
};

}  // namespace volt::ctl::init
