// login, key, users: manages who may view and change things from a browser or another program.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "daemon/api/access/login_codes.hpp"
#include "daemon/api/access/qr.hpp"
#include "daemon/ctl/commands/commands.hpp"
#include "daemon/ctl/talk/api_errors.hpp"
#include "daemon/ctl/talk/suggest.hpp"
#include "daemon/ctl/views/table.hpp"
#include "daemon/ctl/views/terminal.hpp"

namespace volt::ctl {

namespace {

constexpr const char* login_examples = R"(
The code signs in one browser, once, within {} minutes. The browser then stays signed in for the given days. An admin may operate, any
other user may only view. Lost a phone? `voltctl key list`, then `voltctl key rm`.

Examples:
  voltctl login
  voltctl login --view --name "Wall tablet"
  voltctl login --user guest@example.org --days 7)";

constexpr const char* key_examples = R"(
Roles: view can read; propose can also try changes (dry runs); operate can change settings, overrides and mode. A key is shown once; voltd keeps
only a hash of it. Programs send it as `Authorization: Bearer KEY`.

Examples:
  voltctl key add prometheus
  voltctl key add script --role operate --days 30
  voltctl key list                     list keys and signed-in browsers
  voltctl key rm prometheus)";

constexpr const char* users_examples = R"(
Examples:
  voltctl users list
  voltctl users add guest@example.org  may view; with --admin also operate
  voltctl users rm guest@example.org   signs out this user's browsers)";

/// Returns the list that a GET answers, or nothing after printing the error.
std::optional<Json> list_of(const ApiAddress& address, const std::string& path, int& code) {
    const ApiReply reply = get(address, path);
    if (!reply.ok()) {
        code = complain(address, reply);
        return std::nullopt;
    }
    Json list = Json::parse(reply.body, nullptr, false);
    return list.is_array() ? list : Json::array();
}

/// Prints the answer as JSON, or formatted by `text`.
template <class Text>
int show(const Program& program, const ApiAddress& address, const ApiReply& reply, const Text& text) {
    if (!reply.ok()) return complain(address, reply);
    const Json answer = Json::parse(reply.body, nullptr, false);
    if (program.json) print(answer);
    else std::cout << text(answer) << '\n';
    if (const std::string warning = word(answer, "warning"); !program.json && !warning.empty())
        std::cerr << "voltctl: warning: " << warning << '\n';
    return exit_ok;
}

/// Prints a table or JSON.
int show_rows(const Program& program, const Json& list, Cells heads, const std::vector<const char*>& keys) {
    if (program.json) {
        print(list);
        return exit_ok;
    }
    std::vector<Cells> rows{std::move(heads)};
    for (const Json& item : list) {
        Cells& row = rows.emplace_back();
        for (const char* key : keys) row.push_back(word(item, key).empty() ? "-" : word(item, key));
    }
    print(table_lines(rows, table_width(), paint_for_output()));
    return exit_ok;
}

struct LoginOptions {
    std::string user{}, name{};
    bool view = false;
    int days = 400;
};

int login(const Program& program, const ApiAddress& address, const LoginOptions& options) {
    Json wanted{{"days", options.days}};
    if (options.view) wanted["role"] = "view";
    if (!options.user.empty()) wanted["user"] = options.user;
    if (!options.name.empty()) wanted["name"] = options.name;
    return show(program, address, post(address, "/api/sessions/code", wanted.dump()), [](const Json& answer) {
        const auto qr = api::make_qr(word(answer, "url"));
        return "Open " + word(answer, "url") + '\n' + (qr ? api::blocks_of(*qr) : "") +
               "or enter the code there: " + word(answer, "code") + "\n\nIt signs in one browser as " + word(answer, "user") +
               " (" + word(answer, "role") + "), once, until " + word(answer, "expires") + '.';
    });
}

struct KeyOptions {
    std::string name{}, role = "view";
    int days = 400;
};

int add_key(const Program& program, const ApiAddress& address, const KeyOptions& options) {
    const Json wanted{{"name", options.name}, {"role", options.role}, {"days", options.days}};
    return show(program, address, post(address, "/api/sessions/key", wanted.dump()), [](const Json& answer) {
        return word(answer, "key") + "\n\nKey of " + word(answer, "name") + " (" + word(answer, "role") + ") until " +
               word(answer, "expires") + ". It is not shown again.";
    });
}

int list_keys(const Program& program, const ApiAddress& address) {
    int code = exit_ok;
    const auto list = list_of(address, "/api/sessions", code);
    if (!list) return code;
    return show_rows(program, *list, {"NAME", "KIND", "ROLE", "USER", "LAST SEEN", "EXPIRES", "ID"},
                     {"name", "kind", "role", "user", "last_seen", "expires", "id"});
}

/// Removes the key with this name or id, else the browser.
ApiReply remove(const ApiAddress& address, const std::string& path) {
    api::HttpRequest request;
    request.method = "DELETE";
    request.path = path;
    return send(address, request);
}

int remove_key(const Program& program, const ApiAddress& address, const std::string& name) {
    int code = exit_ok;
    const auto list = list_of(address, "/api/sessions", code);
    if (!list) return code;
    std::vector<std::string> ids, known;
    for (const char* kind : {"program", "browser"})
        for (const Json& item : *list) {
            if (word(item, "kind") != kind) continue;
            known.push_back(word(item, "name"));
            const bool only = ids.empty() || std::string_view(kind) == "browser";
            if (word(item, "id") == name || (word(item, "name") == name && only)) ids.push_back(word(item, "id"));
        }
    if (ids.empty())
        return refuse(program.json, Refusal{"no key or browser has the name " + name, {}, nearest_first(name, known)});
    if (ids.size() > 1)
        return refuse(program.json,
                      Refusal{std::to_string(ids.size()) + " have the name " + name, "use the id that `voltctl key list` shows"});
    const ApiReply reply = remove(address, "/api/sessions/" + ids.front());
    return reply.ok() ? exit_ok : complain(address, reply);
}

int list_users(const Program& program, const ApiAddress& address) {
    int code = exit_ok;
    const auto list = list_of(address, "/api/users", code);
    if (!list) return code;
    return show_rows(program, *list, {"EMAIL", "ROLE", "LAST LOGIN", "CREATED"}, {"email", "role", "last_login", "created"});
}

int add_user(const Program& program, const ApiAddress& address, const std::string& email, bool admin) {
    const Json wanted{{"email", email}, {"role", admin ? "admin" : "user"}};
    return show(program, address, post(address, "/api/users", wanted.dump()), [](const Json& answer) {
        return word(answer, "email") + " (" + word(answer, "role") + ") added; sign in with: voltctl login --user " +
               word(answer, "email");
    });
}

int remove_user(const ApiAddress& address, const std::string& email) {
    const ApiReply reply = remove(address, "/api/users/" + email);
    return reply.ok() ? exit_ok : complain(address, reply);
}

/// Runs `command` with the address if `part` was given.
template <class Command>
void on_address(CLI::App* part, Program& program, Command command) {
    on(part, program, [&program, command] { return with_address(program, command); });
}

void add_days(CLI::App& part, int& days) {
    part.add_option("--days", days, "days until it expires, 1 to 400")
        ->type_name("DAYS")
        ->check(CLI::Range(1, 400))
        ->capture_default_str();
}

void add_login(Program& program) {
    CLI::App* part = add_shown(program.app, program, "login", "print a code that signs a browser in");
    part->footer(fmt::format(login_examples, api::LoginCodes::lifetime / 1min));
    const auto options = std::make_shared<LoginOptions>();
    part->add_option("--user", options->user, "user of the session (default: the first admin)")->type_name("EMAIL");
    part->add_flag("--view", options->view, "may only view");
    add_days(*part, options->days);
    part->add_option("--name", options->name, "name of the session, shown in lists and the settings history")->type_name("TEXT");
    on_address(part, program, [&program, options](const ApiAddress& at) { return login(program, at, *options); });
}

void add_keys(Program& program) {
    CLI::App* group = add_plain(program.app, "key", "manage API keys and signed-in browsers");
    group->require_subcommand(1);
    group->footer(key_examples);
    const auto options = std::make_shared<KeyOptions>();
    CLI::App* add = add_shown(*group, program, "add", "create a key for a program");
    add->add_option("name", options->name, "name of the program, shown in lists and the settings history")
        ->type_name("NAME")
        ->required();
    add->add_option("--role", options->role, "view, propose or operate")
        ->type_name("ROLE")
        ->check(CLI::IsMember({"view", "propose", "operate"}))
        ->capture_default_str();
    add_days(*add, options->days);
    on_address(add, program, [&program, options](const ApiAddress& at) { return add_key(program, at, *options); });
    on_address(add_shown(*group, program, "list", "list keys and signed-in browsers"), program,
               [&program](const ApiAddress& at) { return list_keys(program, at); });
    CLI::App* rm = add_plain(*group, "rm", "remove a key, or sign a browser out");
    const auto name = std::make_shared<std::string>();
    rm->add_option("name", *name, "its name or id")->type_name("NAME")->required();
    on_address(rm, program, [&program, name](const ApiAddress& at) { return remove_key(program, at, *name); });
}

void add_users(Program& program) {
    CLI::App* group = add_plain(program.app, "users", "manage user accounts for the web page");
    group->require_subcommand(1);
    group->footer(users_examples);
    on_address(add_shown(*group, program, "list", "users, admins first"), program,
               [&program](const ApiAddress& at) { return list_users(program, at); });
    const auto email = std::make_shared<std::string>();
    const auto admin = std::make_shared<bool>(false);
    CLI::App* add = add_shown(*group, program, "add", "add a user with view access");
    add->add_option("email", *email, "name@host.domain")->type_name("EMAIL")->required();
    add->add_flag("--admin", *admin, "may also operate");
    on_address(add, program, [&program, email, admin](const ApiAddress& at) { return add_user(program, at, *email, *admin); });
    CLI::App* rm = add_plain(*group, "rm", "remove a user and sign out its browsers");
    rm->add_option("email", *email, "name@host.domain")->type_name("EMAIL")->required();
    on_address(rm, program, [email](const ApiAddress& at) { return remove_user(at, *email); });
}

}  // namespace

void add_login_commands(Program& program) {
    add_login(program);
    add_keys(program);
    add_users(program);
}

}  // namespace volt::ctl
