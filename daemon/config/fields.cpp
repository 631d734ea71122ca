#include "daemon/config/fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <regex>
#include <string_view>

#include "daemon/config/numbers.hpp"
#include "drivers/hidden.hpp"
#include "drivers/spelling.hpp"
#include "drivers/store/settings/fields.hpp"

namespace volt {

namespace {

/// Returns true if YAML 1.1 reads this unquoted text as a boolean.
bool truth_word(const std::string& text) {
    static const std::vector<std::string> words = {"true", "false", "yes", "no", "on", "off", "y", "n"};
    return std::any_of(words.begin(), words.end(),
                       [&](const std::string& w) { return w.size() == text.size() && edit_distance(w, text) == 0; });
}

bool looks_like_number(const std::string& text) {
    static const std::regex number(
        R"([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0[xo][0-9a-fA-F]+|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))");
    return text.size() <= 64 && std::regex_match(text, number);
}

std::string kind_of(const YamlNode& node) {
    switch (node.kind) {
        case YamlNode::Kind::null: return "no value";
        case YamlNode::Kind::scalar: return shown(node.text);
        case YamlNode::Kind::sequence: return "a list";
        case YamlNode::Kind::map: return "a section";
    }
    return "?";
}

/// Describes what was found instead of the expected value.
std::string found(const YamlNode& node) {
    return node.kind == YamlNode::Kind::null ? "no value given" : "found " + kind_of(node);
}

/// Returns true for a scalar. Otherwise reports it, unless null is allowed or the node was reported before.
bool scalar(const At& at) {
    const YamlNode& node = at.node;
    if (node.refused) return false;
    if (node.kind == YamlNode::Kind::scalar) return true;
    if (node.kind != YamlNode::Kind::null || !at.facts.null_too) at.refuse(found(node), wanted(at.facts));
    return false;
}

std::size_t characters(const std::string& text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool fits(const std::string& text, const TextRule& rule) {
    return !text.empty() && characters(text) <= rule.most && odd_character_of(text).empty() &&
           std::regex_match(text, rule.compiled);
}

std::string span_text(const Span& span) {
    const std::string unit = *span.unit != '\0' ? std::string(" ") + span.unit : "";
    return fmt::format("{}{} to {}{}", span.zero_too ? "0, or " : "", decimal_text(span.low, span.scale),
                       decimal_text(span.high, span.scale), unit);
}

bool within(std::int64_t steps, const Span& span) {
    return (span.zero_too && steps == 0) || (steps >= span.low && steps <= span.high);
}

std::optional<std::size_t> index_of(const std::string& word, const std::vector<std::string>& words) {
    const auto found = std::find(words.begin(), words.end(), word);
    if (found == words.end()) return std::nullopt;
    return static_cast<std::size_t>(found - words.begin());
}

/// Returns `poll_s` for `poll`: the key plus a unit.
std::optional<std::string> with_unit(const std::string& key, const std::vector<std::string>& known) {
    for (const char* unit : {"_s", "_ms", "_w", "_v", "_c", "_a"})
        if (index_of(key + unit, known)) return key + unit;
    return std::nullopt;
}

/// Returns a setting of the database, which owners often look for in the file.
std::optional<std::string> as_setting(const std::string& key) {
    if (field_index(SettingsTable::preferences, key) >= 0) return fmt::format("voltctl prefs set {}=VALUE", key);
    if (field_index(SettingsTable::miners, key) >= 0) return fmt::format("voltctl miners set NAME {}=VALUE", key);
    if (field_index(SettingsTable::zones, key) >= 0) return fmt::format("voltctl zones set NAME {}=VALUE", key);
    return std::nullopt;
}

std::vector<std::string> known_keys(const At& at) {
    std::vector<std::string> known;
    for (const FieldFacts& field : at.facts.inside) known.push_back(field.key);
    return known;
}

/// Returns the known key that an unknown one probably means.
std::optional<std::string> meant(const At& at, const std::string& key) {
    const std::vector<std::string> known = known_keys(at);
    if (const auto unit = with_unit(key, known)) return unit;
    return nearest(key, known);
}

/// Lists the keys of a section once. Further findings omit them.
std::string list_of_keys(const At& at) {
    return at.report.first_of("keys of " + at.path.substr(0, at.path.find('[')))
               ? fmt::format("known here: {}", fmt::join(known_keys(at), ", "))
               : "";
}

void refuse_unknown(const At& at, const YamlNode& key, const std::string& path) {
    const auto unknown = [&](const std::string& remedy) {
        at.report.unknown_key(key.place, path, "unknown key", advice(remedy));
    };
    if (key.text == "<<")
        return at.report.refuse(key.place, path, "merge keys are not supported", advice("write the values out"));
    if (const std::string odd = odd_character_of(key.text); !odd.empty())
        return at.report.unknown_key(key.place, path, "the key " + odd,
                                     advice("type the line again with plain spaces and quotes"));
    const std::string section = at.path.substr(0, at.path.find('['));
    const auto home = at.report.homes().find(key.text);
    const bool listed = at.path.ends_with(']');
    if (listed && home != at.report.homes().end() && home->second != section && !index_of(key.text, known_keys(at))) {
        // Report one finding per item. Its other keys add nothing new.
        if (!at.report.first_of("stray " + at.path)) return at.report.mark_unsound(path);
        return unknown(fmt::format("it belongs to {0}; is the line \"{0}:\" missing above?", home->second));
    }
    if (const auto near = meant(at, key.text)) return unknown(fmt::format("did you mean {}?", *near));
    if (const auto setting = as_setting(key.text)) return unknown("settings are in the database: " + *setting);
    unknown(list_of_keys(at));
}

/// Returns the path of an untrusted key: short and printable.
std::string path_of(const At& at, const std::string& key) {
    const std::string quoted = shown(key);
    const std::string plain = quoted.substr(1, quoted.size() - 2);
    return at.path.empty() ? plain : at.path + "." + plain;
}

void refuse_duplicate(const At& at, const YamlNode& key, const std::string& path) {
    const bool first = at.path.ends_with(']') && at.report.first_of("duplicate in " + at.path);
    at.report.refuse(key.place, path, fmt::format("duplicate key, also on line {}", at.report.place_of(path).line),
                     advice(first ? fmt::format("keep one. Or is the \"- \" missing on line {}?", key.place.line) : "keep one"));
}

/// Assigns one key. Reports invalid, unknown and duplicate ones.
void take_key(const At& at, const YamlNode& key, const YamlNode& value, std::vector<const YamlNode*>& found_nodes) {
    if (key.refused) return;
    if (key.kind != YamlNode::Kind::scalar)
        return at.report.refuse(key.place, at.path, kind_of(key) + " in place of a key", "a plain key");
    const auto field = std::find_if(at.facts.inside.begin(), at.facts.inside.end(),
                                    [&](const FieldFacts& facts) { return facts.key == key.text; });
    const std::string path = path_of(at, key.text);
    if (field == at.facts.inside.end()) return refuse_unknown(at, key, path);
    const YamlNode*& slot = found_nodes[static_cast<std::size_t>(field - at.facts.inside.begin())];
    if (slot != nullptr) return refuse_duplicate(at, key, path);
    slot = &value;
    at.report.note(path, key.place);
}

/// Treats a misspelled key as the intended one, unless that exists too. The file is rejected anyway.
void take_misspelt(const At& at, std::vector<const YamlNode*>& found_nodes) {
    if (at.report.lenient()) return;
    const std::vector<std::string> known = known_keys(at);
    for (std::size_t i = 0; i < at.node.items.size(); ++i) {
        const YamlNode& key = at.node.keys[i];
        if (key.refused || key.kind != YamlNode::Kind::scalar || index_of(key.text, known)) continue;
        const auto near = meant(at, key.text);
        const auto index = near ? index_of(*near, known) : std::nullopt;
        if (!index || found_nodes[*index] != nullptr) continue;
        found_nodes[*index] = &at.node.items[i];
        at.report.note(path_of(at, *near), key.place);
    }
}

}  // namespace

std::string in_bytes(std::string pattern) {
    const std::string_view all = hidden_set;
    const std::size_t at = pattern.find(all);
    return at == std::string::npos ? pattern : pattern.replace(at, all.size(), R"(\x00-\x1f\x7f)");
}

std::string decimal_text(std::int64_t steps, std::int64_t scale) {
    const bool negative = steps < 0;
    const std::int64_t size = negative ? -steps : steps;
    std::string text = (negative ? "-" : "") + std::to_string(size / scale);
    std::int64_t rest = size % scale;
    if (rest == 0) return text;
    text += '.';
    for (std::int64_t place = scale / 10; rest > 0; place /= 10) {
        text += static_cast<char>('0' + rest / place);
        rest %= place;
    }
    return text;
}

std::string wanted(const FieldFacts& facts) {
    if (!facts.words.empty()) return fmt::format("one of: {}", fmt::join(facts.words, ", "));
    switch (facts.form) {
        case FieldForm::text: return facts.rule.described + (facts.null_too ? ", or null" : "");
        case FieldForm::flag: return "true or false";
        case FieldForm::whole: return "a whole number, " + span_text(facts.span);
        case FieldForm::number: return "a number, " + span_text(facts.span);
        case FieldForm::section: return "a section (key: value)";
        case FieldForm::list: return facts.least_items > 0 ? "a list of at least one" : "a list";
    }
    return "?";
}

std::optional<std::string> read_text(const At& at) {
    if (!scalar(at)) return std::nullopt;
    const std::string& text = at.node.text;
    const std::string value = at.facts.secret ? "the value" : shown(text);
    if (const std::string odd = odd_character_of(text); !odd.empty())
        at.refuse(fmt::format("{} {} {}", at.facts.rule.noun, value, odd),
                  advice("remove it: type the value again with plain characters"));
    else if (!fits(text, at.facts.rule))
        at.refuse(at.facts.secret ? "invalid value" : fmt::format("invalid {} {}", at.facts.rule.noun, value), wanted(at.facts));
    else if (!at.node.quoted && !at.facts.bare_words && (truth_word(text) || looks_like_number(text)))
        at.refuse(fmt::format("{} without quotes is a {}, not text", value, truth_word(text) ? "boolean" : "number"),
                  advice(fmt::format("write \"{}\" in quotes", at.facts.secret ? "…" : text)));
    else return text;
    return std::nullopt;
}

std::optional<bool> read_flag(const At& at) {
    if (!scalar(at)) return std::nullopt;
    const std::string& text = at.node.text;
    if (!at.node.quoted && (text == "true" || text == "false")) return text == "true";
    at.refuse(shown(text) + (at.node.quoted ? " in quotes is text, not a boolean" : " is not a boolean"),
              advice("use true or false"));
    return std::nullopt;
}

std::optional<std::int64_t> read_steps(const At& at) {
    if (!scalar(at)) return std::nullopt;
    if (at.node.quoted) {
        at.refuse(shown(at.node.text) + " in quotes is text", wanted(at.facts));
        return std::nullopt;
    }
    const ReadNumber number = read_number(at.node.text, at.facts.span.scale);
    if (!number.steps) at.refuse(number.what, number.right.empty() ? wanted(at.facts) : number.right);
    else if (!within(*number.steps, at.facts.span)) at.refuse(at.node.text + " is out of range", span_text(at.facts.span));
    else return number.steps;
    return std::nullopt;
}

std::optional<std::size_t> read_word(const At& at) {
    if (!scalar(at)) return std::nullopt;
    const std::string& text = at.node.text;
    if (at.facts.form == FieldForm::text) {
        if (const auto index = index_of(text, at.facts.words)) return index;
        const auto near = nearest(text, at.facts.words);
        at.refuse("unknown value " + shown(text), wanted(at.facts) + (near ? " (nearest: " + *near + ")" : ""));
        return std::nullopt;
    }
    constexpr std::int64_t fine = 1000;  // 0.010 is 0.01
    const ReadNumber number = at.node.quoted ? ReadNumber{} : read_number(text, fine);
    for (std::size_t i = 0; number.steps && i < at.facts.words.size(); ++i)
        if (read_number(at.facts.words[i], fine).steps == number.steps) return i;
    at.refuse(shown(text) + " is not allowed here", wanted(at.facts));
    return std::nullopt;
}

const std::vector<YamlNode>& read_list(const At& at) {
    static const std::vector<YamlNode> none;
    const YamlNode& node = at.node;
    if (node.refused) return none;
    if (node.kind != YamlNode::Kind::sequence) at.refuse(found(node), wanted(at.facts));
    else if (node.items.size() < at.facts.least_items) at.refuse("empty list", wanted(at.facts));
    else if (node.items.size() > at.facts.most_items)
        at.refuse(fmt::format("{} items", node.items.size()), fmt::format("at most {}", at.facts.most_items));
    else {
        for (std::size_t i = 0; i < node.items.size(); ++i)
            at.report.note(fmt::format("{}[{}]", at.path, i), node.items[i].place);
        for (std::size_t i = 0; at.facts.different_items && i < node.items.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                if (node.items[i].kind == YamlNode::Kind::scalar && node.items[i].text == node.items[j].text)
                    at.report.refuse(node.items[i].place, fmt::format("{}[{}]", at.path, i),
                                     shown(node.items[i].text) + " appears twice", advice("list each once"));
        return node.items;
    }
    return none;
}

std::vector<const YamlNode*> read_keys(const At& at) {
    std::vector<const YamlNode*> nodes(at.facts.inside.size(), nullptr);
    const YamlNode& node = at.node;
    if (node.refused) return nodes;
    if (node.kind != YamlNode::Kind::map) {
        at.refuse(found(node), wanted(at.facts));
        return nodes;
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) take_key(at, node.keys[i], node.items[i], nodes);
    take_misspelt(at, nodes);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const FieldFacts& facts = at.facts.inside[i];
        if (nodes[i] == nullptr && facts.required) at.report.refuse(node.place, path_of(at, facts.key), "missing", wanted(facts));
    }
    return nodes;
}

}  // namespace volt
