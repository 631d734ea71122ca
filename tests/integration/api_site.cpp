#include "tests/integration/api_site.hpp"

#include <stdexcept>

namespace volt::testing {

ApiSite::ApiSite(bool devices) {
    write_config();
    if (devices) start_devices();
    run();
    if (devices && !eventually([&] { return client().get("/health").status == 200; }))
        throw std::runtime_error("not healthy: " + client().get("/health").text + voltd->text());
}

void ApiSite::run() {
    start_voltd();
    const bool answers = eventually([&] {
        return Client{api_port, ""}.get("/health").body.value("/parts/loop/state"_json_pointer, "") == "ok";
    });
    if (!answers) throw std::runtime_error("voltd does not answer: " + voltd->text());
    token = read_file(dir / "token");
    token.resize(token.find_last_not_of("\n ") + 1);
}

double ApiSite::stat(const std::string& name) const { return client().get("/system/stats").body.value(name, 0.0); }

}  // namespace volt::testing
