#include "daemon/ctl/backup/manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <utility>

namespace volt::ctl::backup {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t form = 1;  ///< version of the manifest and the archive
constexpr std::uint64_t most_schema = 1'000'000;
constexpr std::size_t longest_word = 64;

bool is_known(std::string_view name) {
    const auto known = {config_name, notify_name, settings_name, password_name, database_name};
    return std::any_of(known.begin(), known.end(), [&](const char* it) { return name == it; });
}

bool is_sum(const std::string& text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

/// Returns true for short printable text, which may be shown to people.
bool is_word(const std::string& text) {
    return !text.empty() && text.size() <= longest_word &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > ' ' && c < 0x7f; });
}

bool is_day(std::string_view text) {
    if (text.size() != 10) return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if ((i == 4 || i == 7) ? text[i] != '-' : (text[i] < '0' || text[i] > '9')) return false;
    return true;
}

/// Returns a whole number, or 0 if it is not one above 0.
std::uint64_t whole(const Json& json) { return json.is_number_unsigned() ? json.get<std::uint64_t>() : 0; }

std::string files_problem(const std::vector<PackedFile>& files) {
    std::set<std::string> names;
    std::uint64_t sum = 0;
    for (const PackedFile& it : files) {
        if (!is_known(it.name)) return "its manifest lists a file that does not belong in a backup";
        if (!is_sum(it.sha256) || it.bytes > most_bytes) return "its manifest is damaged";
        if (!names.insert(it.name).second) return "its manifest names " + it.name + " twice";
        sum += it.bytes;
    }
    if (sum > most_bytes) return "it is larger than a backup can be";
    for (const char* needed : {config_name, database_name})
        if (names.count(needed) == 0) return std::string("its manifest does not name ") + needed;
    return {};
}

}  // namespace

const PackedFile* Manifest::find(std::string_view name) const {
    const auto found = std::find_if(files.begin(), files.end(), [&](const PackedFile& it) { return it.name == name; });
    return found == files.end() ? nullptr : &*found;
}

std::string manifest_text(const Manifest& manifest) {
    Json files = Json::array();
    for (const PackedFile& it : manifest.files) files.push_back({{"name", it.name}, {"bytes", it.bytes}, {"sha256", it.sha256}});
    return Json{{"form", form},          {"version", manifest.version}, {"schema", manifest.schema},
                {"site", manifest.site}, {"at", manifest.at},           {"files", std::move(files)}}
               .dump(2) +
           "\n";
}

Result<Manifest> read_manifest(std::string_view text) {
    try {
        const Json json = Json::parse(text);
        const std::uint64_t found = whole(json.at("form")), schema = whole(json.at("schema"));
        Manifest manifest;
        manifest.version = json.at("version").get<std::string>();
        if (!is_word(manifest.version)) return refuse("its manifest is damaged");
        if (found > form) return refuse("it was made by voltd " + manifest.version + ": install that version, or a newer one");
        if (found != form || schema == 0 || schema > most_schema) return refuse("its manifest is damaged");
        manifest.schema = static_cast<int>(schema);
        manifest.site = json.at("site").get<std::string>();
        manifest.at = json.at("at").get<std::string>();
        for (const Json& it : json.at("files"))
            manifest.files.push_back({it.at("name").get<std::string>(),
                                      it.at("bytes").is_number_unsigned() ? it.at("bytes").get<std::uint64_t>() : most_bytes + 1,
                                      it.at("sha256").get<std::string>()});
        if (!is_word(manifest.site) || !is_word(manifest.at)) return refuse("its manifest is damaged");
        if (std::string problem = files_problem(manifest.files); !problem.empty()) return refuse(problem);
        return manifest;
    } catch (const Json::exception&) { return refuse("its manifest is damaged"); }
}

std::string newer_problem(const Manifest& manifest, int schema_here) {
    if (manifest.schema <= schema_here) return {};
    return fmt::format("it was made by voltd {} (schema {}), and this is {} (schema {}): install voltd {} or a newer one",
                       manifest.version, manifest.schema, VOLT_VERSION, schema_here, manifest.version);
}

std::vector<Member> read_listing(std::string_view text) {
    std::vector<Member> members;
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string mode, owner, day, time;
        Member member;
        words >> mode >> owner >> member.bytes >> day >> time;
        member.plain = !words.fail() && mode.starts_with('-');
        if (!words.fail() && words.get() == ' ') std::getline(words, member.name);
        members.push_back(std::move(member));
    }
    return members;
}

std::string listing_problem(const std::vector<Member>& members) {
    if (members.empty()) return "it is empty";
    std::set<std::string> names;
    std::uint64_t sum = 0;
    for (const Member& it : members) {
        if (!it.plain) return "it contains a link, a directory or a device";
        if (it.name != manifest_name && !is_known(it.name)) return "it contains a file that does not belong in a backup";
        if (!names.insert(it.name).second) return "it holds " + it.name + " twice";
        if (it.bytes > most_bytes) return "it is larger than a backup can be";
        sum += it.bytes;
    }
    if (sum > most_bytes) return "it is larger than a backup can be";
    return names.count(manifest_name) > 0 ? "" : "it has no manifest";
}

std::string members_problem(const std::vector<Member>& members, const Manifest& manifest) {
    for (const Member& it : members) {
        if (it.name == manifest_name) continue;
        const PackedFile* const file = manifest.find(it.name);
        if (file == nullptr) return it.name + " is not in its manifest";
        if (file->bytes != it.bytes) return fmt::format("{} has {} bytes; its manifest lists {}", it.name, it.bytes, file->bytes);
    }
    for (const PackedFile& file : manifest.files)
        if (std::none_of(members.begin(), members.end(), [&](const Member& it) { return it.name == file.name; }))
            return file.name + " of its manifest is missing";
    return {};
}

std::string file_name(std::string_view site, std::string_view day) {
    return fmt::format("voltd-{}-{}{}", site, day, file_ending);
}

std::vector<std::string> surplus(std::vector<std::string> names, std::string_view site, std::string_view today,
                                 std::size_t keep) {
    const std::string before = fmt::format("voltd-{}-", site);
    std::erase_if(names, [&](const std::string& name) {
        if (!name.starts_with(before) || !name.ends_with(file_ending)) return true;
        const std::string_view rest = std::string_view(name).substr(before.size());
        return !is_day(rest.substr(0, std::min(rest.size(), std::size_t{10}))) || name != file_name(site, rest.substr(0, 10));
    });
    const std::string newest = file_name(site, today);
    std::sort(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {  // newest first
        return std::pair(a <= newest, std::string_view(a)) > std::pair(b <= newest, std::string_view(b));
    });
    const std::size_t stay = std::max(keep, std::size_t{1});
    names.erase(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(stay, names.size())));
    return names;
}

}  // namespace volt::ctl::backup
