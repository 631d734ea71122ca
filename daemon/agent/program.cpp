#include "daemon/agent/program.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>

#include "daemon/agent/ask_command.hpp"
#include "daemon/agent/documents/docs_commands.hpp"
#include "daemon/agent/firewall.hpp"
#include "daemon/agent/proposal_commands.hpp"
#include "daemon/agent/protocol/stdio.hpp"
#include "daemon/agent/serve_command.hpp"
#include "daemon/agent/site_access.hpp"
#include "daemon/agent/tools/offer.hpp"
#include "daemon/ctl/talk/address.hpp"
#include "daemon/ctl/talk/error_output.hpp"
#include "drivers/http/model_client.hpp"

namespace volt::agent {

namespace {

/// Options of the command line, which override the file.
struct AgentOptions {
    std::string config{}, voltd_config{}, url{}, key_file{};
};

/// Returns the file with the options of the command line, or nothing after printing its problems.
std::optional<AgentConfig> config_of(const AgentOptions& options) {
    std::vector<std::string> problems;
    AgentConfig config = load_agent_config(options.config, problems);
    for (const std::string& problem : problems) std::cerr << problem << '\n';
    if (!problems.empty()) return std::nullopt;
    if (!options.voltd_config.empty()) config.voltd.config = options.voltd_config, config.voltd.url.clear();
    if (!options.url.empty()) config.voltd.url = options.url;
    if (!options.key_file.empty()) config.voltd.key_file = options.key_file;
    return config;
}

int serve_mcp(const AgentConfig& config) {
    const SiteAccess access = access_of(config);
    for (const std::string& trouble : access.troubles) std::cerr << "volt-agent: " << trouble << '\n';
    AgentStore store(config.agent_database(), config.keep);
    const Catalog catalog =
        catalog_of(*access.site, config.groups(), {.store = &store, .transport = "stdio", .login = ctl::operator_name()});
    if (!serve_stdio(STDIN_FILENO, STDOUT_FILENO, catalog)) ::_exit(ctl::exit_ok);  // running requests still use the catalog
    return ctl::exit_ok;
}

int check(const AgentConfig& config) {
    SiteAccess access = access_of(config);
    AgentStore store(config.agent_database(), config.keep);
    for (std::string wrong : {store.read([](Connection&) { return SqlStatus(); }), store.take_note()})
        if (!wrong.empty()) access.troubles.push_back(std::move(wrong));
    for (const std::string& trouble : access.troubles) std::cout << trouble << '\n';
    if (config.model) {
        const std::string file = config.model->key_file;
        const bool keyless = !file.empty() && ::access(file.c_str(), R_OK) != 0;
        std::cout << "model " << config.model->name << " at " << host_of_model(config.model->url)
                  << (keyless ? ", without a key: " + file + " cannot be read" : std::string()) << '\n';
    }
    const SiteReply session = access.site->get("/session", {}, {});
    const std::string role =
        session.body.is_object() && session.body.value("role", Json()).is_string() ? session.body.at("role") : "none";
    if (!session.error.empty()) std::cout << session.error << '\n';
    else std::cout << "voltd at " << access.url << ": the key has the role " << role << '\n';
    if (session.error.empty() && role != "propose" && role != "view")
        std::cout << "the key should have the role propose: sudo volt-agent setup\n";
    for (const Json& tool : catalog_of(*access.site, config.groups()).tools)
        std::cout << "  " << tool.at("name").get<std::string>() << ": " << tool.at("title").get<std::string>() << '\n';
    return session.error.empty() ? (access.troubles.empty() ? ctl::exit_ok : ctl::exit_failed) : ctl::exit_unreachable;
}

int print_firewall(const AgentConfig& config) {
    std::cout << firewall_rules(config);
    return ctl::exit_ok;
}

int setup(const AgentConfig& config) {
    const std::string wrong = make_agent_key(config);
    if (!wrong.empty()) {
        std::cerr << "volt-agent: " << wrong << '\n';
        return ctl::exit_failed;
    }
    std::cout << "The key is in " << config.voltd.key_file << ". A model can read the site and try changes; it cannot make any.\n"
              << "If the service is running: sudo systemctl restart volt-agent\n";
    return ctl::exit_ok;
}

}  // namespace

int run(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    CLI::App app{
        "Let a language model read a voltd site over MCP. It cannot change anything: it may propose, and a person decides.",
        "volt-agent"};
    AgentOptions options;
    app.set_version_flag("--version", "volt-agent " VOLT_VERSION);
    app.add_option("--config", options.config,
                   "configuration (default " + std::string(default_agent_config) + ", if it is there)");
    app.add_option("--voltd-config", options.voltd_config, "configuration of voltd, instead of the configured one");
    app.add_option("--url", options.url, "address of a voltd on another machine");
    app.add_option("--key-file", options.key_file, "file with the key, instead of the configured one");
    app.require_subcommand(1);
    app.fallthrough();
    const std::tuple<const char*, const char*, int (*)(const AgentConfig&)> words[] = {
        {"mcp", "serve MCP on standard input and output", serve_mcp},
        {"check", "show what can be reached and which tools are offered", check},
        {"serve", "serve MCP, questions and a page over HTTP", run_serve},
        {"setup", "create the key, over voltd's socket", setup},
        {"firewall", "", print_firewall}};  // for the systemd unit
    for (const auto& [word, about, act] : words) {
        CLI::App* sub = app.add_subcommand(word, about)->fallthrough();
        if (*about == '\0') sub->group("");  // hidden from the help
    }
    DocsWords docs;
    add_docs(app, docs);
    AgentJob job;
    add_kept_commands(app, job);
    add_proposal_commands(app, job);
    add_ask(app, job);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& wanted) { return app.exit(wanted); } catch (const CLI::ParseError& error) {
        app.exit(error);
        return ctl::exit_usage;
    }
    const auto config = config_of(options);
    if (!config) return ctl::exit_failed;
    if (job) return job(*config);
    if (app.got_subcommand("docs")) {
        Documents documents(config->documents, config->store);
        return run_docs(*app.get_subcommand("docs"), docs, documents);
    }
    for (const auto& [word, about, act] : words)
        if (app.got_subcommand(word)) return act(*config);
    return ctl::exit_usage;
}

}  // namespace volt::agent
