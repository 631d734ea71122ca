#include "daemon/agent/documents/remedies.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <optional>
#include <string_view>

namespace volt::agent {

namespace {

constexpr std::array office = {".doc", ".docx", ".odt", ".xls", ".xlsx", ".ods", ".ppt", ".pptx", ".odp", ".rtf"};

/// Reason by its beginning and a part of it. In a remedy, FILE is the place as a shell word.
struct KnownReason {
    std::string_view begin, part, remedy;
};

constexpr KnownReason known_reasons[] = {
    {"permission denied", "", "run: sudo chgrp voltd FILE && sudo chmod g+r FILE"},
    {"no permission to read the folder", "", "run: sudo chgrp voltd FILE && sudo chmod g+rx FILE"},
    {"no permission to pass ", "", "run: sudo chmod o+x on that folder, or put the documents into another place"},
    {"the folder ", " is missing", "mount its drive, or make it"},
    {"not a folder", "", "correct its path in agent.yaml"},
    {"the file name contains", "", "rename the file"},
    {"the path is too long", "", "rename the file"},
    {"a link", "", "put the file itself there"},
    {"more than ", " folders deep", "move it up, or raise documents_limits.depth in agent.yaml"},
    {"larger than ", "", "raise documents_limits.file_mb in agent.yaml, or split the file"},
    {"more than ", " pages", "raise documents_limits.pages in agent.yaml, or split the file"},
    {"more than ", " passages in all", "raise documents_limits.passages in agent.yaml"},
    {"", " skipped: the limit is ", "raise documents_limits.files in agent.yaml"},
    {"knowledge.db would take more than ", "", "raise documents_limits.megabytes in agent.yaml"},
    {"the disk is full", "", "make room on it, and sync again"},
    {"more than ", " entries", "split the folder"},
    {"more than ", " of memory", "split the file"},
    {"more than ", " of text", "split the file"},
    {"more than ", " of processor time", "split the file"},
    {"more than ", " s", "split the file"},
    {"it unpacks into", "", "split the file"},
    {"", "ncorrect password", "remove its password: qpdf --decrypt in.pdf out.pdf --password=PASSWORD"},
    {"the reader cannot be started", "", "sync again"},
    {"the reader cannot be confined", "", "the kernel needs seccomp"},
    {"no process can be started", "", "sync again"},
    {"no descriptors are left", "", "sync again"},
    {"cannot be read", "", "copy it there again; its drive may be damaged"},
    {"not text", "", "if it is a PDF or HTML, name it .pdf or .html"},
    {"no text: scanned?", "", "ocrmypdf in.pdf out.pdf makes one"},
    {"no text", "", "it has no words; add some, or remove it"},
    {"", " not valid UTF-8", "convert it: iconv -f latin1 -t utf-8 in.txt > out.txt"},
    {"changed while being read", "", "the next sync will retry"},
    {"pdftotext is not installed", "", "run: sudo apt install poppler-utils"},
};

std::string shell_word(const std::string& text) {
    const bool plain = std::all_of(text.begin(), text.end(), [](unsigned char it) {
        return std::isalnum(it) != 0 || std::string_view("/._-+,:@").find(static_cast<char>(it)) != std::string_view::npos;
    });
    if (plain) return text;
    std::string quoted = "'";
    for (const char it : text) quoted += it == '\'' ? std::string("'\\''") : std::string(1, it);
    return quoted + "'";
}

std::string with_file(std::string text, const std::string& place) {
    constexpr std::string_view mark = "FILE";
    const std::string word = shell_word(place);
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + word.size()))
        text.replace(at, mark.size(), word);
    return text;
}

std::string other_type(const std::string& place) {
    const std::filesystem::path path(place);
    std::string end = path.extension().string();
    std::transform(end.begin(), end.end(), end.begin(), [](unsigned char it) { return static_cast<char>(std::tolower(it)); });
    const bool known = std::any_of(office.begin(), office.end(), [&](const char* it) { return end == it; });
    return known ? "libreoffice --convert-to pdf " + shell_word(path.filename().string()) : "";
}

/// Returns nothing if the reason is none of these.
std::optional<std::string> known_remedy(const std::string& place, const std::string& reason) {
    if (reason.starts_with("unsupported file type")) return other_type(place);
    for (const KnownReason& it : known_reasons)
        if (reason.starts_with(it.begin) && reason.find(it.part) != std::string::npos)
            return with_file(std::string(it.remedy), place);
    return std::nullopt;
}

}  // namespace

std::string remedy_for(const std::string& place, const std::string& reason) { return known_remedy(place, reason).value_or(""); }

std::string remedy_for_failed(const std::string& place, const std::string& reason) {
    return known_remedy(place, reason).value_or("open it with its own program and save it anew");
}

}  // namespace volt::agent
