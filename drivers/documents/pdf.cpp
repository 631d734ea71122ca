#include "drivers/documents/pdf.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <csignal>
#include <map>

#include "drivers/documents/text.hpp"

namespace volt::documents {

namespace {

constexpr int not_found = 127;
constexpr std::size_t most_reason_bytes = 4096, least_pages_with_a_header = 3;

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

bool is_blank(const std::string& line) { return line.find_first_not_of(' ') == std::string::npos; }

/// Normalizes a line for comparison: `Page 3` equals `Page 14`, and `- 3 -` equals `- 14 -`. Other lines are unchanged: `Fault
/// code 3` is a separate heading.
std::string compared(const std::string& line) {
    const std::string whole = without_runs(line);
    std::string text, word;
    for (const char byte : whole + ' ') {
        const auto code = static_cast<unsigned char>(byte);
        const bool digit = std::isdigit(code) != 0;
        if (std::isalpha(code) != 0 || code > 127) word += static_cast<char>(std::tolower(code));
        else if (!word.empty() && word != "page" && word != "p" && word != "pg" && word != "of") return whole;
        else word.clear();
        if (!digit || !text.ends_with('0')) text += digit ? '0' : byte;
    }
    return text;
}

/// Returns the first line with text (or the last, `from_end`), or the number of lines if there is none.
std::size_t outer_line(const std::vector<std::string>& lines, bool from_end) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::size_t at = from_end ? lines.size() - 1 - i : i;
        if (!is_blank(lines[at])) return at;
    }
    return lines.size();
}

void drop_repeated(std::vector<std::vector<std::string>>& pages, bool from_end) {
    std::map<std::string, std::size_t> seen;
    for (const auto& lines : pages)
        if (const std::size_t at = outer_line(lines, from_end); at < lines.size()) ++seen[compared(lines[at])];
    if (pages.size() < least_pages_with_a_header) return;
    for (auto& lines : pages) {
        const std::size_t at = outer_line(lines, from_end);
        if (outer_line(lines, true) == outer_line(lines, false)) continue;  // the page has no other line
        if (2 * seen[compared(lines[at])] > pages.size()) lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at));
    }
}

bool is_letter_byte(char byte) {
    return std::isalpha(static_cast<unsigned char>(byte)) != 0 || static_cast<unsigned char>(byte) > 127;
}

/// Joins the lines. `low-` and `voltage` become one word.
std::string joined_lines(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) {
        const bool broken = text.size() > 1 && text.ends_with('-') && is_letter_byte(text[text.size() - 2]) && !line.empty() &&
                            std::islower(static_cast<unsigned char>(line.front())) != 0;
        if (broken) text.pop_back();
        else if (!text.empty()) text += '\n';
        text += line;
    }
    return text;
}

/// Runs in the child: sets up input and output, then starts the program.
[[noreturn]] void become_pdftotext(int file, int output, int errors, int most_pages) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(file, STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(errors, STDERR_FILENO);
    const std::string last = std::to_string(most_pages + 1);
    ::execlp("pdftotext", "pdftotext", "-enc", "UTF-8", "-eol", "unix", "-l", last.c_str(), "-", "-", nullptr);
    ::_exit(not_found);
}

/// Reads to the end, or until it is too long.
bool read_all(int from, std::string& text, std::size_t most) {
    std::vector<char> block(std::size_t{64} * 1024);
    for (;;) {
        const ssize_t got = ::read(from, block.data(), block.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return true;
        text.append(block.data(), static_cast<std::size_t>(got));
        if (text.size() > most) return false;
    }
}

std::string first_line_of(int errors) {
    std::string text(most_reason_bytes, '\0');
    const ssize_t got = ::pread(errors, text.data(), text.size(), 0);
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    // The last line has the cause of the end; those above are about damaged objects.
    const auto lines = lines_of(clean_text(text));
    const std::size_t at = outer_line(lines, true);
    return at < lines.size() ? lines[at] : "pdftotext cannot read it";
}

}  // namespace

std::vector<std::string> pages_of_pdf_text(std::string_view text) {
    std::vector<std::vector<std::string>> pages;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\f'), text.size());
        pages.push_back(lines_of(clean_text(text.substr(0, end))));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    drop_repeated(pages, false);
    drop_repeated(pages, true);
    std::vector<std::string> texts;
    for (const auto& lines : pages) texts.push_back(without_runs(joined_lines(lines)));
    return texts;
}

PdfText run_pdftotext(int file, int most_pages) {
    int ends[2] = {-1, -1};
    const int errors = ::memfd_create("errors", MFD_CLOEXEC);
    if (errors < 0 || ::pipe2(ends, O_CLOEXEC) != 0) {
        if (errors >= 0) ::close(errors);
        return {PdfOutcome::failed, "", "no descriptors are left"};
    }
    const pid_t child = ::fork();
    if (child == 0) become_pdftotext(file, ends[1], errors, most_pages);
    ::close(ends[1]);
    PdfText result;
    // If a limit's signal ended it, this process ends by the same signal, so that its parent notices.
    const bool whole = child > 0 && read_all(ends[0], result.text, most_pdf_text_bytes);
    if (!whole && child > 0) ::kill(child, SIGKILL);
    int status = 0;
    if (child > 0)
        while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    const bool pages_fit = std::count(result.text.begin(), result.text.end(), '\f') <= most_pages;
    if (child < 0) result.outcome = PdfOutcome::failed, result.reason = "no process can be started";
    else if (!whole) result.outcome = PdfOutcome::too_long;
    else if (WIFSIGNALED(status))
        result.outcome = PdfOutcome::failed, result.reason = "pdftotext crashed", ::raise(WTERMSIG(status));
    else if (WEXITSTATUS(status) == not_found) result.outcome = PdfOutcome::no_program;
    else if (WEXITSTATUS(status) != 0) result.outcome = PdfOutcome::failed, result.reason = first_line_of(errors);
    else if (!pages_fit) result.outcome = PdfOutcome::too_many_pages;
    ::close(ends[0]);
    ::close(errors);
    return result;
}

}  // namespace volt::documents
