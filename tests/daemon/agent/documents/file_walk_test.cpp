#include "daemon/agent/documents/file_walk.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/fakes/process.hpp"

using namespace volt;
using namespace volt::agent;

namespace file_walk_test {

namespace {

struct Folder {
    volt::testing::TempDir directory;
    std::string root = directory / "root";
    Folder() { std::filesystem::create_directory(root); }
    void write(const std::string& path) const {
        std::filesystem::create_directories(std::filesystem::path(root + "/" + path).parent_path());
        volt::testing::write_file(root + "/" + path, "text");
    }
};

}  // namespace

TEST_CASE("lists plain files by path and skips hidden ones") {
    const Folder at;
    for (const char* path :
         {"b.md", "a/x.txt", ".hidden/y.md", ".z.md", "synonyms.txt", "a/synonyms.txt", "new\nline.md", "\xff.md"})
        at.write(path);
    std::filesystem::create_symlink("/etc", at.root + "/link");
    std::filesystem::create_symlink("b.md", at.root + "/link.md");
    REQUIRE(::mkfifo((at.root + "/fifo").c_str(), 0600) == 0);
    const FileWalk walk = walk_folder(at.root, 8);
    CHECK(walk.complete);
    std::vector<std::string> paths, refused;
    for (const WalkedFile& it : walk.files) paths.push_back(it.path);
    for (const SyncItem& it : walk.refused) refused.push_back(it.path + ": " + it.reason);
    CHECK(paths == std::vector<std::string>{"a/synonyms.txt", "a/x.txt", "b.md"});
    CHECK(walk.files[2].bytes == 4);
    CHECK(walk.files[2].mtime_ns > 0);
    CHECK(refused == std::vector<std::string>{"\\xff.md: the file name contains invisible or invalid characters",
                                              "fifo: not a plain file", "link: a link", "link.md: a link",
                                              "new\\x0aline.md: the file name contains invisible or invalid characters"});
}

TEST_CASE("handles missing, deep and empty folders") {
    const Folder at;
    CHECK(walk_folder(at.root, 8).entries == 0);
    CHECK(walk_folder(at.root + "/none", 8).missing);
    at.write("1/2/3/x.md");
    const FileWalk deep = walk_folder(at.root, 2);
    CHECK(deep.files.empty());
    REQUIRE(deep.refused.size() == 1);
    CHECK(deep.refused[0].path == "1/2/3");
    CHECK(walk_folder(at.root, 3).files.size() == 1);
}

TEST_CASE("omits a closed folder under any name") {
    const Folder at;
    at.write("a.md");
    at.write("inner/secret.md");
    std::filesystem::create_directory_symlink(at.root + "/inner", at.directory / "other-name");
    for (const std::string& closed : {at.root + "/inner", at.root + "/inner/../inner", at.directory / "other-name"}) {
        const FileWalk walk = walk_folder(at.root, 8, {closed, "/none"});
        CHECK(walk.complete);
        REQUIRE(walk.files.size() == 1);
        CHECK(walk.files[0].path == "a.md");
        REQUIRE(walk.refused.size() == 1);
        CHECK(walk.refused[0].reason == "the folder of a private source");
    }
    const FileWalk self = walk_folder(at.root, 8, {at.root});
    CHECK(self.files.empty());
    CHECK(self.complete);
    CHECK(self.entries > 0);
}

TEST_CASE("opens only plain files inside the folder") {
    const Folder at;
    at.write("a/b.md");
    at.write("../out.md");
    std::filesystem::create_symlink("..", at.root + "/up");
    std::filesystem::create_symlink("a/b.md", at.root + "/link.md");
    REQUIRE(::mkfifo((at.root + "/fifo").c_str(), 0600) == 0);
    const auto opens = [&](const char* path) {
        const int fd = open_below(at.root, path);
        if (fd >= 0) ::close(fd);
        return fd >= 0;
    };
    CHECK(opens("a/b.md"));
    for (const char* path : {"a", "fifo", "link.md", "up/out.md", "none", "", "a/none/x"}) CHECK_MESSAGE(!opens(path), path);
}

TEST_CASE("escapes names for people") {
    CHECK(escaped_name("a b\xc3\xb6.md") == "a b\xc3\xb6.md");
    CHECK(escaped_name("a\x1b[2J") == "a\\x1b[2J");
    CHECK(escaped_name(std::string(5000, 'x')).size() == most_path_bytes);
}

}  // namespace file_walk_test
