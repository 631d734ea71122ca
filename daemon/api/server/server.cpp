#include "daemon/api/server/server.hpp"

#include <algorithm>

#include "daemon/api/routes/backup_routes.hpp"
#include "daemon/api/routes/command_routes.hpp"
#include "daemon/api/routes/dry_run.hpp"
#include "daemon/api/routes/file_routes.hpp"
#include "daemon/api/routes/history_routes.hpp"
#include "daemon/api/routes/live_routes.hpp"
#include "daemon/api/routes/register_routes.hpp"
#include "daemon/api/routes/session_routes.hpp"
#include "daemon/api/routes/settings_routes.hpp"
#include "daemon/api/routes/status_routes.hpp"
#include "daemon/api/routes/system_routes.hpp"
#include "daemon/api/routes/whatif_routes.hpp"
#include "daemon/api/settings_file.hpp"
#include "daemon/web/files.hpp"
#include "drivers/source.hpp"
#include "drivers/thread.hpp"

namespace volt {

namespace {

constexpr std::size_t most_connections = 32, most_local_connections = 16;
static_assert(most_connections + most_local_connections <= LoopRequests::most_waiting);
constexpr std::size_t most_who = 64;

/// Returns the name if it is printable ASCII, as history and journal show it; otherwise empty.
bool is_name(const std::string& who) {
    return !who.empty() && who.size() <= most_who &&
           std::all_of(who.begin(), who.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

/// Treats everyone who can open the socket as the owner, whatever name the request gives.
api::Admitted by_socket(const api::RequestHead& head) {
    return {.caller = {api::Role::owner, false, is_name(head.volt_who) ? "voltctl " + head.volt_who : "owner"}};
}

}  // namespace

ApiServer::ApiServer() {
    router_.add(api::file_routes(VOLT_WEB_DIR));
    router_.add(api::status_routes(boards_, monotonic_now));
    router_.add(api::command_routes(requests_, boards_, mode_stored_));
    router_.add(api::stats_routes(boards_.status, stats_));
    router_.add(api::register_routes(boards_, monotonic_now));
    router_.add(api::live_routes(boards_.status, {monotonic_now, std::string(web::hash()), [this] { return last_change_(); }}));
}
ApiServer::~ApiServer() { stop(); }

void ApiServer::add(std::vector<api::Route> routes) { router_.add(std::move(routes)); }

void ApiServer::serve_database(const std::string& path, Store& store) {
    router_.add(api::settings_routes(path, api::settings_context(requests_, [&store] { store.settings_edited(); }), ending_));
    mode_stored_ = api::mode_in(path, ending_);
    last_change_ = [path] { return api::newest_change_in(path); };
    const auto context = [this] {
        const auto page = boards_.status.page();
        return page ? api::HistoryContext{page->at, page->series} : api::HistoryContext{};
    };
    stats_.database = path;
    router_.add(api::history_routes(path, context, store.recent(), ending_, &stats_.queries));
    router_.add(
        api::system_routes(boards_.status, {path, std::string(web::hash()), [&store] { store.settings_edited(); }}, ending_));
    router_.add(api::backup_routes(path, monotonic_now, ending_));
    const auto now = [context] { return context().now.value_or(wall_now()); };
    router_.add(api::whatif_routes({path, [this] { return api::take_config(requests_); }, now}, ending_));
    sessions_ = std::make_unique<api::Sessions>(path, ending_);
    access_.use_sessions(*sessions_);
    router_.add(api::session_routes(*sessions_, access_));
}

/// Prepares for a new start after stop().
void ApiServer::begin() {
    if (port_door_ || socket_door_) return;
    ending_ = false;
    requests_.open();
    boards_.open();
}

Result<int> ApiServer::start(const std::string& host, int port, const std::string& token_file) {
    if (const std::string why = take_token(token_file); !why.empty()) return Failure{Fault::refused, why};
    auto listening = api::listen_also_locally(host, port);
    if (!listening) return listening.failure();
    begin();
    auto door = std::make_unique<api::Door>(
        std::move(listening.value()), router_, [this](const api::RequestHead& it) { return access_.admit(it); },
        most_connections);
    if (!door->open()) return Failure{Fault::retry, no_thread_text};
    port_door_ = std::move(door);
    access_.set_listening(host, port_door_->port());
    return port_door_->port();
}

void ApiServer::close_port() { port_door_.reset(); }

std::string ApiServer::open_socket(const std::string& path) {
    if (socket_door_ && socket_path_ == path && socket_door_->in_place()) return {};
    // The socket file was removed, so this socket is unreachable.
    if (socket_door_ && socket_path_ == path) socket_door_.reset();
    auto listening = api::listen_at_file(path);
    if (!listening) return listening.failure().text;
    begin();
    std::vector<api::Listening> all;
    all.push_back(std::move(listening.value()));
    auto door = std::make_unique<api::Door>(std::move(all), router_, by_socket, most_local_connections);
    if (!door->open()) return no_thread_text;
    socket_door_ = std::move(door);
    socket_path_ = path;
    return {};
}

int ApiServer::port() const { return port_door_ ? port_door_->port() : 0; }

void ApiServer::give_up() {
    ending_ = true;
    requests_.close();
    boards_.close();
}

void ApiServer::stop() {
    give_up();
    port_door_.reset();
    socket_door_.reset();
}

}  // namespace volt
