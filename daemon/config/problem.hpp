// What is wrong with a configuration, and where: every problem in one run, none of them twice.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace volt {

/// A place in a file, counted from 1; line 0: the file as a whole.
struct Place {
    int line = 0, column = 0;
    auto operator<=>(const Place&) const = default;
};

/// One finding for people.
struct Problem {
    std::string file;
    Place place;
    std::string key;    ///< dotted path (`outputs[0].lease_s`); empty: the file itself
    std::string what;   ///< what is wrong
    std::string right;  ///< what would be right
};

/// `FILE:LINE:COL: key: what is wrong; what would be right` (`FILE: key: …` where the finding has no line).
std::string text_of(const Problem& problem);

/// Collects the findings about one file, and where each key of it stands.
class Report {
public:
    static constexpr std::size_t most_problems = 200;  ///< of problems and of warnings; the rest is counted

    /// `lenient`: unknown keys are warnings.
    explicit Report(std::string file, bool lenient = false) : file_(std::move(file)), lenient_(lenient) {}

    void refuse(Place place, const std::string& path, const std::string& what, const std::string& right);
    void warn(Place place, const std::string& path, const std::string& what, const std::string& right);

    /// A key that this version does not know.
    void unknown_key(Place place, const std::string& path, const std::string& what, const std::string& right);

    /// Remembers that the key `path` is in the file.
    void note(const std::string& path, Place place) { places_.emplace(path, place); }
    bool given(const std::string& path) const { return places_.count(path) > 0; }
    /// Nothing wrong has been found at `path` or inside of it.
    bool sound(const std::string& path) const;
    /// Where `path` stands, or the nearest section around it.
    Place place_of(std::string path) const;

    const std::string& file() const { return file_; }
    const std::map<std::string, Place>& places() const { return places_; }
    /// In the order of the file; a last one tells how many were left out.
    std::vector<Problem> problems() const;
    std::vector<Problem> warnings() const;

private:
    struct List {
        std::vector<Problem> kept;
        std::size_t left_out = 0;
    };
    void add(List& list, Place place, const std::string& path, const std::string& what, const std::string& right);
    std::vector<Problem> sorted(const List& list) const;

    std::string file_;
    bool lenient_;
    std::map<std::string, Place> places_;
    std::set<std::string> unsound_;
    List problems_, warnings_;
};

/// The last word about a value for messages: in quotes, at most 40 characters, control characters as `?`.
std::string shown(const std::string& value);

}  // namespace volt
