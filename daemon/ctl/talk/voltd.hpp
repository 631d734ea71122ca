// Voltd: who answers requests about settings and history, a running voltd or the API's own handlers in this process.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "daemon/api/http/router.hpp"
#include "daemon/ctl/talk/api_client.hpp"
#include "daemon/ctl/talk/database_option.hpp"
#include "daemon/ctl/talk/error_output.hpp"
#include "daemon/ctl/views/text.hpp"

namespace volt::ctl {

class Voltd {
public:
    using Send = std::function<ApiReply(const api::HttpRequest&)>;
    Voltd(ApiAddress address, Send send) : address_(std::move(address)), send_(std::move(send)) {}

    const ApiAddress& address() const { return address_; }
    ApiReply send(const api::HttpRequest& request) const { return send_(request); }
    /// The answer as JSON; prints an error and returns nothing if it is none. `code` is 0, 1 or 3 then. `word`: the requested name.
    std::optional<Json> read(const ApiReply& reply, int& code, const std::string& word = {}) const;
    std::optional<Json> ask(const api::HttpRequest& request, int& code, const std::string& word = {}) const {
        return read(send(request), code, word);
    }
    /// Shows local times in the site's time zone from here on; false: there is no answer, and that was printed.
    bool use_site_zone(int& code) const;
    /// Now by the clock of the running voltd, which may be simulated; by the own clock where none runs.
    std::int64_t now_s() const;

private:
    ApiAddress address_;
    Send send_;
};

/// With `--url` that voltd; with `--database` the file. Otherwise the running voltd of the configuration, and the database if it does
/// not answer with the settings.
/// Prints an error and returns nothing if both fail; `code` is 1 then.
std::optional<Voltd> open_voltd(const Program& program, const DatabaseChoice& choice, int& code);

/// The API's handlers on the database at `path`, in this process.
Voltd voltd_of_file(const std::string& path, const AddressOptions& options);

/// The names of all series as `known`: of the refusal of one that does not exist.
ApiReply known_series(const Voltd& voltd);

/// Does `command` with it.
template <class Command>
int with_voltd(const Program& program, const DatabaseChoice& choice, Command command) {
    int code = exit_failed;
    const auto voltd = open_voltd(program, choice, code);
    return voltd ? command(*voltd) : code;
}

}  // namespace volt::ctl
