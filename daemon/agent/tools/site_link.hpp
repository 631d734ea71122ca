// The site as tools reach it: a running voltd by its API with a key that may only read and try, else the database for what it keeps.
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

/// An answer of voltd, or why there is none.
struct SiteReply {
    Json body;
    std::string error;  ///< empty: well
};

class SiteLink {
public:
    using Ask = std::function<ctl::ApiReply(const api::HttpRequest& request, const ctl::RequestLimits& limits)>;
    /// `voltd` asks the running one; `file` answers from the database (empty: it is not on this machine) at `database`.
    SiteLink(Ask voltd, Ask file, std::string database)
        : voltd_(std::move(voltd)), file_(std::move(file)), database_(std::move(database)) {}

    using Query = std::map<std::string, std::string>;
    /// GET. What the database keeps comes from there where voltd is not reached.
    SiteReply get(const std::string& path, const Query& query, const CallTime& time) const;
    /// The one POST there is: it changes nothing.
    SiteReply what_if(const Json& question, const CallTime& time) const;

    /// A trial of a change: it is sent with `dry_run=1`, whatever it is, so that nothing is changed.
    ctl::ApiReply try_out(api::HttpRequest request, const CallTime& time) const;

    /// The loads that a person may mean by slug or name; unknown: the error lists those there are.
    struct Loads {
        std::vector<std::string> slugs;
        std::string error;
    };
    Loads loads_for(const std::string& word, const CallTime& time) const;
    /// Slugs with names: miners, fans, heaters, `charge`.
    SiteReply known_loads(const CallTime& time) const;
    /// Names of all series that get_history can answer; none where they cannot be had.
    std::vector<std::string> known_series(const CallTime& time) const;
    /// `at` and `local`, both with offset, of the site's time zone.
    void stamp(Json& answer, const CallTime& time) const;
    /// Empty: the database is not on this machine, or cannot be read.
    const std::string& database() const { return database_; }
    /// voltd.yaml as text, where it is on this machine and can be read: what must not leave for a public model is looked for by its words.
    void wired_by(std::string yaml) { yaml_ = std::move(yaml); }
    const std::string& yaml() const { return yaml_; }
    /// The documents that are configured; they outlive this.
    void use(Documents& documents) { documents_ = &documents; }
    Documents& documents() const { return documents_ != nullptr ? *documents_ : usual_documents(); }

private:
    ctl::ApiReply reply_to(const api::HttpRequest& request, const CallTime& time) const;

    const Ask voltd_, file_;
    const std::string database_;
    Documents* documents_ = nullptr;
    std::string yaml_;
};

/// Seconds since 1970 of an ISO 8601 time with Z or an offset; nothing for anything else.
std::optional<std::int64_t> parse_iso_offset(const std::string& text);

}  // namespace volt::agent
