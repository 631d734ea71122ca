// volt-agent: what a language model reads of a site. A process of its own: if it hangs or is taken over, voltd does not notice.
#include <sys/resource.h>

#include <exception>
#include <iostream>
#include <string_view>

#include "daemon/agent/documents/extract.hpp"
#include "daemon/agent/program.hpp"

int main(int argc, char** argv) {
    try {
#ifndef VOLT_SANITIZE
        // The unit's MemoryMax does not apply when it is started from a login.
        constexpr rlim_t most_memory_bytes = rlim_t{384} * 1024 * 1024;
        const rlimit limit{most_memory_bytes, most_memory_bytes};
        ::setrlimit(RLIMIT_DATA, &limit);
#endif
        // Not a command for people: the readers of foreign files, before anything else is made.
        if (argc == 2 && std::string_view(argv[1]) == "extract") return volt::agent::run_extract();
        return volt::agent::run(argc, argv);
    } catch (const std::exception& error) {
        std::cerr << "volt-agent: " << error.what() << '\n';
        return 1;
    }
}
