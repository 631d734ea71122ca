#include "daemon/agent/documents/documents.hpp"

#include <unistd.h>

#include <algorithm>
#include <set>
#include <utility>

#include "daemon/agent/documents/documents_json.hpp"
#include "daemon/agent/documents/file_walk.hpp"
#include "daemon/agent/documents/manual.hpp"
#include "daemon/agent/documents/remedies.hpp"
#include "daemon/ctl/talk/suggest.hpp"
#include "drivers/store/agent/conversations.hpp"
#include "drivers/store/sqlite/files.hpp"

namespace volt::agent {

namespace {

constexpr std::size_t most_synonym_bytes = std::size_t{64} * 1024, most_troubles = 500;
constexpr std::size_t most_snippet_characters = 200;
constexpr std::int64_t most_parts = 500;
constexpr std::size_t most_marks_of_name = 8;
/// Factor for the number of hits to search for if hits of hidden sources are dropped.
constexpr std::size_t most_hidden_share = 4;

std::string small_file_below(const std::string& folder, const char* name) {
    const int fd = open_below(folder, name);
    if (fd < 0) return {};
    std::string text(most_synonym_bytes, '\0');
    const ssize_t got = ::read(fd, text.data(), text.size());
    ::close(fd);
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return text;
}

std::int64_t lines_in(const Passage& passage) { return std::count(passage.body.begin(), passage.body.end(), '\n') + 1; }

/// Replaces a snippet of the questions themselves with the beginning of the passage.
void hide_questions(KnowledgeHit& hit) {
    constexpr std::string_view cut = "…";
    hit.passage.body = without_questions(hit.passage.body);
    const std::string plain = marked_snippet(hit.snippet, "", "");
    std::string_view part = plain;
    if (part.starts_with(cut)) part.remove_prefix(cut.size());
    if (part.ends_with(cut)) part.remove_suffix(cut.size());
    if (hit.passage.body.find(part) != std::string::npos) return;
    hit.snippet = first_characters(hit.passage.body, most_snippet_characters);
}

}  // namespace

Documents::Documents(DocumentSettings settings, const std::string& store, std::string program, std::string manual)
    : places_{std::move(settings), std::move(manual), std::move(program)}, database_(store + "/knowledge.db") {}

SyncReport Documents::sync(const SyncRequest& request) const {
    if (!request.source.empty()) {
        std::vector<std::string> known;
        for (const DocumentSource& it : sources()) known.push_back(it.id);
        if (std::find(known.begin(), known.end(), request.source) == known.end())
            return {{}, "", "there is no source '" + request.source + "'" + ctl::choose_from(request.source, known), false};
    }
    return sync_here(request);
}

SyncReport Documents::sync_here(const SyncRequest& request) const {
    SyncReport report = sync_documents(database_, places_, request);
    if (report.note.empty() || request.source.empty() || !report.error.empty()) return report;
    // The previous file, before it was rebuilt, also had other sources.
    SyncReport all = sync_documents(database_, places_, {"", request.trigger, false, request.progress});
    all.note = report.note;
    return all;
}

bool Documents::sync_manual(bool other_version) {
    store_.reset();
    if (sync_here({manual_source, "ask", false, {}}).note.empty()) return false;
    rebuilt_ = std::string("knowledge.db was ") + (other_version ? std::string(of_another_version) : "damaged") +
               " and has been rebuilt; sync history starts over";
    return true;
}

std::string Documents::take_note() {
    const std::string both = note_ + (note_.empty() || rebuilt_.empty() ? "" : "; ") + rebuilt_;
    rebuilt_.clear();
    return both;
}

bool Documents::manual_is_current(KnowledgeStore& store) const {
    const FileWalk walk = walk_folder(places_.manual, 1);
    const auto stored = store.documents(manual_source);
    if (walk.missing) return true;
    return std::equal(walk.files.begin(), walk.files.end(), stored.begin(), stored.end(),
                      [](const WalkedFile& a, const KnowledgeDocument& b) {
                          return a.path == b.path && a.bytes == b.bytes && a.mtime_ns == b.mtime_ns;
                      });
}

Result<KnowledgeStore> Documents::manual_alone() const {
    auto made = KnowledgeStore::open(":memory:", true);
    if (!made || places_.manual.empty()) return made;
    const SourceResult synced = sync_source(made.value(), "", places_.settings.all_sources().front(), places_, {});
    if (!synced.row.error.empty()) return Failure{Fault::retry, synced.row.error};
    return made;
}

/// Returns the open store, or a new one if its file was replaced. Holds the manual in memory if knowledge.db is not available.
Result<KnowledgeStore*> Documents::store() {
    const std::string there = file_identity(database_);
    if (store_ && !identity_.empty() && identity_ == there) return store_.get();
    auto opened = KnowledgeStore::open(database_, false);
    const bool current = opened && (manual_checked_ || manual_is_current(opened.value()));
    if (!current && !manual_checked_) {
        manual_checked_ = true;
        const bool other = !opened && opened.failure().text.ends_with(of_another_version);
        opened = Failure{};
        sync_manual(other);
        opened = KnowledgeStore::open(database_, false);
    }
    if (!opened && store_ && identity_.empty()) return store_.get();
    note_.clear();
    identity_ = opened ? file_identity(database_) : "";
    if (!opened) {
        note_ = "only the manual is searched: " + opened.failure().text;
        opened = manual_alone();
        if (!opened) return opened.failure();
    }
    store_ = std::make_unique<KnowledgeStore>(std::move(opened.value()));
    return store_.get();
}

template <class Answer>
Result<Answer> Documents::answer(const std::function<Result<Answer>(KnowledgeStore&)>& ask) {
    const std::lock_guard lock(mutex_);
    for (bool again = false;; again = true) {
        const auto open = store();
        if (!open) return open.failure();
        auto found = ask(*open.value());
        if (again || !open.value()->damaged() || !sync_manual(false)) return found;
    }
}

Synonyms Documents::synonyms() const {
    Synonyms all;
    for (const DocumentSource& it : sources()) {
        if (it.builtin) continue;
        for (auto& group : synonyms_in(small_file_below(it.path, synonyms_file)))
            if (all.size() < most_synonym_lines) all.push_back(std::move(group));
    }
    return all;
}

/// Checks the current configuration, because the stored data may be older.
bool Documents::is_shown(const std::string& source, bool with_private) const {
    const auto all = sources();
    return std::any_of(all.begin(), all.end(),
                       [&](const DocumentSource& it) { return it.id == source && (with_private || !it.kept_private); });
}

Result<DocumentHits> Documents::search(const std::string& query, const KnowledgeScope& scope, std::size_t limit) {
    return answer<DocumentHits>([&](KnowledgeStore& open) -> Result<DocumentHits> {
        const auto sources = open.sources();
        const bool all_shown =
            std::all_of(sources.begin(), sources.end(), [&](const KnowledgeSource& it) { return is_shown(it.id, true); });
        auto found = open.search(query_of(query, synonyms()), scope, limit * (all_shown ? 1 : most_hidden_share));
        if (!found) return found.failure();
        std::erase_if(found.value(), [&](const KnowledgeHit& it) { return !is_shown(it.source, scope.with_private); });
        found.value().resize(std::min(found.value().size(), limit));
        for (KnowledgeHit& it : found.value())
            if (it.source == manual_source) hide_questions(it);
        return DocumentHits{std::move(found.value()), open.damaged() ? "" : take_note()};
    });
}

Result<DocumentText> Documents::read(const std::string& uri, std::int64_t from, std::int64_t lines, bool with_private) {
    return answer<DocumentText>([&](KnowledgeStore& open) { return read_from(open, uri, from, lines, with_private); });
}

Result<DocumentText> Documents::read_from(KnowledgeStore& open, const std::string& uri, std::int64_t from, std::int64_t lines,
                                          bool with_private) const {
    std::vector<std::string> known;
    std::vector<KnowledgeDocument> shown = open.documents();
    std::erase_if(shown, [&](const KnowledgeDocument& it) { return !is_shown(it.source, with_private); });
    for (const KnowledgeDocument& it : shown) known.push_back(document_uri(it.source, it.path));
    DocumentText text;
    DocumentPlace place;
    // Try the longest name first: in a place, a # may be part of the name.
    for (std::size_t marks = most_marks_of_name + 1; marks-- > 0 && text.document.id == 0;) {
        place = place_of(uri, marks);
        for (const KnowledgeDocument& it : shown)
            if (it.source == place.source && it.path == place.path) text.document = it;
    }
    if (text.document.id == 0) return Failure{Fault::absent, "there is no document '" + uri + "'" + ctl::choose_from(uri, known)};
    if (lines == 0) lines = place.lines > 0 ? place.lines : usual_read_lines;
    if (from > 0) place.fragment.clear();
    else from = std::max<std::int64_t>(place.from, 1);
    auto parts = open.passages(text.document.id, from, most_parts, place.fragment);
    const std::string name = "'" + place.source + "/" + place.path + "'";
    if (parts.empty() && !place.fragment.empty()) return Failure{Fault::absent, name + " has no part '#" + place.fragment + "'"};
    if (parts.empty() && from > 1)
        return Failure{Fault::absent, name + " has no text from " + (text.document.pages > 0 ? "page " : "line ") +
                                          std::to_string(from) + " on"};
    std::size_t bytes = 0;
    for (Passage& it : parts) {
        if (place.source == manual_source) it.body = without_questions(it.body);
        bytes += it.heading.size() + it.body.size() + 100;
        const bool fits = text.parts.empty() || (lines > 0 && bytes <= most_read_bytes);
        if (!fits) text.more = true;
        if (!fits) break;
        lines -= lines_in(it);
        text.parts.push_back(std::move(it));
    }
    return text;
}

Result<std::vector<KnowledgeDocument>> Documents::list(const std::string& source) {
    using Answer = std::vector<KnowledgeDocument>;
    return answer<Answer>([&](KnowledgeStore& open) -> Result<Answer> { return open.documents(source); });
}

Result<std::vector<SyncRow>> Documents::history(std::int64_t limit) {
    using Answer = std::vector<SyncRow>;
    return answer<Answer>([&](KnowledgeStore& open) -> Result<Answer> { return open.history("", limit); });
}

Result<SyncRow> Documents::history_of(std::int64_t id) {
    return answer<SyncRow>([&](KnowledgeStore& open) -> Result<SyncRow> {
        auto row = open.sync(id);
        if (!row) return Failure{Fault::absent, "there is no sync " + std::to_string(id)};
        return *std::move(row);
    });
}

std::vector<DocumentTrouble> Documents::check() {
    const std::lock_guard lock(mutex_);
    const std::string sync = "voltctl docs sync";
    const auto open = store();
    if (!open) return {{database_, open.failure().text, sync}};
    std::vector<DocumentTrouble> all;
    if (!note_.empty()) all.push_back({database_, note_, sync});
    if (!rebuilt_.empty()) all.push_back({database_, std::exchange(rebuilt_, {}), ""});
    if (const std::string broken = open.value()->check(true); !broken.empty())
        all.push_back({database_, "broken: " + broken, sync});
    const auto stored = open.value()->sources();
    const auto documents = open.value()->documents();
    std::set<std::string> listed, stale_ones;
    for (const KnowledgeDocument& it : documents)
        if (it.stale_since) stale_ones.insert(it.source + "/" + it.path);
    const auto add = [&](const std::string& source, const std::string& folder, const SyncItem& it, bool stale) {
        const std::string place = source + (it.path.empty() ? "" : "/" + it.path), file = folder + "/" + it.path;
        if (all.size() >= most_troubles || !listed.insert(place).second) return;
        const std::string what = (it.action.empty() || it.path.empty() ? "" : it.action + ": ") + it.reason;
        all.push_back({place, what + (stale ? "; its earlier text is kept" : ""),
                       it.action == "failed" ? remedy_for_failed(file, it.reason) : remedy_for(file, it.reason)});
    };
    for (const DocumentSource& source : sources()) {
        const auto found =
            std::find_if(stored.begin(), stored.end(), [&](const KnowledgeSource& it) { return it.id == source.id; });
        const std::string folder = found == stored.end() ? source.path : found->path;
        if (found == stored.end()) all.push_back({source.id, "never synced", sync + " " + source.id});
        const auto rows = open.value()->history(source.id, 1);
        const auto last = rows.empty() ? std::nullopt : open.value()->sync(rows.front().id);
        if (last && !last->error.empty()) {
            const std::string remedy = remedy_for(folder, last->error), end = "; " + remedy;
            const bool has_it = !remedy.empty() && last->error.ends_with(end);
            all.push_back({source.id, last->error.substr(0, last->error.size() - (has_it ? end.size() : 0)), remedy});
        }
        for (const SyncItem& it : last ? last->items : std::vector<SyncItem>{}) {
            const bool stale = stale_ones.contains(source.id + "/" + it.path);
            if (is_trouble(it)) add(source.id, folder, it, stale);
        }
        for (const KnowledgeDocument& it : documents) {
            const std::size_t end = it.error.find(": ");
            if (it.source != source.id || end == std::string::npos) continue;
            const std::string action = it.error.substr(0, end);
            add(source.id, folder, {it.path, action == "replaced" ? "" : action, it.error.substr(end + 2), ""},
                it.stale_since.has_value());
        }
    }
    return all;
}

Documents& usual_documents() {
    static Documents documents({}, "/var/lib/volt-agent");
    return documents;
}

}  // namespace volt::agent
