#include "daemon/api/routes/system_routes.hpp"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <memory>

#include "daemon/api/history_file.hpp"
#include "daemon/api/licenses.hpp"
#include "daemon/api/metrics.hpp"
#include "daemon/explain/topics.hpp"
#include "drivers/store/recovery/maintenance.hpp"
#include "drivers/store/recovery/settings_copies.hpp"

namespace volt::api {

namespace {

constexpr int days_shown = 30;

Object or_null(const std::optional<double>& value) { return value ? Object(*value) : Object(nullptr); }

/// Returns the file's modification time, or null if there is no file.
Object time_of(const std::string& path) {
    struct stat found {};
    if (path.empty() || ::stat(path.c_str(), &found) != 0) return nullptr;
    return iso_utc(std::chrono::seconds{found.st_mtim.tv_sec});
}

Object disk_json(const std::string& path) {
    struct statvfs found {};
    if (::statvfs(directory_of(path).c_str(), &found) != 0) return nullptr;
    const std::uint64_t block = found.f_frsize;
    return {{"free_bytes", block * found.f_bavail}, {"total_bytes", block * found.f_blocks}};
}

/// Returns the integrity state. Each start checks the file before use and replaces a damaged one, with a note until the owner
/// acknowledges it.
const char* integrity_of(const StoreHealth& store) {
    if (store.failing) return "failing";
    if (!store.settings_damaged.empty()) return "damaged";
    return store.restored ? "restored" : "sound";
}

Object database_json(const std::string& path, const StoreHealth* store) {
    const std::vector<std::string> copies = copies_of(path);
    const std::string text = store == nullptr ? "" : store->settings_damaged.empty() ? store->text : store->settings_damaged;
    return {{"path", path},
            {"bytes", file_size(path)},
            {"wal_bytes", file_size(path + "-wal")},
            {"integrity", store == nullptr ? Object(nullptr) : Object(integrity_of(*store))},
            {"text", text.empty() ? Object(nullptr) : Object(text)},
            {"last_copy", time_of(copies.empty() ? "" : copies.front())},
            {"settings_copy", time_of(settings_copy_of(path))}};
}

/// Returns the process figures. Ages are by the wall clock, because the system reports the start of a process that way.
Object process_json(const ProcessFigures& figures) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const double now_s = std::chrono::duration<double>(now).count();
    Object object{{"started_at", nullptr}, {"uptime_s", nullptr}};
    if (figures.started_s) {
        object["started_at"] = iso_utc(std::chrono::seconds{static_cast<std::int64_t>(*figures.started_s)});
        object["uptime_s"] = std::max<std::int64_t>(0, static_cast<std::int64_t>(now_s - *figures.started_s));
    }
    object["memory_bytes"] = or_null(figures.resident_bytes);
    object["cpu_s"] = or_null(figures.cpu_s);
    object["open_files"] = or_null(figures.open_files);
    return object;
}

/// Returns null if the configuration is not known yet.
Object config_json(const ConfigInForce& config) {
    if (config.path.empty()) return nullptr;
    return {{"path", config.path}, {"read_at", config.read ? Object(iso_utc(*config.read)) : Object(nullptr)}};
}

void add_loop(Object& process, const LoopFigures& loop) {
    const auto ms = [](std::chrono::microseconds time) { return static_cast<double>(time.count()) / 1000; };
    process["turns"] = loop.turns;
    process["longest_turn_ms"] = ms(loop.longest_turn);
    process["longest_delay_ms"] = ms(loop.longest_delay);
}

class SystemHandlers {
public:
    SystemHandlers(const StatusBoard& board, SystemContext context, const std::atomic<bool>& give_up)
        : board_(board), context_(std::move(context)), file_(context_.database, give_up) {}

    /// Answers even while the loop or the database does not. Unknown values are null.
    HttpAnswer show(const HttpRequest& request) {
        bool texts = false;
        if (auto wrong = read_flag(request, "licenses", texts)) return *wrong;
        if (texts) return ok_answer({{"licenses", licenses}});
        const auto page = board_.page();
        const StoreHealth* store = page ? &page->store : nullptr;
        const auto schema = schema_status(context_.database);
        Object versions{{"voltd", VOLT_VERSION}, {"schema", schema ? Object(schema.value().version) : Object(nullptr)}};
        versions["page"] = context_.ui.empty() ? Object(nullptr) : Object(context_.ui);
        Object process = process_json(process_figures());
        if (page) add_loop(process, page->loop);
        return ok_answer({{"safe_mode", page ? Object(!object_of(page, "alarm/safe_mode").empty()) : Object(nullptr)},
                          {"versions", std::move(versions)},
                          {"config", page ? config_json(page->config) : Object(nullptr)},
                          {"process", std::move(process)},
                          {"database", database_json(context_.database, store)},
                          {"flash", flash(store)},
                          {"disk", disk_json(context_.database)},
                          {"clock", clock(page)},
                          {"broker", object_of(page, "source/mqtt")}});
    }

    HttpAnswer acknowledge() {
        const auto notes = acknowledge_restore(context_.database, built_in_migrations());
        if (!notes) return error_answer(503, notes.failure().text);
        if (notes.value() == 0) return error_answer(409, "the alarm database_restored is not active");
        if (context_.changed) context_.changed();
        return ok_answer({{"ok", true}});
    }

private:
    using Page = std::shared_ptr<const StatusSnapshot>;

    /// Returns the object, or null if there is none.
    static Object object_of(const Page& page, const std::string& topic) {
        if (page)
            for (const auto& [name, json] : page->objects)
                if (name == topic) return Object::parse(json, nullptr, false);
        return nullptr;
    }

    static Object clock(const Page& page) {
        if (!page) return nullptr;
        const Object site = object_of(page, "site");
        return {{"now", iso_utc(page->at)},
                {"local", iso_local(page->local)},
                {"source", site.value("clock", "")},
                {"trusted", site.value("clock_trusted", false)}};
    }

    /// Returns the bytes that voltd sent to the disk by UTC day, oldest first.
    Object flash(const StoreHealth* store) {
        Object object{{"since_start_bytes", store == nullptr ? Object(nullptr) : Object(store->bytes_written)}};
        const auto lock = file_.lock();
        if (!lock) return object;
        const auto days = file_.read([](Connection& db) { return read_written_per_day(db, days_shown); });
        if (!days) return object;
        object["days"] = Object::array();
        for (auto day = days.value().rbegin(); day != days.value().rend(); ++day)
            object["days"].push_back({{"day", day->day}, {"mb", day->megabytes}});
        return object;
    }

    const StatusBoard& board_;
    const SystemContext context_;
    HistoryFile file_;
};

}  // namespace

std::vector<Route> system_routes(const StatusBoard& board, SystemContext context, const std::atomic<bool>& give_up) {
    const auto handlers = std::make_shared<SystemHandlers>(board, std::move(context), give_up);
    return {{"GET", "/api/system", [handlers](const HttpRequest& it) { return handlers->show(it); }, Body::none, {"licenses"}},
            {"POST", "/api/alarms/database_restored/acknowledge",
             [handlers](const HttpRequest&) { return handlers->acknowledge(); }}};
}

}  // namespace volt::api
