// The manifest of a backup: what is in the file, who made it, and the sums that everything is checked by. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "drivers/result.hpp"

namespace volt::ctl::backup {

/// What a backup can hold, in this order; nothing else is taken from one.
inline constexpr const char* manifest_name = "MANIFEST";
inline constexpr const char* config_name = "voltd.yaml";
inline constexpr const char* notify_name = "notify.yaml";
inline constexpr const char* settings_name = "settings.json";
inline constexpr const char* password_name = "mqtt.password";  ///< only with --with-secrets
inline constexpr const char* database_name = "voltd.db";

/// Of everything together: the database has 512 MB at most.
inline constexpr std::uint64_t most_bytes = std::uint64_t{1} << 30;

/// A problem that a person can mend.
inline Failure refuse(std::string text) { return {Fault::refused, std::move(text)}; }

struct PackedFile {
    std::string name;
    std::uint64_t bytes = 0;
    std::string sha256;
    bool operator==(const PackedFile&) const = default;
};

struct Manifest {
    std::string version;  ///< of the voltd that made it
    int schema = 0;       ///< of its database
    std::string site;
    std::string at;  ///< UTC, ISO 8601
    std::vector<PackedFile> files;
    bool operator==(const Manifest&) const = default;

    /// Null: it has none of this name.
    const PackedFile* find(std::string_view name) const;
};

std::string manifest_text(const Manifest& manifest);
/// Refused: no manifest, or one of a later form; files that no backup has, or without those that each has.
Result<Manifest> read_manifest(std::string_view text);
/// Why this program must not restore it: it was made by a newer one. Empty: it may.
std::string newer_problem(const Manifest& manifest, int schema_here);

/// A member of the archive as `tar` lists it.
struct Member {
    std::string name;
    std::uint64_t bytes = 0;
    bool plain = false;  ///< a regular file, not a link, directory or device
};
/// Reads the output of `tar --list --verbose`. A line that is no member is one that is not plain.
std::vector<Member> read_listing(std::string_view text);
/// Why these members cannot be a backup, whatever their manifest says. Empty: they can.
std::string listing_problem(const std::vector<Member>& members);
/// How the members differ from the manifest. Empty: they do not.
std::string members_problem(const std::vector<Member>& members, const Manifest& manifest);

inline constexpr const char* file_ending = ".tar.gz";
/// `voltd-SITE-2026-11-22.tar.gz`; `day` as `2026-11-22`.
std::string file_name(std::string_view site, std::string_view day);
/// The names of older backups of this site that go, so that `keep` stay. The one of `today` is the newest and always stays; one
/// dated later, by a clock that was wrong, counts as the oldest.
std::vector<std::string> surplus(std::vector<std::string> names, std::string_view site, std::string_view today, std::size_t keep);

}  // namespace volt::ctl::backup
