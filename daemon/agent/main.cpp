// volt-agent: a site's data for a language model. A separate process: voltd does not notice if it hangs or is compromised.
#include <sys/resource.h>

#include <exception>
#include <iostream>
#include <string_view>

#include "daemon/agent/documents/extract.hpp"
#include "daemon/agent/program.hpp"

int main(int argc, char** argv) {
    try {
#ifndef VOLT_SANITIZE
        // Memory limit if it is started from a login, where the unit's MemoryMax does not apply.
        constexpr rlim_t most_memory_bytes = rlim_t{384} * 1024 * 1024;
        const rlimit limit{most_memory_bytes, most_memory_bytes};
        ::setrlimit(RLIMIT_DATA, &limit);
#endif
        // Run the readers of untrusted files before anything else is created. Not a command for people.
        if (argc == 2 && std::string_view(argv[1]) == "extract") return volt::agent::run_extract();
        return volt::agent::run(argc, argv);
    } catch (const std::exception& error) {
        std::cerr << "volt-agent: " << error.what() << '\n';
        return 1;
    }
}
