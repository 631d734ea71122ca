// File operations that SQLite does not provide. Nothing here throws.
#pragma once

#include <string>
#include <vector>

#include "drivers/result.hpp"

namespace volt {

/// Returns the current time as part of a file name: `20250621T053000.123Z`; sorts by time.
std::string file_stamp();

bool file_exists(const std::string& path);
bool is_directory(const std::string& path);
/// Returns the size in bytes, or 0 if the file is missing.
std::uint64_t file_size(const std::string& path);
/// Returns the directory of the file, `.` for a bare name.
std::string directory_of(const std::string& path);
/// Returns device and inode, to notice a replaced file, or an empty string if it is missing.
std::string file_identity(const std::string& path);

/// Returns true if the file has a hard link other than `<path>.…` next to it, which an interrupted restore leaves.
bool has_foreign_name(const std::string& path);

/// Renames and makes the rename durable. Returns empty on success, else the error.
std::string rename_durably(const std::string& from, const std::string& to);
/// Gives a file a second name and makes it durable. Returns empty on success.
std::string link_durably(const std::string& from, const std::string& to);
/// Copies the bytes and makes them durable under the final name only once complete. Returns empty on success.
std::string copy_durably(const std::string& from, const std::string& to);
/// Makes the content of a file durable. Returns empty on success.
std::string sync_file(const std::string& path);
void remove_file(const std::string& path);
/// Rights of files: the directory's group edits the database and reads its copies, others have no access. The umask does not
/// matter.
enum class Rights : unsigned { data = 0660, copy = 0640 };
/// Makes an empty file with these rights if it is missing.
void make_file(const std::string& path, Rights rights);
/// Gives a file its rights, and one that root made to the owner of the directory. Does not change a link, a file with a second
/// name, or a file that is not ours.
void give_rights(const std::string& path, Rights rights);
/// Returns true if the device is (nearly) full: SQLite reports that as an I/O error for shared memory.
bool device_is_full(const std::string& path);
/// Returns the name of the file system of the nearest existing directory above `path` if a reboot empties it: "tmpfs", or
/// "overlay" unless its upper layer is known to be on a disk. Empty if it is kept.
std::string memory_file_system(const std::string& path);
/// Makes the directory of `path` if missing. A failure shows when the file is opened.
void make_directory_of(const std::string& path);
/// Returns files next to `path` whose name begins with its name and `suffix`, newest stamp first.
std::vector<std::string> files_beside(const std::string& path, const std::string& suffix);

/// Returns the bytes that the calling thread has sent to the storage layer since it started, or 0 if the kernel does not report
/// it.
std::uint64_t thread_bytes_written();

}  // namespace volt
