// Served site with agent.db, where a client proposes through tools and a person decides over voltd's socket.
#pragma once

#include "daemon/agent/proposals/approval.hpp"
#include "daemon/agent/tools/kept_call.hpp"
#include "drivers/store/agent/conversations.hpp"
#include "tests/daemon/agent/agent_site.hpp"

namespace volt::agent::testing {

struct Proposed : AgentSite {
    SiteAccess access;
    AgentStore store{directory.path + "/agent.db"};
    CallKeeping keeping{.store = &store, .login = "pi"};
    Json would = Json::array();  ///< orders that a trial answers, since no loop runs here
    Proposed() {
        if (!make_agent_key(config).empty()) std::abort();
        access = access_of(config);
        ctl::ApiAddress address;
        address.url = access.url;
        std::ifstream(config.voltd.key_file) >> address.token;
        access.site = std::make_unique<SiteLink>(
            [this, address](const api::HttpRequest& request, const ctl::RequestLimits&) {
                return with_orders(request, ctl::send(address, request));
            },
            nullptr, path);
    }
    ctl::ApiReply with_orders(const api::HttpRequest& request, ctl::ApiReply reply) const {
        if (!request.query.contains("dry_run") || !reply.ok()) return reply;
        Json answer = Json::parse(reply.body);
        answer["would"] = would;
        reply.body = answer.dump();
        return reply;
    }

    ToolOutcome call(const std::string& name, const Json& arguments, const std::string& client = "claude") {
        CallTime time;
        time.client = client;
        for (const Tool& tool : tool_table())
            if (tool.name == name) return kept_call(tool, *access.site, arguments, time, keeping);
        return {{}, "no such tool"};
    }
    ToolOutcome change(const Json& fields, const std::string& row = "dump-load-s19-1") {
        return call("change_settings", {{"table", "miners"}, {"row", row}, {"fields", fields}, {"why", "sun"}});
    }
    /// Sends on the socket as this person, like voltctl.
    SendAs socket() const {
        return [this](const std::string& who, const api::HttpRequest& request) {
            ctl::ApiAddress address;
            address.socket = address.url = directory.path + "/api.sock";
            address.who = who;
            return with_orders(request, ctl::send(address, request));
        };
    }
    std::string newest_code() { return waiting_proposals(store, agent_now()).value().front().code; }
    std::int64_t number(const std::string& sql) const {
        return Connection::open(path, OpenMode::read_only).value().number(sql).value_or(-1);
    }
    std::string text(const std::string& sql) const {
        return Connection::open(path, OpenMode::read_only).value().text(sql).value_or("");
    }
    std::int64_t kept(const std::string& sql) const {
        return Connection::open(store.path(), OpenMode::read_only).value().number(sql).value_or(-1);
    }
    std::int64_t revision() const { return number("SELECT max(revision) FROM settings_revision"); }
};

}  // namespace volt::agent::testing
