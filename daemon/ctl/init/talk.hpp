// Conversation of `voltctl init`: questions with a default, `?` for help and `b` to go back, on any console.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rules/time.hpp"

namespace volt::ctl::init {

/// Output for questions and input for answers: a terminal, or a script in tests.
class Console {
public:
    virtual ~Console() = default;
    virtual void write(const std::string& text) = 0;
    /// Reads a line without its newline. Calls `idle` several times a second while it waits. Returns nothing if interrupted, or
    /// at the end of the input.
    virtual std::optional<std::string> read_line(bool hidden, const std::function<void()>& idle) = 0;
    /// Waits. Returns false if interrupted.
    virtual bool pause(Duration duration) = 0;
};

/// Exception: the user wants the previous question.
struct GoBack {};
/// Exception: the user ended the conversation.
struct Ended {};

struct Question {
    std::string key;         ///< identifies it: its last answer is the default when it is asked again
    std::string text;        ///< without question mark and default: "Name of the site"
    std::string fallback{};  ///< the default
    std::string help{};      ///< shown for `?`
    bool optional = false;   ///< an empty answer is allowed
    bool hidden = false;     ///< a password
    bool remembered = true;  ///< false: always asked with `fallback`
    std::function<std::string(const std::string&)> wrong{};  ///< reason an answer is rejected, or empty if it is accepted
    std::function<void()> idle{};
};

class Talk {
public:
    explicit Talk(Console& console) : console_(console) {}

    void print(const std::string& text) { console_.write(text + "\n"); }
    /// Asks a question. Throws GoBack or Ended.
    std::string ask(const Question& question);
    /// Forgets the last answer, which was rejected: the next default is the question's own.
    void forget(const std::string& key) { last_.erase(key); }
    bool ask_yes(const std::string& key, const std::string& text, bool fallback, const std::string& help = {});
    /// Asks for a whole number within bounds.
    int ask_number(const std::string& key, const std::string& text, int fallback, int low, int high,
                   const std::string& help = {});
    /// Asks for one of `words`, by its number from 1 or its name, after showing the list. Returns its index.
    std::size_t ask_one(const std::string& key, const std::string& text, const std::vector<std::string>& words,
                        const std::vector<std::string>& lines, std::size_t fallback, const std::string& help = {});
    /// Waits. Throws Ended if interrupted.
    void pause(Duration duration);

    /// Returns the number of questions answered since the last call.
    int take_answered();

    static constexpr int most_tries = 100;  ///< per question; then the conversation ends

private:
    Console& console_;
    std::map<std::string, std::string> last_;
    int answered_ = 0;
};

}  // namespace volt::ctl::init
