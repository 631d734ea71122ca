// Problems of a configuration with their places. One run finds every problem, none twice.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace volt {

/// Place in a file, counted from 1. Line 0 is the file as a whole.
struct Place {
    int line = 0, column = 0;
    auto operator<=>(const Place&) const = default;
};

/// Remedy: a value ("expected 0.2 to 300 s"), or an action ("use a unique id").
struct Remedy {
    Remedy() = default;
    Remedy(std::string expected) : text(std::move(expected)) {}  // NOLINT(google-explicit-constructor)
    Remedy(const char* expected) : text(expected) {}             // NOLINT(google-explicit-constructor)
    std::string text;
    bool advice = false;
};
/// Returns a remedy that is an action, in the imperative.
Remedy advice(std::string text);

/// Finding about a key or the file.
struct Problem {
    std::string file;
    Place place;
    std::string key;   ///< dotted path (`outputs[0].lease_s`), or empty for the file itself
    std::string what;  ///< problem
    Remedy right;      ///< remedy
};

/// Returns `FILE:LINE:COL: key: problem; expected 1 to 3` (`FILE: key: …` if the finding has no line; an action is printed as it
/// is).
std::string text_of(const Problem& problem);
/// Returns the text without file, place and key.
std::string sentence(const Problem& problem);

/// Collects the findings about one file, and the place of each key.
class Report {
public:
    static constexpr std::size_t most_problems = 200;  ///< maximum of problems and of warnings; the rest is counted

    /// `lenient`: unknown keys are warnings.
    explicit Report(std::string file, bool lenient = false) : file_(std::move(file)), lenient_(lenient) {}

    void refuse(Place place, const std::string& path, const std::string& what, const Remedy& right);
    void warn(Place place, const std::string& path, const std::string& what, const Remedy& right);

    /// Reports a key that this version does not know.
    void unknown_key(Place place, const std::string& path, const std::string& what, const Remedy& right);

    /// Notes that the key `path` is in the file.
    void note(const std::string& path, Place place) { places_.emplace(path, place); }
    bool given(const std::string& path) const { return places_.count(path) > 0; }
    /// Marks a key as wrong without another finding.
    void mark_unsound(const std::string& path) { unsound_.insert(path); }
    bool lenient() const { return lenient_; }
    /// Returns true at the first call with `what`, for text that appears once.
    bool first_of(const std::string& what) { return once_.insert(what).second; }
    /// Sets the keys that only one section has, with its name, to report keys in the wrong section.
    void set_homes(std::map<std::string, std::string> homes) { homes_ = std::move(homes); }
    const std::map<std::string, std::string>& homes() const { return homes_; }
    /// Returns true if no problem was found at `path` or inside it.
    bool sound(const std::string& path) const;
    /// Returns the place of `path`, or of the nearest enclosing section.
    Place place_of(std::string path) const;

    const std::string& file() const { return file_; }
    const std::map<std::string, Place>& places() const { return places_; }
    /// Returns the problems in the order of the file. The last one counts the omitted ones.
    std::vector<Problem> problems() const;
    std::vector<Problem> warnings() const;

private:
    struct List {
        std::vector<Problem> kept;
        std::size_t left_out = 0;
    };
    void add(List& list, Place place, const std::string& path, const std::string& what, const Remedy& right);
    std::vector<Problem> sorted(const List& list) const;

    std::string file_;
    bool lenient_;
    std::map<std::string, Place> places_;
    std::map<std::string, std::string> homes_;
    std::set<std::string> unsound_, once_;
    List problems_, warnings_;
};

/// Formats a value for a message: in quotes, at most 40 characters, control and invisible characters as `?`.
std::string shown(const std::string& value);

}  // namespace volt
