// Manifest of a backup: its files, its creator, and the sums to verify everything. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "drivers/result.hpp"

namespace volt::ctl::backup {

/// Possible contents of a backup, in this order. Nothing else is restored.
inline constexpr const char* manifest_name = "MANIFEST";
inline constexpr const char* config_name = "voltd.yaml";
inline constexpr const char* notify_name = "notify.yaml";
inline constexpr const char* settings_name = "settings.json";
inline constexpr const char* password_name = "mqtt.password";  ///< only with --with-secrets
inline constexpr const char* database_name = "voltd.db";

/// Maximum total size: the database has at most 512 MB.
inline constexpr std::uint64_t most_bytes = std::uint64_t{1} << 30;

/// Returns a failure for a problem that a person can fix.
inline Failure refuse(std::string text) { return {Fault::refused, std::move(text)}; }

struct PackedFile {
    std::string name;
    std::uint64_t bytes = 0;
    std::string sha256;
    bool operator==(const PackedFile&) const = default;
};

struct Manifest {
    std::string version;  ///< version of the voltd that made it
    int schema = 0;       ///< schema of its database
    std::string site;
    std::string at;  ///< UTC, ISO 8601
    std::vector<PackedFile> files;
    bool operator==(const Manifest&) const = default;

    /// Returns the file with this name, or null if there is none.
    const PackedFile* find(std::string_view name) const;
};

std::string manifest_text(const Manifest& manifest);
/// Reads the manifest. Fails if there is none, its version is newer, it lists unknown files, or a required file is missing.
Result<Manifest> read_manifest(std::string_view text);
/// Returns the reason this program must not restore it (it was made by a newer one), or an empty string if it may.
std::string newer_problem(const Manifest& manifest, int schema_here);

/// Member of the archive as `tar` lists it.
struct Member {
    std::string name;
    std::uint64_t bytes = 0;
    bool plain = false;  ///< a regular file, not a link, directory or device
};
/// Reads the output of `tar --list --verbose`. An invalid line becomes a member that is not plain.
std::vector<Member> read_listing(std::string_view text);
/// Returns the reason these members cannot be a backup, whatever their manifest says, or an empty string if they can.
std::string listing_problem(const std::vector<Member>& members);
/// Returns how the members differ from the manifest, or an empty string if they match.
std::string members_problem(const std::vector<Member>& members, const Manifest& manifest);

inline constexpr const char* file_ending = ".tar.gz";
/// Returns `voltd-SITE-2026-11-22.tar.gz` for the day `2026-11-22`.
std::string file_name(std::string_view site, std::string_view day);
/// Returns the older backups of this site to remove, so that `keep` remain. The one of `today` is the newest and always kept. One
/// with a later date, from a wrong clock, counts as the oldest.
std::vector<std::string> surplus(std::vector<std::string> names, std::string_view site, std::string_view today, std::size_t keep);

}  // namespace volt::ctl::backup
