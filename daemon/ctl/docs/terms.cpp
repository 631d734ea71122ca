#include "daemon/ctl/docs/terms.hpp"

#include <stdexcept>

#include "drivers/text.hpp"

namespace volt::ctl {

namespace {

constexpr std::string_view section_mark = "## ", row_begin = "| ", row_middle = " | ", row_end = " |", head_and_rule = "| --- |";

/// Converts a row of two columns to a heading and its text.
std::string term_of(std::string_view row) {
    row.remove_prefix(row_begin.size());
    row.remove_suffix(row.ends_with(row_end) ? row_end.size() : 0);
    const std::size_t middle = row.find(row_middle);
    if (middle == std::string_view::npos) throw std::runtime_error("not a row of two columns: " + std::string(row));
    return "## " + std::string(row.substr(0, middle)) + "\n\n" + std::string(row.substr(middle + row_middle.size())) + "\n\n";
}

}  // namespace

std::string terms_page(const std::string& markdown, std::string_view heading) {
    std::string page, head;
    bool inside = false;
    for (const std::string& line : text_lines(markdown)) {
        if (line.starts_with(section_mark)) {
            inside = line.substr(section_mark.size()) == heading;
            if (inside) page = "# " + std::string(heading) + "\n\n";
        } else if (inside && line.starts_with(head_and_rule)) {
            head.clear();  // the previous row names the columns
        } else if (inside && line.starts_with(row_begin)) {
            page += head;
            head = term_of(line);
        } else if (inside && !line.empty()) {
            page += line + "\n\n";
        }
    }
    if (page.empty()) throw std::runtime_error("there is no section " + std::string(heading));
    return page + head;
}

}  // namespace volt::ctl
