#include "daemon/config/yaml_tree.hpp"
#include "drivers/hidden.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>
// Include after yaml.h: not every version is self-contained.
#include <yaml-cpp/eventhandler.h>

#include <algorithm>
#include <exception>
#include <sstream>

namespace volt {

namespace {

Place place_of(const YAML::Mark& mark) { return {mark.line + 1, mark.column + 1}; }

/// Exception that ends the parse early. The reason is in the report.
struct Stop : std::exception {};

class TreeMaker : public YAML::EventHandler {
public:
    TreeMaker(YamlNode& root, Report& report) : root_(root), report_(report) {}

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (++documents_ > 1) stop(mark, "a second document begins", "one document per file");
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        YamlNode& node = add(YamlNode::Kind::null, mark);
        read_content(node, "?", anchor);
        // The parser reports an empty value at the next token. The place of the key is more useful.
        if (node_is_value_ && !open_.empty()) node.place = open_.back()->keys.back().place;
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        refuse(add(YamlNode::Kind::null, mark), "an alias (*)", advice("write the value out"));
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override {
        YamlNode& node = add(YamlNode::Kind::scalar, mark);
        node.text = value;
        node.quoted = tag == "!";
        read_content(node, tag, anchor);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(YamlNode::Kind::sequence, mark, tag, anchor);
    }
    void OnSequenceEnd() override { open_.pop_back(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
        open(YamlNode::Kind::map, mark, tag, anchor);
    }
    void OnMapEnd() override { open_.pop_back(); }

private:
    [[noreturn]] void stop(const YAML::Mark& mark, const std::string& what, const Remedy& right) {
        report_.refuse(place_of(mark), "", what, right);
        throw Stop{};
    }

    void refuse(YamlNode& node, const std::string& what, const Remedy& right) {
        node.refused = true;
        report_.refuse(node.place, "", what + " is not supported", right);
    }

    void read_content(YamlNode& node, const std::string& tag, YAML::anchor_t anchor) {
        if (anchor != YAML::NullAnchor) refuse(node, "an anchor (&)", advice("write the value out where it is needed"));
        else if (tag != "?" && tag != "!" && !tag.empty()) refuse(node, "a tag (!)", advice("write the value alone"));
    }

    void open(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
        if (open_.size() >= most_yaml_depth)
            stop(mark, fmt::format("nested deeper than {} levels", most_yaml_depth), "the sections of the example file");
        YamlNode& node = add(kind, mark);
        read_content(node, tag, anchor);
        open_.push_back(&node);
    }

    /// Adds the next node. In a map, keys and values alternate. Pointers in `open_` remain valid, because only the innermost
    /// grows.
    YamlNode& add(YamlNode::Kind kind, const YAML::Mark& mark) {
        if (++nodes_ > most_yaml_nodes) stop(mark, fmt::format("more than {} values", most_yaml_nodes), "the wiring of one site");
        node_is_value_ = false;
        YamlNode& node = open_.empty() ? root_ : next_of(*open_.back());
        node.kind = kind;
        node.place = place_of(mark);
        return node;
    }

    YamlNode& next_of(YamlNode& parent) {
        const bool key = parent.kind == YamlNode::Kind::map && parent.keys.size() == parent.items.size();
        node_is_value_ = parent.kind == YamlNode::Kind::map && !key;
        return key ? parent.keys.emplace_back() : parent.items.emplace_back();
    }

    YamlNode& root_;
    Report& report_;
    std::vector<YamlNode*> open_;
    std::size_t nodes_ = 0;
    int documents_ = 0;
    bool node_is_value_ = false;
};

/// Returns the length of the well-formed UTF-8 character at `at`, or 0 if there is none.
std::size_t utf8_length(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U; };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0U) != 0x80U) return 0;
    const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
    const bool outside = (first == 0xED && byte(1) > 0x9F) || (first == 0xF4 && byte(1) > 0x8F);
    return overlong || outside ? 0 : length;
}

/// Reports NUL bytes and broken UTF-8, which the parser silently accepts or repairs.
bool is_clean(std::string_view text, Report& report) {
    Place place{1, 1};
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = utf8_length(text, at);
        const char c = text[at];
        if (length == 0 || c == '\0') {
            report.refuse(place, "", "not a UTF-8 text file", {});
            return false;
        }
        place = c == '\n' ? Place{place.line + 1, 1} : Place{place.line, place.column + 1};
        at += length;
    }
    return true;
}

std::string line_of(std::string_view text, int line) {
    for (int n = 1; n < line && !text.empty(); ++n) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    return std::string(text.substr(0, text.find('\n')));
}

/// Returns true for a line with a single word: a key without its colon.
bool lacks_colon(const std::string& line) {
    const std::size_t begin = line.find_first_not_of(' ');
    return begin != std::string::npos && line.find_first_of(":-#{}[],\"'") == std::string::npos;
}

/// Guesses the problem of a line that no parser accepts. `before` is the line above it.
std::string guess(const std::string& line, const std::string& before, int number) {
    if (lacks_colon(before)) return fmt::format("is a colon missing on line {}?", number - 1);
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string::npos) return "check the indentation";
    if (const std::string odd = odd_character_of(std::string_view(line).substr(begin)); !odd.empty())
        return "the line " + odd + ": type it again with plain spaces and quotes";
    if (line.find('\t') < begin) return "indent with spaces, not with a tab";
    const std::size_t colon = line.find(':'), value = colon == std::string::npos ? begin : line.find_first_not_of(' ', colon + 1);
    if (value != std::string::npos && std::string_view("@`%").find(line[value]) != std::string_view::npos)
        return fmt::format("put a text that begins with {} in quotes", line[value]);
    if (colon == std::string::npos) return "check the indentation; is a colon missing?";
    if (line[begin] == '-') return "check the indentation";
    return fmt::format("check the indentation: is {} indented like its neighbors? (2 spaces)",
                       shown(line.substr(begin, colon - begin)));
}

}  // namespace

std::optional<YamlNode> parse_yaml(std::string_view text, Report& report) {
    if (!is_clean(text, report)) return std::nullopt;
    YamlNode root;
    try {
        std::istringstream stream{std::string(text)};
        YAML::Parser parser(stream);
        TreeMaker maker(root, report);
        while (parser.HandleNextDocument(maker)) {}
        return root;
    } catch (const Stop&) {
    } catch (const YAML::Exception& error) {
        const bool known = !error.mark.is_null();
        const Place place = known ? place_of(error.mark) : Place{1, 1};
        report.refuse(place, "", fmt::format("not valid YAML here ({})", error.msg),
                      advice(guess(line_of(text, place.line), place.line > 1 ? line_of(text, place.line - 1) : "", place.line)));
    } catch (const std::exception& error) {
        report.refuse({1, 1}, "", std::string("cannot be read as YAML: ") + error.what(), {});
    }
    return std::nullopt;
}

}  // namespace volt
