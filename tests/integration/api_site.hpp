// A running site with its API, for the tests of that.
#pragma once

#include "tests/integration/http.hpp"
#include "tests/integration/site.hpp"

namespace volt::testing {

struct ApiSite : Site {
    /// With `devices`: broker and simulators too, and all is well.
    explicit ApiSite(bool devices);
    Client client() const { return {api_port, token}; }
    /// Starts voltd and waits until it answers.
    void run();
    double stat(const std::string& name) const;
    std::string token;
};

}  // namespace volt::testing
