// FileRequests: slow file work that the loop hands to a background thread: reading the configuration, loading a time zone, saving
// the good copy. Only the newest request of each kind waits.
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

/// Result of a zone request. No clock means that no zone has this name.
struct LoadedZone {
    std::string name;
    std::unique_ptr<ZoneClock> clock;
};

/// Queue between the loop, which makes requests and takes results, and the background thread, which does the work.
class FileRequests {
public:
    /// `wake` is called when a zone or a configuration is ready.
    explicit FileRequests(std::function<void()> wake) : wake_loop_(std::move(wake)) {}

    void request_zone(const std::string& name);
    /// Returns the result of the newest request once, or nothing while it is loading.
    std::optional<LoadedZone> take_zone();
    /// Requests reading the file and comparing it with the text in use.
    void request_config(const std::string& path, std::string in_force = {});
    /// Returns the result once, or nothing while the file is being read.
    std::optional<ParsedConfig> take_config();
    /// Requests saving `text`, which is in use, at `path`.
    void request_copy(const std::string& path, std::string text);
    /// Returns the error of the last copy, once.
    std::optional<std::string> take_copy_failure();

    /// Handles one request. Returns false if none waits. For the background thread.
    bool serve() { return load_zone() || read_config() || write_copy(); }
    /// Writes the copy if one is requested, else returns false. For the background thread.
    bool write_copy();
    /// Waits for a request or stop(), at most this long. For the background thread.
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
    std::string zone_request_;                ///< empty if none
    std::optional<FileText> config_request_;  ///< with the text in use
    std::optional<FileText> copy_request_;
    std::optional<LoadedZone> zone_;
    std::optional<ParsedConfig> config_;
    std::optional<std::string> copy_failure_;
};

}  // namespace volt
