#include "daemon/ctl/backup/restoring.hpp"

#include <signal.h>
#include <sys/resource.h>

#include <atomic>
#include <thread>

#include "drivers/store/sqlite/lock.hpp"
#include "tests/daemon/ctl/backup/site_files.hpp"
#include "tests/fakes/mosquitto.hpp"
#include "tests/fakes/mqtt_peer.hpp"

using namespace volt;
using namespace volt::ctl::backup;
using namespace volt::testing;

namespace restoring_test {

namespace {

namespace fs = std::filesystem;

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

BrokerLook nobody(const BrokerConfig& /*broker*/, const BrokerLookOptions& /*options*/) {
    BrokerLook look;
    look.connected = true;
    return look;
}

RestoreRequest wish_for(const SiteFiles& site, const std::string& file) {
    RestoreRequest request;
    request.file = file;
    request.config = site.config;
    return request;
}

/// Returns an empty string if it was restored.
std::string refusal(const RestoreRequest& request, const Look& look = nobody) {
    const auto done = restore_backup(request, look);
    return done ? "" : done.failure().text;
}

/// Returns a backup with the current sum and size of `name` in its manifest.
std::string mended(const std::string& name) {
    return "python3 -c \"import json,hashlib,os; m=json.load(open('MANIFEST')); "
           "[f.update(bytes=os.path.getsize(f['name']), sha256=hashlib.sha256(open(f['name'],'rb').read()).hexdigest()) "
           "for f in m['files'] if f['name']=='" +
           name + "']; json.dump(m, open('MANIFEST','w'))\"";
}

}  // namespace

TEST_CASE("restores database and voltd.yaml without sessions") {
    const SiteFiles site;
    site.sql("UPDATE miner_profiles SET power_draw_w = 1234 WHERE slug = 'dump-load-s19-1'");
    site.sql("UPDATE user_preferences SET operating_mode = 'conservative'");
    const std::string config = read_file(site.config), file = site.backed_up();
    site.wipe();
    const auto before = site.everything();
    RestoreRequest request = wish_for(site, file);
    request.dry = true;
    CHECK(refusal(request).empty());
    CHECK(site.everything() == before);
    request.dry = false;
    const auto done = restore_backup(request, nobody);
    REQUIRE_MESSAGE(done, (done ? "" : done.failure().text));
    CHECK(done.value().sessions == 0);
    CHECK(read_file(site.config) == config);
    CHECK(site.asked("SELECT power_draw_w FROM miner_profiles WHERE slug = 'dump-load-s19-1'") == "1234");
    CHECK(site.asked("SELECT operating_mode FROM user_preferences") == "conservative");
    CHECK(verify_database(site.database, built_in_migrations()).value().empty());
    for (const auto& it : fs::recursive_directory_iterator(site.dir.path())) {
        const std::string name = it.path().filename();
        CHECK_MESSAGE((!has(name, ".part") && !has(name, ".voltd-") && !has(name, ".restore")), name);
    }
}

TEST_CASE("replaces an existing site on request and keeps its sessions") {
    const SiteFiles site;
    const std::string file = site.backed_up();
    site.sql(
        "INSERT INTO web_sessions (id, secret_sha256, kind, role, name, expires_at) VALUES "
        "('00000000-0000-4000-8000-000000000001', '" +
        std::string(64, 'b') + "', 'program', 'view', 'prometheus', '2099-01-01T00:00:00Z')");
    site.sql("UPDATE user_preferences SET operating_mode = 'off'");
    write_file(site.config, read_file(site.config) + "log_level: debug\n");
    RestoreRequest request = wish_for(site, file);
    const auto before = site.everything();
    const std::string why = refusal(request);
    CHECK(has(why, site.database));
    CHECK(has(why, site.config));
    CHECK(has(why, "--replace"));
    CHECK(site.everything() == before);
    request.replace = true;
    const auto done = restore_backup(request, nobody);
    REQUIRE_MESSAGE(done, (done ? "" : done.failure().text));
    CHECK(done.value().sessions == 1);
    CHECK(site.asked("SELECT name FROM web_sessions") == "prometheus");
    CHECK(site.asked("SELECT operating_mode FROM user_preferences") != "off");
    CHECK_FALSE(has(read_file(site.config), "log_level"));
    int kept = 0;
    for (const auto& it : fs::recursive_directory_iterator(site.dir.path()))
        if (has(it.path().filename(), ".replaced-")) ++kept;
    CHECK(kept == 2);
}

TEST_CASE("rejects a truncated, foreign, newer or tampered file") {
    const SiteFiles site;
    const std::string file = site.backed_up();
    const auto before = site.everything();
    struct Case {
        const char* change;
        std::string names;
        const char* why;
    };
    const std::string plain = "*";
    const std::vector<Case> cases{
        {"printf x | dd of=voltd.db bs=1 seek=9000 conv=notrunc status=none", plain, "voltd.db in it was changed"},
        {"sed -i s/shack/barns/ voltd.yaml", plain, "its voltd.yaml was changed"},
        {"sed -i s/shack/barn/ voltd.yaml", plain, "bytes; its manifest lists"},
        {"sed -i 's/\"schema\": [0-9]*/\"schema\": 999/' MANIFEST", plain, "install voltd"},
        {"echo x >MANIFEST", plain, "manifest is damaged"},
        {"rm settings.json", plain, "settings.json of its manifest is missing"},
        {"echo x >evil.sh", plain, "a file that does not belong in a backup"},
        {"rm voltd.yaml; ln -s /etc/passwd voltd.yaml", plain, "a link"},
        {"ln voltd.yaml notify.yaml", plain, "a link"},
        {"true", "* ../../../../../../../../etc/hostname", "a file that does not belong in a backup"},
        {"true", "* /etc/hostname", "a file that does not belong in a backup"},
        {"mkdir notify.yaml; touch notify.yaml/x", "-d *", "a link, a directory"},
        {"true", "* voltd.db", "a link"},  // which is how tar packs a file for the second time

    };
    for (const Case& it : cases) {
        CAPTURE(it.change);
        CAPTURE(it.names);
        RestoreRequest request = wish_for(site, site.changed(file, it.change, it.names));
        request.replace = true;
        const std::string why = refusal(request);
        CAPTURE(why);
        CHECK(has(why, it.why));
        fs::remove(request.file);
        CHECK(site.everything() == before);
    }
    const std::string whole = read_file(file);
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{100}, whole.size() / 2, whole.size() - 1}) {
        CAPTURE(size);
        RestoreRequest request = wish_for(site, site.dir / "cut.tar.gz");
        request.replace = true;
        write_file(request.file, whole.substr(0, size));
        CHECK_FALSE(refusal(request).empty());
        fs::remove(request.file);
        CHECK(site.everything() == before);
    }
    CHECK(has(refusal(wish_for(site, site.database)), "not an archive"));
    CHECK(has(refusal(wish_for(site, site.stick)), "is not a file"));
    CHECK(has(refusal(wish_for(site, site.dir / "none")), "No such file"));
}

TEST_CASE("rejects a damaged database and settings that do not fit") {
    const SiteFiles site;
    const std::string file = site.backed_up();
    const auto before = site.everything();
    RestoreRequest request =
        wish_for(site, site.changed(file, "head -c 30000 voltd.db >x && mv x voltd.db; " + mended("voltd.db")));
    request.replace = true;
    CHECK(has(refusal(request), "cannot be restored"));
    fs::remove(request.file);
    request.file = site.changed(file, "echo 'victrom: {}' >>voltd.yaml; " + mended("voltd.yaml"));
    const std::string why = refusal(request);
    CHECK(has(why, "this voltd rejects its voltd.yaml"));
    CHECK(has(why, "victrom"));
    fs::remove(request.file);
    CHECK(site.everything() == before);
}

TEST_CASE("migrates an older backup before restoring it") {
    const SiteFiles site;
    REQUIRE(roll_back_database(site.database, built_in_migrations(), 8));
    const std::string file = site.backed_up();
    site.wipe();
    const auto done = restore_backup(wish_for(site, file), nobody);
    REQUIRE_MESSAGE(done, (done ? "" : done.failure().text));
    CHECK(site.asked("SELECT max(number) FROM schema_migrations") == std::to_string(built_in_migrations().size()));
}

TEST_CASE("refuses while voltd runs on this computer") {
    const SiteFiles site;
    RestoreRequest request = wish_for(site, site.backed_up());
    request.replace = request.anyway = true;
    const auto before = site.everything();
    const auto lock = DatabaseLock::take(site.database);
    REQUIRE(lock);
    CHECK(has(refusal(request), "systemctl stop voltd"));
    CHECK(site.everything() == before);
}

TEST_CASE("refuses if another voltd runs, or that is unknown") {
    const BrokerConfig lan = [] {
        BrokerConfig config;
        config.host = "192.168.1.10";
        config.port = 1883;
        return config;
    }();
    BrokerLook look;
    look.connected = true;
    CHECK(rival_problem(lan, look, "shack").empty());
    look.site_online = true;
    CHECK(has(rival_problem(lan, look, "shack"), "another voltd runs the site shack"));
    look.site_online = false;
    look.voltd_heard = true;
    CHECK(has(rival_problem(lan, look, "shack"), "another voltd runs the site shack"));
    look = {};
    look.why = "Connection refused";
    CHECK(has(rival_problem(lan, look, "shack"), "cannot determine whether"));
    BrokerConfig here = lan;
    here.host = "127.0.0.1";
    CHECK(rival_problem(here, look, "shack").empty());
    look.login_refused = true;
    CHECK(has(rival_problem(here, look, "shack"), "put its password into"));

    const SiteFiles site;
    RestoreRequest request = wish_for(site, site.backed_up());
    site.wipe();
    const auto before = site.everything();
    const Look busy = [](const BrokerConfig&, const BrokerLookOptions& options) {
        CHECK(options.root == "voltd/shack");
        BrokerLook seen;
        seen.connected = seen.site_online = true;
        return seen;
    };
    CHECK(has(refusal(request, busy), "--anyway"));
    CHECK(site.everything() == before);
    request.anyway = true;
    CHECK(refusal(request, busy).empty());
}

TEST_CASE("detects another voltd on a real broker") {
    const Mosquitto broker;
    const SiteFiles site(broker.port());
    RestoreRequest request = wish_for(site, site.backed_up());
    site.wipe();
    publish_once(broker.port(), "voltd/shack/status", "online", true);
    CHECK(has(refusal(request, look_at_broker), "another voltd runs the site"));
    publish_once(broker.port(), "voltd/shack/status", "offline", true);
    {
        std::atomic<bool> stop = false;
        std::thread other([&] {
            while (!stop) {
                publish_once(broker.port(), "voltd/shack/echo", "17");
                std::this_thread::sleep_for(std::chrono::milliseconds(200));
            }
        });
        const std::string why = refusal(request, look_at_broker);
        stop = true;
        other.join();
        CHECK(has(why, "another voltd runs the site"));
    }
    CHECK_FALSE(fs::exists(site.database));
    CHECK(refusal(request, look_at_broker).empty());
    CHECK(fs::exists(site.database));
}

TEST_CASE("names replaced files if one cannot follow the database") {
    const SiteFiles site;
    RestoreRequest request = wish_for(site, site.backed_up());
    request.replace = true;
    const std::string config = read_file(site.config);
    std::atomic<bool> over = false;
    std::thread spoiler([&] {
        while (!over) ::unlink((site.config + ".part").c_str());
    });
    std::string why;
    for (int tries = 0; tries < 200 && !has(why, "replaced before that"); ++tries) why = refusal(request);
    over = true;
    spoiler.join();
    CAPTURE(why);
    CHECK(has(why, site.config));
    CHECK(has(why, "replaced before that: " + site.database + " (previously " + site.database + ".replaced-"));
    CHECK_FALSE(has(why, "nothing was changed"));
    CHECK(read_file(site.config) == config);
}

TEST_CASE("removes directories it made when it refuses") {
    const SiteFiles site;
    const std::string file = site.backed_up();
    site.wipe();
    fs::create_directory(site.dir / "etc");
    RestoreRequest request = wish_for(site, file);
    request.config = site.dir / "etc/a/b/voltd.yaml";
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit whole{};
    ::getrlimit(RLIMIT_FSIZE, &whole);
    const Look full = [&](const BrokerConfig& broker, const BrokerLookOptions& options) {
        rlimit little = whole;
        little.rlim_cur = 1;
        ::setrlimit(RLIMIT_FSIZE, &little);
        return nobody(broker, options);
    };
    const std::string why = refusal(request, full);
    ::setrlimit(RLIMIT_FSIZE, &whole);
    CAPTURE(why);
    CHECK(has(why, "nothing was changed"));
    CHECK_FALSE(fs::exists(site.dir / "etc/a"));
    CHECK_FALSE(fs::exists(site.dir / "lib"));
}

TEST_CASE("names invalid settings and restores nothing") {
    const SiteFiles site;
    const std::string change =
        "sqlite3 voltd.db '.dbconfig enable_trigger off' \"UPDATE user_preferences SET voltage_curve = '[]'\"; ";
    RestoreRequest request = wish_for(site, site.changed(site.backed_up(), change + mended("voltd.db")));
    request.replace = true;
    const std::string why = refusal(request);
    CAPTURE(why);
    CHECK(has(why, "voltage_curve"));
    CHECK(has(why, "nothing was changed"));
}

TEST_CASE("changes nothing on a full disk") {
    const SiteFiles site;
    RestoreRequest request = wish_for(site, site.backed_up());
    request.replace = true;
    const auto before = site.everything();
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit whole{};
    ::getrlimit(RLIMIT_FSIZE, &whole);
    for (const rlim_t most : {rlim_t{1}, rlim_t{100}, rlim_t{50'000}, rlim_t{100'000}}) {
        CAPTURE(most);
        rlimit little = whole;
        little.rlim_cur = most;
        ::setrlimit(RLIMIT_FSIZE, &little);
        const std::string why = refusal(request);
        ::setrlimit(RLIMIT_FSIZE, &whole);
        CHECK_FALSE(why.empty());
        CHECK(site.everything() == before);
    }
    CHECK(refusal(request).empty());
}

}  // namespace restoring_test
