// Shows that each check of a group passes with good facts, and fails alone when one of them is bad.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "daemon/ctl/doctor/check.hpp"

namespace volt::ctl::doctor {

template <class Facts>
struct Spoiled {
    const char* id;
    Outcome outcome;
    std::function<void(Facts&)> spoil;
    const char* part = "";  ///< of the text
};

inline std::string described(const Check& check) {
    return check.id + " " + name_of(check.opinion.outcome) + ": " + check.opinion.text + " | " + check.opinion.remedy;
}

inline bool is_calm(const Check& check) {
    return check.opinion.outcome == Outcome::ok || check.opinion.outcome == Outcome::skipped;
}

/// Checks a group. `skipped_when_good`: ids that need something a good site does not have.
template <class Facts, class Judge>
void check_each(const Facts& good, const Judge& judge, const std::vector<Spoiled<Facts>>& spoiled,
                const std::set<std::string>& skipped_when_good = {}) {
    std::set<std::string> ids, seen;
    for (const Check& check : judge(good)) {
        CAPTURE(described(check));
        CHECK(ids.insert(check.id).second);
        CHECK(check.opinion.outcome == (skipped_when_good.count(check.id) > 0 ? Outcome::skipped : Outcome::ok));
        CHECK_FALSE(check.opinion.text.empty());
    }
    for (const Spoiled<Facts>& it : spoiled) {
        CAPTURE(it.id);
        Facts facts = good;
        it.spoil(facts);
        bool found = false;
        for (const Check& check : judge(facts)) {
            CAPTURE(described(check));
            if (check.id != it.id) {
                CHECK(is_calm(check));
                continue;
            }
            found = true;
            CHECK(check.opinion.outcome == it.outcome);
            CHECK(check.opinion.text.find(it.part) != std::string::npos);
            if (!is_calm(check)) CHECK_FALSE(check.opinion.remedy.empty());
            if (!is_calm(check)) seen.insert(check.id);
        }
        CHECK(found);
    }
    for (const std::string& id : ids) CHECK_MESSAGE(seen.count(id) == 1, id << " was never seen failing");
}

}  // namespace volt::ctl::doctor
