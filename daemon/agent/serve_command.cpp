#include "daemon/agent/serve_command.hpp"

#include <unistd.h>

#include <csignal>
#include <ctime>
#include <future>
#include <iostream>
#include <thread>

#include "daemon/agent/http/agent_server.hpp"
#include "daemon/agent/http/ask_routes.hpp"
#include "daemon/agent/http/kept_routes.hpp"
#include "daemon/agent/http/knowledge_routes.hpp"
#include "daemon/agent/http/mcp_route.hpp"
#include "daemon/agent/page/page_routes.hpp"
#include "daemon/agent/site_access.hpp"
#include "daemon/agent/tools/offer.hpp"
#include "daemon/ctl/talk/address.hpp"
#include "daemon/ctl/talk/error_output.hpp"

namespace volt::agent {

namespace {

/// Pause between two checks for due work.
constexpr std::chrono::seconds tend_pause{60};
/// Time for running requests at the end. After that the process exits without them.
constexpr std::chrono::seconds serve_end_limit{2};

std::int64_t wall_now_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

sigset_t ending_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    return signals;
}

/// Returns at a terminating signal. Periodically removes expired data.
void wait_for_end(AgentStore& store) {
    const sigset_t signals = ending_signals();
    const timespec pause{tend_pause.count(), 0};
    do store.tend(wall_now_ms());
    while (::sigtimedwait(&signals, nullptr, &pause) < 0);
}

/// Ends the process after the limit, because a running answer or sync uses everything in this program.
void end_in_time(AgentServer& server, BackgroundSync& sync) {
    std::promise<void> ended;
    std::thread ending([&] {
        server.stop();
        sync.stop();
        ended.set_value();
    });
    if (ended.get_future().wait_for(serve_end_limit) != std::future_status::ready) ::_exit(ctl::exit_ok);
    ending.join();
}

}  // namespace

std::vector<api::Route> served_routes(const Catalog& catalog, const AskPlace& place, BackgroundSync& sync) {
    std::vector<api::Route> all;
    for (auto& part : {page_routes(), mcp_routes(catalog), ask_routes(place), kept_routes(place.store),
                       knowledge_routes(place.site.documents(), sync)})
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

int run_serve(const AgentConfig& config) {
    if (!config.http) return ctl::refuse(false, ctl::Refusal{"http is off in agent.yaml", "add to it: http: {}"});
    const sigset_t signals = ending_signals();
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    const SiteAccess access = access_of(config);
    for (const std::string& trouble : access.troubles) std::cerr << "volt-agent: " << trouble << '\n';
    AgentStore store(config.agent_database(), config.keep);
    const Catalog catalog =
        catalog_of(*access.site, config.groups(), {.store = &store, .transport = "http", .login = ctl::operator_name()});
    const AskPlace place{*access.site, access.url, config.voltd.key_file, config.groups(), config.model, store};
    BackgroundSync sync(*access.documents, config.documents.sync_h);
    AgentServer server(*config.http, served_routes(catalog, place, sync));
    const auto port = server.start();
    if (!port) return ctl::refuse(false, port.failure().text);
    std::cerr << "volt-agent: http://" << config.http->listen << ", the token is in " << config.http->token_file << std::endl;
    wait_for_end(store);
    end_in_time(server, sync);
    return ctl::exit_ok;
}

}  // namespace volt::agent
