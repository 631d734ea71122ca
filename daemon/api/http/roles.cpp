#include "daemon/api/http/roles.hpp"

#include <algorithm>
#include <iterator>

namespace volt::api {

namespace {

struct Row {
    const char* method;
    const char* pattern;
    Grant grant;
};

constexpr Row rows[] = {
    {"GET", "/health", Grant::anyone},
    {"GET", "/", Grant::anyone},
    {"GET", "/ui/{}", Grant::anyone},
    {"GET", "/manifest.webmanifest", Grant::anyone},
    {"GET", "/favicon.svg", Grant::anyone},
    {"GET", "/session", Grant::anyone},
    {"POST", "/session", Grant::anyone},
    {"DELETE", "/session", Grant::anyone},

    {"GET", "/api/status", Grant::look},
    {"GET", "/api/live", Grant::see},
    {"GET", "/api/explain", Grant::see},
    {"GET", "/api/explain/{}", Grant::see},
    {"GET", "/api/outputs", Grant::look},
    {"GET", "/api/history", Grant::see},
    {"GET", "/api/plot", Grant::see},
    {"GET", "/api/decisions", Grant::see},
    {"GET", "/api/preferences", Grant::look},
    {"GET", "/api/miners", Grant::look},
    {"GET", "/api/miners/{}", Grant::look},
    {"GET", "/api/hvac/zones", Grant::look},
    {"GET", "/api/hvac/zones/{}", Grant::look},
    {"GET", "/api/settings/history", Grant::look},
    {"GET", "/api/events", Grant::see},
    {"GET", "/api/runs", Grant::see},
    {"GET", "/api/system", Grant::look},
    {"GET", "/api/sources/{}/registers", Grant::look},
    {"GET", "/metrics", Grant::look},
    {"GET", "/system/stats", Grant::look},
    {"GET", "/openapi.json", Grant::look},
    {"GET", "/db/schema-status", Grant::look},

    {"PUT", "/api/preferences", Grant::change},
    {"POST", "/api/preferences/reset", Grant::change},
    {"POST", "/api/miners", Grant::change},
    {"PUT", "/api/miners/{}", Grant::change},
    {"DELETE", "/api/miners/{}", Grant::change},
    {"POST", "/api/hvac/zones", Grant::change},
    {"PUT", "/api/hvac/zones/{}", Grant::change},
    {"DELETE", "/api/hvac/zones/{}", Grant::change},
    {"POST", "/api/settings/restore", Grant::change},
    {"POST", "/api/overrides/{}", Grant::change},
    {"POST", "/api/mode", Grant::change},

    {"POST", "/api/whatif", Grant::try_out},

    {"POST", "/api/outputs/{}/test", Grant::act},
    {"POST", "/api/safe-mode/end", Grant::act},
    {"POST", "/api/homeassistant/announce", Grant::act},
    {"POST", "/api/alarms/database_restored/acknowledge", Grant::act},

    {"GET", "/api/backup", Grant::person},
    {"POST", "/api/backup", Grant::person},
    {"GET", "/api/sessions", Grant::person},
    {"DELETE", "/api/sessions/{}", Grant::person},
    {"POST", "/api/sessions/code", Grant::person},
    {"POST", "/api/sessions/key", Grant::person},

    {"GET", "/api/users", Grant::owner},
    {"POST", "/api/users", Grant::owner},
    {"DELETE", "/api/users/{}", Grant::owner},
    {"POST", "/api/charge/prove", Grant::owner},
    {"POST", "/api/charge/accept/{}", Grant::owner},
    {"POST", "/api/outputs/{}/prove", Grant::owner},
    {"POST", "/db/init-schema", Grant::owner},
};

const Row* row_of(const std::string& method, const std::string& pattern) {
    const auto found = std::find_if(std::begin(rows), std::end(rows),
                                    [&](const Row& row) { return method == row.method && pattern == row.pattern; });
    return found == std::end(rows) ? nullptr : found;
}

}  // namespace

const char* name_of(Role role) {
    switch (role) {
        case Role::view: return "view";
        case Role::propose: return "propose";
        case Role::operate: return "operate";
        case Role::owner: return "owner";
        case Role::none: break;
    }
    return "none";
}

Grant grant_of(const std::string& method, const std::string& pattern) {
    const Row* row = row_of(method, pattern);
    return row == nullptr ? Grant::owner : row->grant;
}

bool has_row(const std::string& method, const std::string& pattern) { return row_of(method, pattern) != nullptr; }

bool may(Grant grant, const Caller& caller, bool dry_run) {
    switch (grant) {
        case Grant::anyone: return true;
        case Grant::look: return caller.role >= Role::view;
        case Grant::see: return caller.role >= Role::view || caller.open_view;
        case Grant::try_out: return caller.role >= Role::propose;
        case Grant::change: return caller.role >= Role::operate || (caller.role == Role::propose && dry_run);
        case Grant::act: return caller.role >= Role::operate;
        case Grant::person: return caller.role == Role::owner || (caller.role == Role::operate && !caller.by_key);
        case Grant::owner: return caller.role == Role::owner;
    }
    return false;
}

}  // namespace volt::api
