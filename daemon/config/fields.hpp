// Sections of the file as tables of fields: key, description, target, form, bounds. One generic reader uses them. The JSON Schema
// and the manual page come from the same facts.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <regex>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "daemon/config/problem.hpp"
#include "daemon/config/yaml_tree.hpp"
#include "rules/names.hpp"
#include "rules/time.hpp"
#include "rules/units.hpp"

namespace volt {

enum class FieldForm : std::uint8_t { text, flag, whole, number, section, list };

/// Bounds of a number in its smallest steps. `scale` steps make one of the key's unit.
struct Span {
    std::int64_t low = 0, high = 0;
    std::int64_t scale = 1;
    const char* unit = "";
    bool zero_too = false;  ///< 0 is allowed in addition to low..high
};

/// Characters that no text may contain (drivers/hidden.hpp), in JSON Schema syntax for use inside a character set.
inline constexpr const char* hidden_set =
    R"(\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff)";
/// Returns the expression for single bytes: only the one-byte characters of that set. `fits` checks the others.
std::string in_bytes(std::string pattern);

/// Form of a text. `pattern` is an ECMAScript expression for the whole text; `described` is the same in words.
struct TextRule {
    TextRule() = default;
    TextRule(std::string expression, std::string for_people, std::size_t most_characters = 256)
        : pattern(std::move(expression)), described(std::move(for_people)), most(most_characters), compiled(in_bytes(pattern)) {}

    std::string pattern;
    std::string described;
    std::size_t most = 256;  ///< characters; also limits the depth of matching
    std::regex compiled;
    const char* noun = "value";
};

/// Facts of one key, without the target of its value.
struct FieldFacts {
    std::string key{};
    std::string about{};  ///< help of one or two sentences
    FieldForm form = FieldForm::text;
    bool required = false;
    bool null_too = false;             ///< null may be written for "none"
    bool bare_words = false;           ///< on, off, yes … need no quotes
    bool secret = false;               ///< messages never repeat the value
    Span span{};                       ///< for a number without `words`
    TextRule rule{};                   ///< for a text without `words`
    std::vector<std::string> words{};  ///< only allowed values; as in JSON, texts without quotes
    std::string fallback{};            ///< default as JSON, or empty if none or derived from other keys
    std::vector<FieldFacts> inside{};  ///< fields of a section, or the one item of a list
    std::size_t least_items = 0, most_items = 0;
    bool different_items = false;
};

/// Value to read: its node, path and facts.
struct At {
    const YamlNode& node;
    std::string path;
    const FieldFacts& facts;
    Report& report;

    void refuse(const std::string& what, const Remedy& right) const { report.refuse(node.place, path, what, right); }
};

/// Read a value. Return nothing if it is rejected (reported) or an allowed null.
std::optional<std::string> read_text(const At& at);
std::optional<bool> read_flag(const At& at);
std::optional<std::int64_t> read_steps(const At& at);  ///< within Span, in steps
std::optional<std::size_t> read_word(const At& at);    ///< index into `words`
/// Returns the items of a list within its bounds, or none if it is rejected.
const std::vector<YamlNode>& read_list(const At& at);
/// Returns the nodes of a section aligned with its fields, null if absent. Reports unknown, duplicate and missing keys. Treats a
/// misspelled key as the intended one, so that problems inside it show in the same run.
std::vector<const YamlNode*> read_keys(const At& at);
/// Returns the allowed values for messages: "0.2 to 300 s", "one of: tcp, rtu".
std::string wanted(const FieldFacts& facts);
/// Returns the exact text of `steps` in units of `scale` steps (a power of ten): 200 of 1000 is "0.2".
std::string decimal_text(std::int64_t steps, std::int64_t scale);

template <class T>
struct ConfigField {
    FieldFacts facts;
    std::function<void(const At&, T&)> read;
};

template <class T>
using Fields = std::vector<ConfigField<T>>;

template <class T>
std::vector<FieldFacts> facts_of(const Fields<T>& fields) {
    std::vector<FieldFacts> result;
    for (const ConfigField<T>& field : fields) result.push_back(field.facts);
    return result;
}

template <class T>
void read_section(const At& at, const Fields<T>& fields, T& target) {
    const std::vector<const YamlNode*> nodes = read_keys(at);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (nodes[i] == nullptr) continue;
        const FieldFacts& facts = fields[i].facts;
        fields[i].read({*nodes[i], at.path.empty() ? facts.key : at.path + "." + facts.key, facts, at.report}, target);
    }
}

// Return the value of a member in steps.
inline std::int64_t steps_of(Duration value) { return value.count(); }
template <class Tag>
std::int64_t steps_of(Quantity<Tag> value) {
    return value.steps;
}
inline std::int64_t steps_of(int value) { return value; }

inline void set_steps(Duration& value, std::int64_t steps) { value = Duration{steps}; }
template <class Tag>
void set_steps(Quantity<Tag>& value, std::int64_t steps) {
    value.steps = steps;
}
inline void set_steps(int& value, std::int64_t steps) { value = static_cast<int>(steps); }
inline void set_steps(std::optional<int>& value, std::int64_t steps) { value = static_cast<int>(steps); }

template <class T>
ConfigField<T> required(ConfigField<T> field) {
    field.facts.required = true;
    field.facts.fallback.clear();
    return field;
}

/// Reads a text into a std::string or optional<std::string>. An empty target means no default.
template <class T, class M>
ConfigField<T> text(const char* key, const char* about, M T::*member, const TextRule& rule) {
    ConfigField<T> field{{.key = key, .about = about, .rule = rule}, [member](const At& at, T& target) {
                             if (auto value = read_text(at)) target.*member = std::move(*value);
                         }};
    if constexpr (std::is_same_v<M, std::string>)
        if (const T fresh{}; !(fresh.*member).empty()) field.facts.fallback = "\"" + fresh.*member + "\"";
    return field;
}

template <class T>
ConfigField<T> flag(const char* key, const char* about, bool T::*member) {
    return {{.key = key, .about = about, .form = FieldForm::flag, .fallback = T{}.*member ? "true" : "false"},
            [member](const At& at, T& target) {
                if (const auto value = read_flag(at)) target.*member = *value;
            }};
}

/// Reads a number into an int, optional<int>, Duration or Quantity, converted exactly into its steps.
template <class T, class M>
ConfigField<T> number(const char* key, const char* about, M T::*member, Span span) {
    const FieldForm form = span.scale == 1 ? FieldForm::whole : FieldForm::number;
    ConfigField<T> field{{.key = key, .about = about, .form = form, .span = span}, [member](const At& at, T& target) {
                             if (const auto steps = read_steps(at)) set_steps(target.*member, *steps);
                         }};
    if constexpr (!std::is_same_v<M, std::optional<int>>) field.facts.fallback = decimal_text(steps_of(T{}.*member), span.scale);
    return field;
}

/// Reads one of some fixed names (or numbers, by `form`), each with its value.
template <class T, class M>
ConfigField<T> word(const char* key, const char* about, M T::*member, std::vector<std::pair<std::string, M>> meanings,
                    FieldForm form = FieldForm::text) {
    ConfigField<T> field{{.key = key, .about = about, .form = form, .bare_words = true}, {}};
    const T fresh{};
    for (const auto& [name, meaning] : meanings) {
        field.facts.words.push_back(name);
        if (fresh.*member == meaning) field.facts.fallback = form == FieldForm::text ? "\"" + name + "\"" : name;
    }
    field.read = [member, meanings = std::move(meanings)](const At& at, T& target) {
        if (const auto index = read_word(at)) target.*member = meanings[*index].second;
    };
    return field;
}

/// Reads one of the names of an enum.
template <class T, class M>
ConfigField<T> named(const char* key, const char* about, M T::*member) {
    using Enum = std::remove_cvref_t<decltype(*std::optional(M{}))>;
    std::vector<std::pair<std::string, M>> meanings;
    for (const char* name : names_of<Enum>()) meanings.emplace_back(name, *parse<Enum>(name));
    return word(key, about, member, std::move(meanings));
}

/// Reads a list of texts of the form `item`. A rejected item becomes an empty text, to keep the indexes.
template <class T>
ConfigField<T> texts(const char* key, const char* about, std::vector<std::string> T::*member, FieldFacts item, std::size_t least,
                     std::size_t most) {
    ConfigField<T> field{
        {.key = key,
         .about = about,
         .form = FieldForm::list,
         .inside = {std::move(item)},
         .least_items = least,
         .most_items = most,
         .different_items = true},
        [member](const At& at, T& target) {
            std::vector<std::string> values;
            const std::vector<YamlNode>& nodes = read_list(at);
            for (std::size_t i = 0; i < nodes.size(); ++i) {
                const At item_at{nodes[i], at.path + "[" + std::to_string(i) + "]", at.facts.inside.front(), at.report};
                if (item_at.facts.words.empty()) {
                    values.push_back(read_text(item_at).value_or(""));
                } else {
                    const auto index = read_word(item_at);
                    values.push_back(index ? item_at.facts.words[*index] : "");
                }
            }
            target.*member = std::move(values);
        }};
    for (const T fresh{}; const std::string& value : fresh.*member)
        field.facts.fallback += (field.facts.fallback.empty() ? "[\"" : ",\"") + value + "\"";
    if (!field.facts.fallback.empty()) field.facts.fallback += "]";
    return field;
}

/// Reads a section whose fields are in the same struct as its neighbors.
template <class T>
ConfigField<T> group(const char* key, const char* about, Fields<T> fields) {
    FieldFacts facts{.key = key, .about = about, .form = FieldForm::section, .inside = facts_of(fields)};
    return {std::move(facts), [fields = std::move(fields)](const At& at, T& target) { read_section(at, fields, target); }};
}

/// Returns the fields of a member, accessed from the enclosing struct.
template <class T, class M>
Fields<T> lifted(const Fields<M>& fields, M T::*member) {
    Fields<T> result;
    for (const ConfigField<M>& field : fields)
        result.push_back({field.facts, [read = field.read, member](const At& at, T& t) { read(at, t.*member); }});
    return result;
}

/// Reads a section into a member, creating it if it is optional.
template <class T, class M>
ConfigField<T> section(const char* key, const char* about, M T::*member, Fields<M> fields) {
    return group(key, about, lifted(fields, member));
}

template <class T, class M>
ConfigField<T> section(const char* key, const char* about, std::optional<M> T::*member, Fields<M> fields) {
    FieldFacts facts{.key = key, .about = about, .form = FieldForm::section, .inside = facts_of(fields)};
    return {std::move(facts), [member, fields = std::move(fields)](const At& at, T& target) {
                read_section(at, fields, (target.*member).emplace());
            }};
}

/// Reads a list of sections.
template <class T, class M>
ConfigField<T> sections(const char* key, const char* about, std::vector<M> T::*member, Fields<M> fields, std::size_t most) {
    FieldFacts item{.form = FieldForm::section, .inside = facts_of(fields)};
    FieldFacts facts{.key = key, .about = about, .form = FieldForm::list, .inside = {std::move(item)}, .most_items = most};
    return {std::move(facts), [member, fields = std::move(fields)](const At& at, T& target) {
                const std::vector<YamlNode>& nodes = read_list(at);
                for (std::size_t i = 0; i < nodes.size(); ++i) {
                    const At item_at{nodes[i], at.path + "[" + std::to_string(i) + "]", at.facts.inside.front(), at.report};
                    read_section(item_at, fields, (target.*member).emplace_back());
                }
            }};
}

}  // namespace volt
