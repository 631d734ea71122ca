// FileRequests: the slow file work that the loop asks of a background thread: reading the configuration, loading a time zone,
// keeping the good copy. One request of each kind waits, the newest.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "daemon/config/config.hpp"
#include "daemon/host/clock.hpp"

namespace volt {

/// A zone that was requested; no clock: there is none of that name.
struct LoadedZone {
    std::string name;
    std::unique_ptr<ZoneClock> clock;
};

/// The loop makes requests and takes results; the background thread does the work.
class FileRequests {
public:
    /// `wake` is called when a zone or a configuration is ready.
    explicit FileRequests(std::function<void()> wake) : wake_loop_(std::move(wake)) {}

    void request_zone(const std::string& name);
    /// The result of the newest request, once; nothing while it is loading.
    std::optional<LoadedZone> take_zone();
    /// The file is to be read and compared with the text in force.
    void request_config(const std::string& path, std::string in_force = {});
    /// The result, once; nothing while it is being read.
    std::optional<ParsedConfig> take_config();
    /// `text`, which is in force, is to be kept at `path`.
    void request_copy(const std::string& path, std::string text);
    /// Why the last copy failed, once.
    std::optional<std::string> take_copy_failure();

    /// Background thread: does one request; false: none waits.
    bool serve() { return load_zone() || read_config() || write_copy(); }
    /// Background thread: writes the copy if one is requested; false: none is.
    bool write_copy();
    /// Background thread: until there is a request or stop() was called, at most this long.
    void wait(Duration at_most);
    void stop();
    bool stopped() const { return stopped_; }

private:
    struct FileText {
        std::string path, text;
    };
    bool load_zone();
    bool read_config();

    const std::function<void()> wake_loop_;
    std::atomic<bool> stopped_ = false;
    std::mutex mutex_;
    std::condition_variable requested_;
    std::string zone_request_;                ///< empty: none
    std::optional<FileText> config_request_;  ///< its text is that in force
    std::optional<FileText> copy_request_;
    std::optional<LoadedZone> zone_;
    std::optional<ParsedConfig> config_;
    std::optional<std::string> copy_failure_;
};

}  // namespace volt
