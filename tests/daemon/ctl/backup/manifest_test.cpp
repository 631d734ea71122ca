#include "daemon/ctl/backup/manifest.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace volt::ctl::backup;

namespace manifest_test {

namespace {

const std::string sum(64, 'a');

Manifest good() {
    return {"0.2.0",
            10,
            "shack",
            "2026-11-22T03:10:00Z",
            {{"voltd.yaml", 900, sum}, {"settings.json", 70, sum}, {"voltd.db", 150'000'000, sum}}};
}

std::string refusal(const Manifest& manifest) {
    const auto read = read_manifest(manifest_text(manifest));
    return read ? "" : read.failure().text;
}

std::string refusal(const std::string& text) {
    const auto read = read_manifest(text);
    return read ? "" : read.failure().text;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    REQUIRE(has(text, from));
    return text.replace(text.find(from), from.size(), to);
}

const char* const listing =
    "-rw------- 0/0             812 2026-11-22 03:10 MANIFEST\n"
    "-rw------- 0/0             900 2026-11-22 03:10 voltd.yaml\n"
    "-rw------- 0/0              70 2026-11-22 03:10 settings.json\n"
    "-rw------- 0/0       150000000 2026-11-22 03:10 voltd.db\n";

std::string with_line(const std::string& line) { return listing + line + "\n"; }

}  // namespace

TEST_CASE("reads a written manifest") {
    const auto read = read_manifest(manifest_text(good()));
    REQUIRE(read);
    CHECK(read.value() == good());
    CHECK(read.value().find("voltd.db")->bytes == 150'000'000);
    CHECK(read.value().find("notify.yaml") == nullptr);
}

TEST_CASE("rejects an invalid, damaged or unknown manifest") {
    const std::string text = manifest_text(good());
    for (const std::string& broken :
         {std::string(), std::string("{"), std::string("[]"), text.substr(0, text.size() / 2),
          replaced(text, "\"form\": 1", "\"form\": 0"), replaced(text, "\"form\": 1", "\"form\": \"1\""),
          replaced(text, "\"schema\": 10", "\"schema\": -1"), replaced(text, "\"shack\"", "\"a b\\u001b\""),
          replaced(text, "\"bytes\": 900", "\"bytes\": 1e300"), replaced(text, sum, "A" + sum.substr(1))}) {
        CAPTURE(broken);
        CHECK(has(refusal(broken), "damaged"));
    }
    for (const char* name : {"../../etc/passwd", "/etc/passwd", "voltd.db/x", "", "voltd.db-wal", "MANIFEST"}) {
        Manifest manifest = good();
        manifest.files.push_back({name, 1, sum});
        CAPTURE(name);
        CHECK(has(refusal(manifest), "lists a file that does not belong in a backup"));
    }
    Manifest twice = good();
    twice.files.push_back(twice.files[0]);
    CHECK(has(refusal(twice), "twice"));
    Manifest less = good();
    less.files.pop_back();
    CHECK(has(refusal(less), "does not name voltd.db"));
    Manifest huge = good();
    huge.files[2].bytes = most_bytes;
    CHECK(has(refusal(huge), "larger than a backup can be"));
}

TEST_CASE("rejects a newer voltd's backup and accepts older ones") {
    CHECK(newer_problem(good(), 10).empty());
    CHECK(newer_problem(good(), 11).empty());
    CHECK(has(newer_problem(good(), 9), "install voltd 0.2.0"));
    CHECK(
        has(refusal(replaced(manifest_text(good()), "\"form\": 1", "\"form\": 2")), "made by voltd 0.2.0: install that version"));
}

TEST_CASE("accepts only plain files with known unique names") {
    const auto members = read_listing(listing);
    REQUIRE(members.size() == 4);
    CHECK(listing_problem(members).empty());
    CHECK(members_problem(members, good()).empty());
    CHECK(listing_problem({}) == "it is empty");
    CHECK(listing_problem(read_listing(std::string(listing).substr(std::string(listing).find('\n') + 1))) ==
          "it has no manifest");
    for (const char* line : {"lrwxrwxrwx 0/0               0 2026-11-22 03:10 notify.yaml -> /etc/passwd",
                             "hrw------- 0/0               0 2026-11-22 03:10 notify.yaml link to MANIFEST",
                             "drwx------ 0/0               0 2026-11-22 03:10 notify.yaml",
                             "crw-rw-rw- 0/0             1,3 2026-11-22 03:10 notify.yaml", "rubbish", ""}) {
        CAPTURE(line);
        CHECK(has(listing_problem(read_listing(with_line(line))), "a link, a directory or a device"));
    }
    for (const char* name :
         {"../../etc/passwd", "/etc/passwd", "./notify.yaml", " notify.yaml", "notify.yaml ", "notify.yaml\\n"}) {
        CAPTURE(name);
        CHECK(
            has(listing_problem(read_listing(with_line(std::string("-rw------- 0/0               1 2026-11-22 03:10 ") + name))),
                "contains a file that does not belong in a backup"));
    }
    CHECK(has(listing_problem(read_listing(with_line("-rw------- 0/0 1 2026-11-22 03:10 voltd.db"))), "voltd.db twice"));
    CHECK(has(listing_problem(read_listing(with_line("-rw------- 0/0 99999999999999999999999 2026-11-22 03:10 notify.yaml"))),
              "a link"));
    CHECK(has(listing_problem(read_listing(with_line("-rw------- 0/0 9999999999 2026-11-22 03:10 notify.yaml"))), "larger than"));
}

TEST_CASE("requires members to match the manifest") {
    auto members = read_listing(with_line("-rw------- 0/0 1 2026-11-22 03:10 notify.yaml"));
    CHECK(has(members_problem(members, good()), "notify.yaml is not in its manifest"));
    members = read_listing(listing);
    members[1].bytes = 901;
    CHECK(has(members_problem(members, good()), "voltd.yaml has 901 bytes; its manifest lists 900"));
    members = read_listing(listing);
    members.pop_back();
    CHECK(has(members_problem(members, good()), "voltd.db of its manifest is missing"));
}

TEST_CASE("keeps this site's newest backups and other files") {
    CHECK(file_name("shack", "2026-11-22") == "voltd-shack-2026-11-22.tar.gz");
    const std::vector<std::string> names{"voltd-shack-2026-11-22.tar.gz",
                                         "voltd-shack-2026-11-08.tar.gz",
                                         "voltd-shack-2026-11-15.tar.gz",
                                         "voltd-shack-2-2026-01-01.tar.gz",
                                         "voltd-shack-2026-11-01.db",
                                         "voltd-shack-2026-11-0x.tar.gz",
                                         "voltd-shack-.tar.gz",
                                         "voltd-shack-2026-11-01.tar.gz.old",
                                         "photos.tar.gz"};
    CHECK(surplus(names, "shack", "2026-11-22", 2) == std::vector<std::string>{"voltd-shack-2026-11-08.tar.gz"});
    CHECK(surplus(names, "shack", "2026-11-22", 1).size() == 2);
    CHECK(surplus(names, "shack", "2026-11-22", 8).empty());
    CHECK(surplus(names, "shack-2", "2026-11-22", 1).empty());
}

TEST_CASE("keeps today's backup despite other dates") {
    const std::vector<std::string> names{"voltd-shack-2099-01-01.tar.gz", "voltd-shack-2026-11-22.tar.gz",
                                         "voltd-shack-2026-11-15.tar.gz", "voltd-shack-2099-01-08.tar.gz"};
    CHECK(surplus(names, "shack", "2026-11-22", 2) ==
          std::vector<std::string>{"voltd-shack-2099-01-08.tar.gz", "voltd-shack-2099-01-01.tar.gz"});
    for (const std::size_t keep : {std::size_t{0}, std::size_t{1}}) {
        const auto gone = surplus(names, "shack", "2026-11-22", keep);
        CHECK(gone.size() == 3);
        CHECK(std::find(gone.begin(), gone.end(), names[1]) == gone.end());
    }
}

}  // namespace manifest_test
