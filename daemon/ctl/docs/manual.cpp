#include "daemon/ctl/docs/manual.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "daemon/ctl/views/settings_view.hpp"

namespace volt::ctl {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* page_date = "2026-11-21";

constexpr const char* voltctl_description = R"(.SH DESCRIPTION
.B voltctl
shows what
.BR voltd (8)
does and why, changes its settings, and maintains its database.
.PP
Commands that show or control the running site
.RB ( status ", " watch ", " explain ", " override ", "
.BR outputs ", " alarms ", " safe\-mode )
ask the running voltd by its Unix socket, which the group voltd may open;
.B \-\-url
asks by HTTP instead, with the token of
.BR \-\-token\-file .
They also work with a mistake in the configuration, and print a warning.
.B mode
and what edits settings
.RB ( prefs ", " miners ", " zones ", " settings )
go through the running voltd, which uses the change from its next tick;
if none runs, voltctl changes the database itself, by the same code.
.BR db ", " backup ", " restore ", " config ", " doctor ", " probe ", " history ", " decisions ", " whatif " and " replay
need no voltd.
.PP
Colors are used only on a terminal.
Every command that prints data accepts
.B \-\-json
for programs.
)";

constexpr const char* voltctl_end = R"(.SH EXIT STATUS
.TP
.B 0
done
.TP
.B 1
refused or failed: an invalid value, an unknown load,
an unusable database
.TP
.B 2
usage: an unknown command or option
.TP
.B 3
voltd is not reachable
.SH ENVIRONMENT
.TP
.B NO_COLOR
no colors when it is set and not empty;
.B \-\-color
overrides it
.TP
.B TZ
time zone of times that
.BR history " and " decisions
read and print; default: the site's time zone
.SH FILES
.TP
.I /etc/voltd/voltd.yaml
the configuration, see
.BR voltd.yaml (5)
.TP
.I /run/voltd/api.sock
the socket of the running voltd; root and members of the group voltd may open it
.TP
.I /run/voltd/token
the token for
.BR \-\-url ,
new at each start of voltd
.TP
.I /var/lib/voltd/voltd.db
settings and history
.SH SEE ALSO
.BR voltd (8),
.BR voltd.yaml (5),
.BR voltd\-settings (5),
.BR voltsim (1)
)";

std::string strong(const std::string& text) { return "\\fB" + roff(text) + "\\fP"; }
std::string emphasised(const std::string& text) { return "\\fI" + roff(text) + "\\fP"; }

/// Returns a line of text for troff: never a request, never empty.
std::string line_of(const std::string& text) {
    if (text.empty()) return "\\&\n";
    const bool request = text[0] == '.' || text[0] == '\'';
    return (request ? "\\&" : "") + text + "\n";
}

/// Returns filled text, with input lines broken as troff prefers. The viewer refills the page.
std::string paragraph(const std::string& text) {
    constexpr std::size_t longest = 78;
    std::istringstream words(text);
    std::string page, line;
    for (std::string word; words >> word;) {
        if (!line.empty() && line.size() + 1 + word.size() > longest) page += line_of(std::exchange(line, ""));
        line += (line.empty() ? "" : " ") + word;
    }
    return page + line_of(line);
}

std::string option_names(const CLI::Option& option) {
    std::string text;
    for (const std::string& name : option.get_lnames()) text += (text.empty() ? "" : ", ") + strong("--" + name);
    const std::string value = value_name(option);
    return value.empty() ? text : text + " " + emphasised(value);
}

std::string argument_name(const CLI::Option& option) {
    const std::string name = emphasised(value_name(option)), many = option.get_items_expected_max() > 1 ? "..." : "";
    return option.get_required() ? name + many : "[" + name + "]" + many;
}

/// Returns the description of an option, with its allowed values and its default.
std::string about(const CLI::Option& option) {
    std::string text = option.get_description();
    if (const auto words = value_words(option); !words.empty()) text += fmt::format(" ({})", fmt::join(words, ", "));
    if (!option.get_default_str().empty()) text += " (default " + option.get_default_str() + ")";
    return text;
}

std::string items(const CLI::App& app) {
    std::string page;
    for (const CLI::Option* option : arguments_of(app))
        page += ".TP\n" + line_of(emphasised(value_name(*option))) + paragraph(roff(about(*option)));
    for (const CLI::Option* option : options_of(app))
        page += ".TP\n" + line_of(option_names(*option)) + paragraph(roff(about(*option)));
    return page;
}

/// Returns a footer: paragraphs, and its examples unchanged. Text after the examples is a paragraph again.
std::string notes(const std::string& footer) {
    std::istringstream text(footer);
    std::string page;
    bool example = false, begin = true;
    for (std::string line; std::getline(text, line);) {
        const bool indented = line.starts_with("  ");
        if (line.empty() || line == "Examples:") {
            begin = true;
            continue;
        }
        if (indented && !example) page += ".PP\n.RS 4\n.nf\n";
        if (!indented && example) page += ".fi\n.RE\n";
        if (!indented && (begin || example)) page += ".PP\n";
        example = indented;
        begin = false;
        page += indented ? line_of(roff(line.substr(2))) : paragraph(roff(line));
    }
    return example ? page + ".fi\n.RE\n" : page;
}

std::string synopsis(const CLI::App& app) {
    std::string text = strong("voltctl " + path_of(app));
    for (const CLI::Option* option : arguments_of(app)) text += " " + argument_name(*option);
    return text;
}

void add_command(std::string& page, const CLI::App& app) {
    const auto parts = commands_of(app);
    page += ".SS " + roff("voltctl " + path_of(app)) + "\n";
    page += paragraph(roff(app.get_description() + "."));
    if (parts.empty()) page += ".PP\n" + paragraph(synopsis(app)) + items(app);
    for (const CLI::App* part : parts)
        page += ".PP\n" + paragraph(synopsis(*part)) + ".RS 4\n" + paragraph(roff(part->get_description() + ".")) + items(*part) +
                ".RE\n";
    if (!parts.empty()) page += items(app);
    page += notes(app.get_footer());
}

std::string heading(const std::string& name, const std::string& section, const std::string& title, const std::string& what) {
    return ".\\\" Generated by `./dev man`; do not edit.\n.TH " + name + " " + section + " " + page_date + " voltd \"" + title +
           "\"\n.SH NAME\n" + roff(what) + "\n";
}

// voltd.yaml ------------------------------------------------------------------------------------------------------

std::string joined(const Json& list) {
    std::string text;
    for (const Json& it : list) text += (text.empty() ? "" : ", ") + (it.is_string() ? it.get<std::string>() : it.dump());
    return text;
}

std::string bounds(const Json& key) {
    std::string text;
    if (key.contains("enum")) text = "one of " + joined(key["enum"]);
    if (key.contains("minimum") && key.contains("maximum")) text = key["minimum"].dump() + " to " + key["maximum"].dump();
    if (key.contains("default"))
        text += (text.empty() ? "" : "; ") + std::string("default ") +
                (key["default"].is_string() ? key["default"].get<std::string>() : key["default"].dump());
    return text;
}

bool is_required(const Json& object, const std::string& key) {
    if (!object.contains("required")) return false;
    for (const Json& it : object["required"])
        if (it == key) return true;
    return false;
}

void add_keys(std::string& page, const Json& object, const std::string& above);

void add_key(std::string& page, const Json& object, const std::string& name, const Json& key, const std::string& above) {
    const std::string path = above.empty() ? name : above + "." + name;
    page += ".TP\n" + line_of(strong(path) + (is_required(object, name) ? " (required)" : ""));
    const std::string what = key.value("description", ""), limits = bounds(key);
    page += paragraph(roff(what.empty() ? limits : limits.empty() ? what : what + " " + limits + "."));
    if (key.contains("properties")) add_keys(page, key, path);
    if (key.contains("items") && key["items"].contains("properties")) add_keys(page, key["items"], path + "[]");
}

void add_keys(std::string& page, const Json& object, const std::string& above) {
    for (const auto& [name, key] : object["properties"].items()) add_key(page, object, name, key, above);
}

constexpr const char* config_end = R"(.SH EXAMPLE
.RS 4
.nf
site: shack
victron: { host: 192.168.1.20 }
sol_ark: { host: 192.168.1.21 }
mqtt: { url: mqtt://127.0.0.1:1883 }
outputs:
  \- { id: primary\-s21, dialect: tasmota, topic: miner1, lease_s: 300, meter: true }
.fi
.RE
.SH FILES
.TP
.I /etc/voltd/voltd.yaml
where
.BR voltd (8)
and
.BR voltctl (1)
expect it
.TP
.I /etc/voltd/voltd.example.yaml
every key with its default
.SH SEE ALSO
.BR voltd (8),
.BR voltctl (1)
)";

// voltd-settings --------------------------------------------------------------------------------------------------

constexpr const char* settings_description = R"(.SH DESCRIPTION
The settings are rows of voltd's database. The preferences are one row;
miners and zones are a row each.
A change takes effect within a second and is kept in a history;
.B voltctl settings undo
takes it back.
A value out of bounds is refused, whoever writes it.
.PP
.BR "voltctl prefs" ", " "voltctl miners" " and " "voltctl zones"
show and change them; so do
.IR /api/preferences ,
.I /api/miners
and
.IR /api/hvac/zones ,
under the same names.
.B voltctl prefs help
.I FIELD
shows the same text.
)";

constexpr const char* settings_end = R"(.SH EXAMPLE
.RS 4
.nf
voltctl prefs show
voltctl prefs set voltage_low=47.5 reserve_voltage=48
voltctl miners set primary\-s21\-revenue start_voltage=50.5
voltctl zones set heat\-room temp_too_hot=42
voltctl settings history
.fi
.RE
.SH SEE ALSO
.BR voltctl (1),
.BR voltd.yaml (5),
.BR voltd (8)
)";

void add_settings(std::string& page, SettingsTable table, const char* title) {
    page += std::string(".SH ") + title + "\n";
    for (const SettingsField& field : fields_of(table))
        page += ".TP\n" + line_of(strong(field.name)) + paragraph(roff(field.about)) + ".br\n" +
                paragraph(roff(facts_of(table, field) + "."));
}

}  // namespace

std::string settings_manual() {
    std::string page = heading("VOLTD-SETTINGS", "5", "File Formats", "voltd-settings - thresholds, miners and zones of voltd");
    page += settings_description;
    add_settings(page, SettingsTable::preferences, "PREFERENCES");
    add_settings(page, SettingsTable::miners, "MINERS");
    add_settings(page, SettingsTable::zones, "ZONES");
    return page + settings_end;
}

std::string roff(const std::string& text) {
    std::string safe;
    for (const char byte : text) {
        if (byte == '\\') safe += "\\e";
        else if (byte == '-') safe += "\\-";
        else if (byte == '`') safe += "\\(ga";
        else if (byte == '\'') safe += "\\(aq";
        else if (byte == '"') safe += "\\(dq";
        else if (byte == '^') safe += "\\(ha";
        else if (byte == '~') safe += "\\(ti";
        else if (byte == '\n') safe += ' ';
        else safe += byte;
    }
    return safe;
}

std::string voltctl_manual(const CLI::App& root) {
    std::string page = heading("VOLTCTL", "1", "User Commands", "voltctl - inspect and control voltd");
    page +=
        ".SH SYNOPSIS\n" + line_of(strong("voltctl") + " [" + emphasised("OPTION") + "]... " + emphasised("COMMAND") + " ...");
    page += voltctl_description;
    page += ".SH OPTIONS\nGive them before or after the command.\n" + items(root);
    page += ".TP\n" + line_of(strong("--help")) + line_of("shows the options and examples of any command");
    page += ".SH COMMANDS\n";
    for (const CLI::App* command : commands_of(root)) add_command(page, *command);
    return page + voltctl_end;
}

std::string config_manual(const std::string& schema) {
    const Json object = Json::parse(schema);
    std::string page = heading("VOLTD.YAML", "5", "File Formats", "voltd.yaml - configuration of voltd");
    page += ".SH DESCRIPTION\n" + paragraph(roff(object.value("description", "")));
    page +=
        ".PP\nThe file is read strictly: voltd rejects unknown and duplicate keys,\n"
        "wrong types and invalid values, and lists every problem in one run, with line\n"
        "and column.\n"
        ".B voltctl config check\nor\n.B voltd \\-\\-check\nlists them.\n"
        ".B systemctl reload voltd\nreloads a changed file and reports what needs a restart;\n"
        "it fails if the file is rejected, and voltd keeps its configuration.\n"
        "A start with a bad file uses the last good one; see\n.BR voltd (8).\n";
    page += ".SH KEYS\nA dot separates sections;\n.B []\nmeans each entry of a list.\n";
    add_keys(page, object, "");
    return page + config_end;
}

}  // namespace volt::ctl
