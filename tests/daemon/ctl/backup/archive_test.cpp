#include "daemon/ctl/backup/archive.hpp"

#include "tests/daemon/ctl/backup/site_files.hpp"

using namespace volt;
using namespace volt::ctl::backup;
using namespace volt::testing;

namespace archive_test {

namespace {

namespace fs = std::filesystem;

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("opens a private workshop once and removes it") {
    const TempDir dir;
    {
        const auto shop = Workshop::open(dir.path() + "/", "backup");
        REQUIRE(shop);
        CHECK(shop.value().path() == dir / ".voltd-backup");
        CHECK((fs::status(shop.value().path()).permissions() & fs::perms::mask) == fs::perms::owner_all);
        write_file(shop.value() / "part", "x");
        const auto second = Workshop::open(dir.path(), "backup");
        REQUIRE_FALSE(second);
        CHECK(has(second.failure().text, "another voltctl"));
        CHECK(Workshop::open(dir.path(), "restore"));
    }
    CHECK(fs::is_empty(dir.path()));
    fs::create_directory_symlink("/tmp", dir / ".voltd-backup");
    CHECK_FALSE(Workshop::open(dir.path(), "backup"));
    CHECK_FALSE(Workshop::open(dir / "none", "backup"));
}

TEST_CASE("restores packed files exactly and rejects changed ones") {
    const SiteFiles site;
    const std::string file = site.backed_up();
    const int schema = static_cast<int>(built_in_migrations().size());
    const auto archive = read_archive(file, schema);
    REQUIRE_MESSAGE(archive, (archive ? "" : archive.failure().text));
    CHECK(archive.value().config == read_file(site.config));
    CHECK(archive.value().manifest.schema == schema);
    const std::string out = site.dir / "out";
    fs::create_directory(out);
    CHECK(unpack(archive.value(), out).empty());
    CHECK(read_file(out + "/voltd.yaml") == read_file(site.config));
    CHECK(fs::file_size(out + "/voltd.db") == archive.value().manifest.find("voltd.db")->bytes);
    CHECK(has(unpack(archive.value(), out), "cannot be unpacked"));  // never over an existing file
    fs::remove_all(out);
    fs::create_directory(out);
    Archive other = archive.value();
    other.manifest.files[1].sha256[0] = other.manifest.files[1].sha256[0] == '0' ? '1' : '0';
    CHECK(has(unpack(other, out), "settings.json in it was changed"));
    CHECK(has(read_archive(file, schema - 1).failure().text, "install voltd"));
}

}  // namespace archive_test
