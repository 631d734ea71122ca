// A running site with its API, for the API's tests.
#pragma once

#include "tests/integration/http.hpp"
#include "tests/integration/site.hpp"

namespace volt::testing {

struct ApiSite : Site {
    /// Starts the site. With `devices`: also broker and simulators, all working.
    explicit ApiSite(bool devices);
    Client client() const { return {api_port, token}; }
    /// Starts voltd and waits until it answers.
    void run();
    double stat(const std::string& name) const;
    std::string token;
};

}  // namespace volt::testing
