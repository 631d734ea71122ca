#include "daemon/ctl/talk/in_force.hpp"

#include <fstream>
#include <iterator>

#include "daemon/config/config_changes.hpp"
#include "daemon/config/good_copy.hpp"
#include "daemon/ctl/talk/address.hpp"
#include "daemon/host/safe_mode.hpp"

namespace volt::ctl {

namespace {

constexpr const char* state_of_service = "/var/lib/voltd";

std::string text_of_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

std::vector<std::string> not_in_force(const std::string& path) {
    const std::string directory = service_directory("STATE_DIRECTORY");
    if (directory.empty() && path != default_config) return {};
    const std::string in_force = text_of_file(good_copy_path(directory.empty() ? state_of_service : directory));
    return in_force.empty() ? std::vector<std::string>{} : changed_keys(in_force, text_of_file(path));
}

}  // namespace volt::ctl
