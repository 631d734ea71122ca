#include "daemon/ctl/init/site_file.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "daemon/config/config_tables.hpp"
#include "daemon/ctl/init/answers.hpp"
#include "daemon/ctl/init/yaml_text.hpp"
#include "drivers/store/settings/slug.hpp"

namespace volt::ctl::init {

namespace {

constexpr std::size_t width = 110;
constexpr const char* no_timer = "no timer that voltd can set or read: it may stay on if voltd dies";

constexpr const char* lease_key = "require_lease";

constexpr const char* introduction =
    "# It starts in shadow: voltd shows what it would do and switches nothing. `voltctl shadow` reports that.\n"
    "# When you agree with it: sudo voltctl go-live (it changes `commands` in `control`, at the end)\n"
    "#\n"
    "# This file has only addresses and topics. Voltages, miners and zones are in the database: voltctl prefs, miners, zones.\n"
    "# Every key, with its bounds: man voltd.yaml. Check a change before you reload: voltd --check\n";

/// Returns the keys that are written even with their default value.
const std::map<std::string, std::vector<std::string>>& taught() {
    static const std::map<std::string, std::vector<std::string>> keys = {{"victron", {"charge_limit"}},
                                                                         {"sol_ark", {"unit", "framing", "charge_limit"}},
                                                                         {"outputs", {"dialect"}},
                                                                         {"control", {"commands"}}};
    return keys;
}

/// Returns `text` as indented comment lines.
std::string comment(const std::string& text, std::size_t indent) {
    std::string lines, line;
    const std::string begin = std::string(indent, ' ') + "#";
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = std::min(text.find(' ', from), text.size());
        const std::string word = text.substr(from, end - from);
        if (!line.empty() && begin.size() + line.size() + word.size() + 1 > width) {
            lines += begin + line + "\n";
            line.clear();
        }
        line += " " + word;
        from = end + 1;
    }
    return lines + begin + line + "\n";
}

bool is_default(const FieldFacts& facts, const Json& value) {
    if (facts.fallback.empty()) return false;
    const Json usual = Json::parse(facts.fallback, nullptr, false);
    return usual == value || (usual.is_number() && value.is_number() && usual.get<double>() == value.get<double>());
}

/// Returns one key of a section with its sentence after it if it fits, else above it. `said`: keys whose sentence is already in
/// the file.
std::string commented(const FieldFacts& facts, const Json& value, std::size_t indent, std::set<std::string>& said) {
    std::string line = yaml_member(facts.key, value, indent);
    const bool waived = facts.key == lease_key && value == false;
    const std::string about = waived ? no_timer : facts.about;
    if (about.empty() || (!waived && !said.insert(facts.key).second)) return line;
    const bool one_line = std::count(line.begin(), line.end(), '\n') == 1;
    if (!one_line || line.size() + about.size() + 4 > width) return comment(about, indent) + line;
    line.pop_back();
    line.resize(std::max<std::size_t>(line.size(), 36), ' ');
    return line + "  # " + about + "\n";
}

/// Returns the members of a section in the order of the schema.
std::string members(const std::vector<FieldFacts>& fields, const Json& section, const std::vector<std::string>& teach,
                    std::size_t indent, std::set<std::string>& said) {
    std::string text;
    for (const FieldFacts& facts : fields) {
        const bool teaches = std::find(teach.begin(), teach.end(), facts.key) != teach.end();
        const bool given = section.contains(facts.key);
        if (!given && (!teaches || facts.fallback.empty())) continue;
        const Json value = given ? section[facts.key] : Json::parse(facts.fallback, nullptr, false);
        if (!teaches && !facts.required && facts.key != lease_key && is_default(facts, value)) continue;
        text += commented(facts, value, indent, said);
    }
    return text;
}

std::string list_of_sections(const FieldFacts& facts, const Json& rows, const std::vector<std::string>& teach) {
    std::string text = facts.key + ":\n";
    std::set<std::string> said;
    for (const Json& row : rows) {
        std::string block = members(facts.inside.front().inside, row, teach, 4, said);
        std::size_t first = 0;  // comments above the first key come before the dash
        while (block.compare(first, 5, "    #") == 0) first = block.find('\n', first) + 1;
        block.replace(first + 2, 2, "- ");
        text += block;
    }
    return text;
}

std::string section_text(const FieldFacts& facts, const Json& value) {
    const auto found = taught().find(facts.key);
    const std::vector<std::string> teach = found == taught().end() ? std::vector<std::string>() : found->second;
    if (facts.form == FieldForm::list && !value.empty() && value.front().is_object())
        return list_of_sections(facts, value, teach);
    std::set<std::string> said;
    if (facts.form != FieldForm::section) return commented(facts, value, 0, said);
    const std::string inside = members(facts.inside, value, teach, 2, said);
    return inside.empty() ? "" : comment(facts.about, 0) + facts.key + ":\n" + inside;
}

/// Returns a section that could not be filled in: its required keys, commented out.
std::string missing_block(const FieldFacts& facts) {
    std::string text =
        comment("Not found by init: fill it in, and remove the # before each line. " + facts.about, 0) + "# " + facts.key + ":\n";
    for (const FieldFacts& it : facts.inside)
        if (it.required) text += "#   " + it.key + ":    # " + it.about + "\n";
    return text;
}

/// Marks a relay whose timer voltd can neither set nor read.
Json with_waived_leases(const Json& answers) {
    Json outputs = answers["outputs"];
    for (Json& output : outputs) {
        const std::string dialect = word(output, "dialect"), id = word(output, "id");
        const bool blind = std::any_of(dialect_rules().begin(), dialect_rules().end(), [&](const DialectRule& it) {
            return dialect == name_of(it.dialect) && !lease_is_required(it.dialect);
        });
        const bool relay = word(output, "kind") != "level" && id != word(answers, "charge_output");
        if (blind && relay && !output.contains(lease_key)) output[lease_key] = false;
    }
    return outputs;
}

/// Returns the power sources if only a GX measures, so that a reader of the file sees what the budget uses.
Json power_sources_of(const Json& answers) {
    if (!has_none(answers, "power_sources")) return answers["power_sources"];
    if (has_none(answers, "victron") || !has_none(answers, "sol_ark")) return {};
    const Json gx = Json::array({"victron.system"});
    return {{"pv", gx}, {"load", gx}, {"grid", gx}};
}

Json control_section() { return {{"commands", "shadow"}}; }

}  // namespace

std::string site_file(const Json& answers, const FileHead& head) {
    std::string text =
        "# voltd.yaml of " + word(answers, "site") + ", written by voltctl init " + head.version + " on " + head.date + ".\n";
    for (const std::string& it : head.found) text += comment(it, 0);
    text += std::string("#\n") + introduction;
    for (const ConfigField<Config>& field : config_fields()) {
        const FieldFacts& facts = field.facts;
        const bool missing = std::find(head.missing.begin(), head.missing.end(), facts.key) != head.missing.end();
        Json value = facts.key == "control"                 ? control_section()
                     : has_none(answers, facts.key.c_str()) ? Json()
                                                            : answers[facts.key];
        if (facts.key == "power_sources") value = power_sources_of(answers);
        if (facts.key == "site_place" && place_of(answers))
            value = Json{{"latitude", answers["latitude"]}, {"longitude", answers["longitude"]}};
        if (facts.key == "outputs" && !value.is_null()) value = with_waived_leases(answers);
        if (facts.key == "home_assistant" && !value.is_null()) value = Json{{"discovery", true}};
        if (facts.form != FieldForm::section && facts.form != FieldForm::list && is_default(facts, value)) continue;
        const std::string section = missing ? missing_block(facts) : value.is_null() ? "" : section_text(facts, value);
        if (!section.empty()) text += "\n" + section;
    }
    return text;
}

std::optional<SitePlace> place_of(const Json& answers) {
    const auto steps = [&answers](const char* key) -> std::optional<int> {
        const auto degrees = number(answers, key);
        return degrees ? std::optional(static_cast<int>(std::lround(*degrees * SitePlace::steps_a_degree))) : std::nullopt;
    };
    const auto latitude = steps("latitude"), longitude = steps("longitude");
    return latitude && longitude ? std::optional(SitePlace{*latitude, *longitude}) : std::nullopt;
}

std::string output_id(const std::string& name) { return make_slug(name).substr(0, 64); }

}  // namespace volt::ctl::init
