// The settings tables as the API's threads reach them: one connection to read, one to edit, each for one thread at a time.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "drivers/store/settings_edit.hpp"

namespace volt::api {

/// Safe from any thread. A connection is opened anew when the file was exchanged or something went wrong with it.
class SettingsFile {
public:
    explicit SettingsFile(std::string path) : path_(std::move(path)) {}
    /// All rows; read again only when somebody has committed since.
    Edit<std::shared_ptr<const SettingsState>> read();
    /// One edit at a time; `unavailable` after 5 s behind others.
    Edit<Edited> edit(const std::function<Edit<Edited>(Connection&)>& work);

private:
    struct Opened {
        Connection db;
        std::string identity;
    };
    std::optional<EditFailure> open(Opened& opened, bool to_write) const;

    const std::string path_;
    std::timed_mutex reading_, editing_;
    Opened reader_, editor_;
    std::optional<std::int64_t> version_;
    std::shared_ptr<const SettingsState> state_;
};

}  // namespace volt::api
