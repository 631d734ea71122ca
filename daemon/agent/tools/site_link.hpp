// Access of tools to the site: a running voltd by its API with a key that may only read and try, else the database for stored
// data.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/agent/documents/documents.hpp"
#include "daemon/agent/protocol/service.hpp"
#include "daemon/ctl/talk/api_client.hpp"

namespace volt::agent {

/// Answer of voltd, or the reason there is none.
struct SiteReply {
    Json body;
    std::string error;  ///< empty if successful
};

class SiteLink {
public:
    using Ask = std::function<ctl::ApiReply(const api::HttpRequest& request, const ctl::RequestLimits& limits)>;
    /// `voltd` queries the running one. `file` answers from the database at `database` (empty: it is not on this machine).
    SiteLink(Ask voltd, Ask file, std::string database)
        : voltd_(std::move(voltd)), file_(std::move(file)), database_(std::move(database)) {}

    using Query = std::map<std::string, std::string>;
    /// Sends GET. Reads stored data from the database if voltd cannot be reached.
    SiteReply get(const std::string& path, const Query& query, const CallTime& time) const;
    /// Sends the only POST, which changes nothing.
    SiteReply what_if(const Json& question, const CallTime& time) const;

    /// Tries a change. Always sends it with `dry_run=1`, so that nothing is changed.
    ctl::ApiReply try_out(api::HttpRequest request, const CallTime& time) const;

    /// Loads that a person may mean by slug or name. For an unknown one the error lists the valid ones.
    struct Loads {
        std::vector<std::string> slugs;
        std::string error;
    };
    Loads loads_for(const std::string& word, const CallTime& time) const;
    /// Returns slugs with names: miners, fans, heaters, `charge`.
    SiteReply known_loads(const CallTime& time) const;
    /// Returns the names of all series for get_history, or none if they are not available.
    std::vector<std::string> known_series(const CallTime& time) const;
    /// Adds `at` and `local`, both with the offset of the site's time zone.
    void stamp(Json& answer, const CallTime& time) const;
    /// Returns an empty string if the database is not on this machine, or cannot be read.
    const std::string& database() const { return database_; }
    /// Sets the text of voltd.yaml, if it is on this machine and readable. Its words are removed from data for a public model.
    void wired_by(std::string yaml) { yaml_ = std::move(yaml); }
    const std::string& yaml() const { return yaml_; }
    /// Sets the configured documents, which must outlive this object.
    void use(Documents& documents) { documents_ = &documents; }
    Documents& documents() const { return documents_ != nullptr ? *documents_ : usual_documents(); }

private:
    ctl::ApiReply reply_to(const api::HttpRequest& request, const CallTime& time) const;

    const Ask voltd_, file_;
    const std::string database_;
    Documents* documents_ = nullptr;
    std::string yaml_;
};

/// Returns seconds since 1970 for an ISO 8601 time with Z or an offset, or nothing for anything else.
std::optional<std::int64_t> parse_iso_offset(const std::string& text);

}  // namespace volt::agent
