// voltd-manual: prints manual pages while voltd is built. It is not installed.
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include "daemon/config/schema.hpp"
#include "daemon/ctl/docs/answers.hpp"
#include "daemon/ctl/docs/manual.hpp"
#include "daemon/ctl/docs/markdown.hpp"
#include "daemon/ctl/docs/terms.hpp"
#include "daemon/ctl/program.hpp"

namespace {

std::string text_of(std::istream& in) { return {std::istreambuf_iterator<char>(in), {}}; }

/// Returns a page of the manual as Markdown, with the questions it answers. The source is Markdown, troff, or the terms in a
/// section.
std::string page_of_manual(const std::string& page, const std::string& questions_file, const std::string& section) {
    using namespace volt::ctl;
    std::ifstream questions(questions_file);
    if (!questions) throw std::runtime_error("cannot read " + questions_file);
    std::string text = text_of(std::cin);
    if (!section.empty()) text = terms_page(text, section);
    else if (text.starts_with(".")) text = markdown_of(text);
    return with_answers(text, page, text_of(questions));
}

std::string page_named(std::string_view name) {
    using namespace volt::ctl;
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
        const bool of_manual = argc == 4 || argc == 5;
        const std::string page = argc == 2   ? page_named(argv[1])
                                 : of_manual ? page_of_manual(argv[2], argv[3], argc == 5 ? argv[4] : "")
                                             : std::string();
        std::cout << page;
        if (page.empty())
            std::cerr << "usage: voltd-manual voltctl | voltd.yaml | voltd-settings;  voltd-manual page NAME QUESTIONS [SECTION] "
                         "< SOURCE\n";
        return page.empty() ? 2 : 0;
    } catch (const std::exception& error) {
        std::cerr << "voltd-manual: " << error.what() << '\n';
        return 1;
    }
}
