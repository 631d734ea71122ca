// Voltd: answers requests about settings and history, from a running voltd or the API's own handlers in this process.
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
    /// Returns the answer as JSON, or nothing after printing an error. Sets `code` to 0, 1 or 3. `word`: requested name.
    std::optional<Json> read(const ApiReply& reply, int& code, const std::string& word = {}) const;
    std::optional<Json> ask(const api::HttpRequest& request, int& code, const std::string& word = {}) const {
        return read(send(request), code, word);
    }
    /// Shows local times in the site's time zone from here on. Returns false after printing an error if there is no answer.
    bool use_site_zone(int& code) const;
    /// Returns the time of the running voltd, which may be simulated, or of this computer if none runs.
    std::int64_t now_s() const;

private:
    ApiAddress address_;
    Send send_;
};

/// Opens the voltd of `--url`, or the file of `--database`. Otherwise the running voltd of the configuration, or its database if
/// that voltd does not answer with the settings. If both fail, prints an error, sets `code` to 1 and returns nothing.
std::optional<Voltd> open_voltd(const Program& program, const DatabaseChoice& choice, int& code);

/// Returns the API's handlers on the database at `path`, in this process.
Voltd voltd_of_file(const std::string& path, const AddressOptions& options);

/// Returns the names of all series as `known`, from the error about one that does not exist.
ApiReply known_series(const Voltd& voltd);

/// Runs `command` with it.
template <class Command>
int with_voltd(const Program& program, const DatabaseChoice& choice, Command command) {
    int code = exit_failed;
    const auto voltd = open_voltd(program, choice, code);
    return voltd ? command(*voltd) : code;
}

}  // namespace volt::ctl
