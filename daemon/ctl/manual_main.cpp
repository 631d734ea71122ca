// voltd-manual: prints manual pages when voltd is built; it is not installed.
#include <exception>
#include <iostream>
#include <iterator>
#include <string_view>

#include "daemon/config/schema.hpp"
#include "daemon/ctl/docs/answers.hpp"
#include "daemon/ctl/docs/manual.hpp"
#include "daemon/ctl/docs/markdown.hpp"
#include "daemon/ctl/program.hpp"

namespace {

std::string page_named(std::string_view name) {
    using namespace volt::ctl;
    if (name == "markdown") return with_answers(markdown_of({std::istreambuf_iterator<char>(std::cin), {}}));
    if (name == "voltd.yaml") return config_manual(volt::config_schema());
    if (name == "voltd-settings") return settings_manual();
    if (name != "voltctl") return {};
    CLI::App app{"Inspect and control voltd.", "voltctl"};
    Program program{app};
    add_all(program);
    return voltctl_manual(app);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const std::string page = argc == 2 ? page_named(argv[1]) : std::string();
        std::cout << page;
        if (page.empty())
            std::cerr << "usage: voltd-manual voltctl | voltd.yaml | voltd-settings;  voltd-manual markdown < daemon/man/PAGE\n";
        return page.empty() ? 2 : 0;
    } catch (const std::exception& error) {
        std::cerr << "voltd-manual: " << error.what() << '\n';
        return 1;
    }
}
