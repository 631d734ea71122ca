#include "daemon/agent/documents/docs_commands.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "daemon/agent/documents/documents_json.hpp"
#include "daemon/ctl/talk/error_output.hpp"
#include "drivers/hidden.hpp"
#include "drivers/text.hpp"

namespace volt::agent {

namespace {

constexpr std::int64_t most_shown_syncs = 50;
constexpr std::size_t most_shown_items = 200, progress_width = 100;

/// Returns one line for a terminal, without anything that moves the cursor.
std::string safe_line(const std::string& text) { return without_hidden(text, ' '); }

void print_json(const Json& json) { std::cout << json_text(json) << '\n'; }

/// Progress line on a terminal, removed at the end.
class ProgressLine {
public:
    ~ProgressLine() {
        if (shown_) std::cerr << "\r\033[K" << std::flush;
    }
    void show(const SyncProgress& now) {
        shown_ = true;
        const std::string line =
            fmt::format("{} of {} files, {} passages: {}/{}", now.files, now.of, now.passages, now.source, now.path);
        std::cerr << "\r\033[K" << safe_line(line).substr(0, progress_width) << std::flush;
    }

private:
    bool shown_ = false;
};

std::string counts_of(const SyncRow& row) {
    std::string text;
    const std::pair<std::int64_t, const char*> counts[] = {
        {row.added, "added"},   {row.changed, "changed"}, {row.moved, "moved"}, {row.removed, "removed"},
        {row.failed, "failed"}, {row.skipped, "skipped"}, {row.empty, "empty"}, {row.unchanged, "unchanged"}};
    for (const auto& [count, word] : counts)
        if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, word);
    return text.empty() ? "no files" : text;
}

void print_items(const SyncRow& row, bool all) {
    std::size_t shown = 0;
    for (const SyncItem& it : row.items) {
        if (!all && it.reason.empty() && (it.action == "added" || it.action == "changed")) continue;
        if (++shown > most_shown_items) break;
        std::cout << safe_line(fmt::format("  {:<8} {}{}{}{}{}", it.action, row.source, it.path.empty() ? "" : "/", it.path,
                                           it.reason.empty() ? "" : ": " + it.reason, it.remedy.empty() ? "" : "; " + it.remedy))
                  << '\n';
    }
}

void print_sync(const SyncRow& row, bool all_items) {
    std::cout << safe_line(
                     fmt::format("{}: {} ({:.1f} s)", row.source, counts_of(row), static_cast<double>(row.duration_ms) / 1000))
              << '\n';
    if (!row.error.empty()) std::cout << "  " << safe_line(row.error) << '\n';
    print_items(row, all_items);
}

int docs_sync(const DocsWords& words, Documents& documents) {
    SyncReport report;
    {
        ProgressLine line;
        SyncRequest request{words.source, "hand", words.dry_run, {}, {}};
        if (!words.json && ::isatty(STDERR_FILENO) != 0) request.progress = [&](const SyncProgress& now) { line.show(now); };
        report = documents.sync(request);
    }
    if (words.json) {
        print_json(report_json(report));
        return report.failed() ? ctl::exit_failed : ctl::exit_ok;
    }
    if (!report.note.empty()) std::cout << safe_line(report.note) << '\n';
    if (words.dry_run) std::cout << "Would do:\n";
    for (const SyncRow& row : report.rows) print_sync(row, words.dry_run);
    if (!report.error.empty()) return ctl::refuse(false, report.error);
    return report.failed() ? ctl::exit_failed : ctl::exit_ok;
}

void print_hit(int number, const KnowledgeHit& hit, bool bold) {
    std::string stale;
    if (hit.stale_since)
        stale = "   (text of " + utc_text(hit.extracted_at).substr(0, 10) + ", the file has changed and cannot be read)";
    std::string heading = hit.passage.heading.empty() ? hit.title : hit.passage.heading;
    std::string snippet = hit.snippet;
    std::replace(snippet.begin(), snippet.end(), '\n', ' ');
    std::cout << number << "  " << safe_line(hit_place(hit) + "   " + heading) << "\n   "
              << marked_snippet(safe_line(snippet), bold ? "\033[1m" : "", bold ? "\033[0m" : "") << stale << '\n';
}

int docs_search(const DocsWords& words, Documents& documents) {
    std::string query;
    for (const std::string& word : words.query) query += (query.empty() ? "" : " ") + word;
    const auto found = documents.search(query, {words.source, true}, words.limit);
    if (!found) return ctl::refuse(words.json, found.failure().text);
    if (words.json) {
        Json hits = Json::array();
        for (const KnowledgeHit& it : found.value().hits) hits.push_back(hit_json(it));
        print_json({{"hits", std::move(hits)}, {"note", found.value().note}});
    } else {
        int number = 0;
        for (const KnowledgeHit& it : found.value().hits) print_hit(++number, it, ::isatty(STDOUT_FILENO) != 0);
        if (!found.value().note.empty()) std::cerr << "voltctl: " << safe_line(found.value().note) << '\n';
        if (number == 0) std::cerr << "No passages match.\n";
    }
    return found.value().hits.empty() ? ctl::exit_failed : ctl::exit_ok;
}

/// Returns a whole page of the manual.
std::optional<std::string> whole_manual_page(const std::string& uri) {
    const DocumentPlace place = place_of(uri);
    const auto page = built_in_manual().find(place.path);
    if (place.source != manual_source || place.from > 0 || page == built_in_manual().end()) return std::nullopt;
    return without_questions(page->second);
}

int docs_show(const DocsWords& words, Documents& documents) {
    if (const auto page = whole_manual_page(words.uri); page && !words.json) {
        std::cout << *page;
        return ctl::exit_ok;
    }
    const auto read = documents.read(words.uri, 0, 0);
    if (!read) return ctl::refuse(words.json, read.failure().text);
    if (words.json) {
        print_json(text_json(read.value()));
        return ctl::exit_ok;
    }
    std::cout << plain_text(read.value());
    if (read.value().more) std::cout << "… more text follows: add :LINE or #page=N\n";
    return ctl::exit_ok;
}

int docs_list(const DocsWords& words, Documents& documents) {
    const auto listed = documents.list(words.source);
    if (!listed) return ctl::refuse(words.json, listed.failure().text);
    Json all = Json::array();
    for (const KnowledgeDocument& it : listed.value()) {
        if (words.json) all.push_back(document_json(it));
        else
            std::cout << safe_line(fmt::format("{}/{}  {} passages{}", it.source, it.path, it.passages,
                                               it.error.empty() ? "" : "  " + it.error))
                      << '\n';
    }
    if (words.json) print_json(all);
    return ctl::exit_ok;
}

int docs_history(const DocsWords& words, Documents& documents) {
    if (words.sync > 0) {
        const auto row = documents.history_of(words.sync);
        if (!row) return ctl::refuse(words.json, row.failure().text);
        if (words.json) print_json(sync_json(row.value()));
        else print_sync(row.value(), true);
        return ctl::exit_ok;
    }
    const auto rows = documents.history(most_shown_syncs);
    if (!rows) return ctl::refuse(words.json, rows.failure().text);
    Json all = Json::array();
    for (const SyncRow& it : rows.value()) {
        if (words.json) all.push_back(sync_json(it));
        else
            std::cout << fmt::format("{:>4}  {}  {:<5}  {}: {}{}", it.id, utc_text(it.ended_at), it.trigger, it.source,
                                     counts_of(it), it.error.empty() ? "" : "; " + safe_line(it.error))
                      << '\n';
    }
    if (words.json) print_json(all);
    return ctl::exit_ok;
}

int docs_check(const DocsWords& words, Documents& documents) {
    const std::vector<DocumentTrouble> troubles = documents.check();
    Json all = Json::array();
    for (const DocumentTrouble& it : troubles) {
        if (words.json) all.push_back(trouble_json(it));
        else std::cout << safe_line(it.place + ": " + it.what + (it.remedy.empty() ? "" : "; " + it.remedy)) << '\n';
    }
    if (words.json) print_json(all);
    else if (troubles.empty()) std::cout << "All documents are up to date.\n";
    return troubles.empty() ? ctl::exit_ok : ctl::exit_failed;
}

using DocsCommand = int (*)(const DocsWords& words, Documents& documents);
constexpr std::pair<const char*, DocsCommand> docs_commands[] = {{"sync", docs_sync},       {"search", docs_search},
                                                                 {"show", docs_show},       {"list", docs_list},
                                                                 {"history", docs_history}, {"check", docs_check}};

}  // namespace

void add_docs(CLI::App& app, DocsWords& words) {
    CLI::App* docs = app.add_subcommand("docs", "the site's documents and the manual");
    docs->require_subcommand(1);
    const auto add = [&](const char* name, const char* about) {
        CLI::App* command = docs->add_subcommand(name, about)->fallthrough();
        command->add_flag("--json", words.json, "print JSON");
        return command;
    };
    CLI::App* sync = add("sync", "read what is new or changed in the folders");
    sync->add_option("source", words.source, "only this one");
    sync->add_flag("--dry-run", words.dry_run, "list what a sync would do");
    CLI::App* search = add("search", "search for these words");
    search->add_option("words", words.query, "words, or a phrase in quotes")->required();
    search->add_option("--source", words.source, "only in this one");
    search->add_option("--limit", words.limit, "maximum number of passages")->check(CLI::Range(1, 50));
    add("show", "a document, or a part of it")
        ->add_option("uri", words.uri, "such as alarms.md, manual/alarms.md:57 or site/x.pdf#page=3")
        ->required();
    add("list", "the documents")->add_option("--source", words.source, "only of this one");
    add("history", "show what past syncs did")->add_option("id", words.sync, "number of one sync, to list its files");
    add("check", "list what is missing, stale or failed");
}

int run_docs(const CLI::App& docs, const DocsWords& words, Documents& documents) {
    if (const std::string wrong = unknown_source(documents, words.source, true); !wrong.empty())
        return ctl::refuse(words.json, wrong, ctl::exit_usage);
    for (const auto& [name, command] : docs_commands)
        if (docs.got_subcommand(name)) return command(words, documents);
    return ctl::exit_usage;
}

}  // namespace volt::agent
