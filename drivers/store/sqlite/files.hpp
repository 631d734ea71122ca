// The few acts on files that SQLite does not do for us. Nothing here throws.
#pragma once

#include <string>
#include <vector>

#include "drivers/result.hpp"

namespace volt {

/// The present moment as part of a file name: `20250621T053000.123Z`; sorts by time.
std::string file_stamp();

bool file_exists(const std::string& path);
bool is_directory(const std::string& path);
/// Size in bytes, 0 if file not found.
std::uint64_t file_size(const std::string& path);
/// Where the file lies; `.` for a bare name.
std::string directory_of(const std::string& path);
/// Device and inode, to see that a file was replaced; empty where there is none.
std::string file_identity(const std::string& path);

/// Returns true if the file has a hard link other than `<path>.…` beside it, which an interrupted restore leaves.
bool has_foreign_name(const std::string& path);

/// Renames and makes the rename durable; empty when well, else what went wrong.
std::string rename_durably(const std::string& from, const std::string& to);
/// Gives a file a second name and makes it durable; empty when well.
std::string link_durably(const std::string& from, const std::string& to);
/// Copies the bytes and makes them durable under the final name only when all are there; empty when well.
std::string copy_durably(const std::string& from, const std::string& to);
/// Makes the content of a file durable; empty when well.
std::string sync_file(const std::string& path);
void remove_file(const std::string& path);
/// The group of the directory edits the database and reads its copies, others have no access; the umask does not matter.
enum class Rights : unsigned { data = 0660, copy = 0640 };
/// Makes an empty file with these rights where there is none.
void make_file(const std::string& path, Rights rights);
/// Gives a file its rights, and one that root made to the owner of the directory. A link, a file with a second name, and a file that is
/// not ours stay as they are.
void give_rights(const std::string& path, Rights rights);
/// Whether the device takes (nearly) no more bytes: SQLite calls that an I/O error where it happens to shared memory.
bool device_is_full(const std::string& path);
/// Names the file system of the nearest existing directory above `path` if a reboot empties it: "tmpfs", or "overlay" unless its upper
/// layer is known to be on a disk. Empty: it is kept.
std::string memory_file_system(const std::string& path);
/// Makes the directory of `path` where it is missing; a failure shows when the file is opened.
void make_directory_of(const std::string& path);
/// Files beside `path` whose name begins with its name and `suffix`; newest stamp first.
std::vector<std::string> files_beside(const std::string& path, const std::string& suffix);

/// Bytes that the calling thread has sent to the storage layer since it started; 0 if the kernel does not report it.
std::uint64_t thread_bytes_written();

}  // namespace volt
