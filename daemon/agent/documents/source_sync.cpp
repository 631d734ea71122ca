// Sync of one folder into knowledge.db.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include "daemon/agent/documents/extraction.hpp"
#include "daemon/agent/documents/file_walk.hpp"
#include "daemon/agent/documents/remedies.hpp"
#include "daemon/agent/documents/sync.hpp"
#include "drivers/crypto.hpp"

namespace volt::agent {

namespace {

constexpr std::int64_t ns_of_ms = 1'000'000, ns_of_second = 1'000'000'000, bytes_of_mb = 1'000'000;
/// Time in which a file that was written shortly before it was read may have been written again with the same time stamp (2 s on
/// a FAT stick).
constexpr std::int64_t doubtful_ms = 3000;
/// Prefix of the reason in the row of a document that was read with bytes replaced.
constexpr std::string_view replaced_mark = "replaced: ";
constexpr const char* emptied_folder =
    "the folder is empty (drive not mounted?); its documents are kept. If you removed them on purpose, put any file there and "
    "sync again";

/// Size that means that the file must be read again in any case, and the sum is that of the stored text.
constexpr std::int64_t unsettled_bytes = -1;

/// Finality of a document's row for its file. With `no` the next sync reads the file again.
enum class Settled : std::uint8_t { yes, no };

std::string ending_of(const std::string& path) { return std::filesystem::path(path).extension().string(); }

std::string replaced_bytes(std::int64_t count) {
    return count == 1 ? "1 byte was not valid UTF-8" : std::to_string(count) + " bytes were not valid UTF-8";
}

const char* no_text(DocumentType type) { return type == DocumentType::pdf ? "no text: scanned?" : "no text"; }

/// Open file, closed by the destructor.
struct OpenFile {
    int fd = -1;
    struct stat before {};
    explicit OpenFile(int descriptor) : fd(descriptor) {
        if (fd >= 0) ::fstat(fd, &before);
    }
    ~OpenFile() {
        if (fd >= 0) ::close(fd);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    std::int64_t mtime_ns() const { return before.st_mtim.tv_sec * ns_of_second + before.st_mtim.tv_nsec; }
    bool changed_since() const {
        struct stat now {};
        return ::fstat(fd, &now) != 0 || now.st_size != before.st_size || now.st_mtim.tv_sec != before.st_mtim.tv_sec ||
               now.st_mtim.tv_nsec != before.st_mtim.tv_nsec;
    }
};

/// Returns the folders of private sources, which must be hidden from `shown`.
std::vector<std::string> closed_folders(const std::vector<DocumentSource>& all, const DocumentSource& shown) {
    std::vector<std::string> folders;
    for (const DocumentSource& it : all)
        if (it.kept_private && !shown.kept_private) folders.push_back(it.path);
    return folders;
}

/// Sync of one source. Its functions return false if it cannot continue; result_.row.error has the reason.
class SourceSync {
public:
    SourceSync(KnowledgeStore& store, std::string database, const DocumentSource& source, const SyncPlaces& places,
               const SyncRequest& request)
        : store_(store),
          database_(std::move(database)),
          source_(source),
          places_(places),
          request_(request),
          folder_(source.builtin ? places.manual : source.path),
          readers_({places.program, "extract"}) {}

    SourceResult run() {
        result_.row.source = source_.id;
        result_.row.trigger = request_.trigger;
        result_.row.started_at = wall_ms();
        const auto begin = std::chrono::steady_clock::now();
        FileWalk walk = walk_folder(folder_, limits().depth, closed_folders(places_.settings.all_sources(), source_));
        for (KnowledgeDocument& it : store_.documents(source_.id)) stored_.emplace(it.path, std::move(it));
        const bool is_emptied = !walk.missing && walk.entries == 0 && !stored_.empty();
        if (note_source(walk.missing || is_emptied)) {
            if (walk.missing) result_.row.error = walk.trouble + (stored_.empty() ? "" : "; its documents are kept");
            else if (is_emptied) result_.row.error = emptied_folder;
            else files(walk);
        }
        std::string& error = result_.row.error;
        if (const std::string remedy = remedy_for(folder_, error); !error.empty() && !remedy.empty()) error += "; " + remedy;
        result_.row.duration_ms =
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin).count();
        result_.row.ended_at = wall_ms();
        return std::move(result_);
    }

private:
    const DocumentLimits& limits() const { return places_.settings.limits; }

    /// Counts and lists what was done with a file. An empty path means `files` of them.
    void done(const std::string& path, const std::string& word, const std::string& reason = {}, std::size_t files = 1) {
        SyncRow& row = result_.row;
        std::int64_t& count = word == "added"     ? row.added
                              : word == "changed" ? row.changed
                              : word == "moved"   ? row.moved
                              : word == "removed" ? row.removed
                              : word == "failed"  ? row.failed
                              : word == "skipped" ? row.skipped
                                                  : row.empty;
        count += static_cast<std::int64_t>(files);
        const std::string place = folder_ + "/" + path;
        const std::string remedy = word == "failed"  ? remedy_for_failed(place, reason)
                                   : word == "moved" ? ""
                                                     : remedy_for(place, reason);
        row.items.push_back({path, word, reason, remedy});
        result_.news = result_.news || !is_trouble(row.items.back());
    }

    /// Returns false if the store rejected the write. Remembers a broken store.
    bool kept(const SqlStatus& status) {
        if (status.ok()) return true;
        result_.broken = result_.broken || status.broken();
        result_.row.error = why_not_kept(status, database_, limits());
        return false;
    }

    bool note_source(bool missing) {
        KnowledgeSource now{source_.id, folder_, source_.kept_private, result_.row.started_at, missing};
        for (const KnowledgeSource& it : store_.sources())
            if (it.id == now.id && it.path == now.path && it.kept_private == now.kept_private && it.missing == missing)
                return true;
        if (request_.dry_run) return true;
        result_.wrote = result_.news = true;
        return kept(store_.put_source(now));
    }

    void files(const FileWalk& walk) {
        for (const SyncItem& it : walk.refused) done(it.path, it.action, it.reason);
        result_.row.error = walk.trouble;
        std::set<std::string> seen;
        for (const WalkedFile& it : walk.files) seen.insert(it.path);
        if (walk.complete)
            for (const auto& [path, document] : stored_)
                if (!seen.contains(path)) gone_.emplace(document.sha256, path);
        for (const KnowledgeDocument& it : store_.documents()) so_far_.documents += it.source == manual_source ? 0U : 1U;
        so_far_.passages = store_.passage_count();
        // First process known, moved and deleted files. The limit keeps existing ones, and only then is the free space known.
        std::vector<const WalkedFile*> fresh;
        for (const WalkedFile& it : walk.files)
            if (!stored_.contains(it.path)) fresh.push_back(&it);
            else if (!file(it, walk.files.size())) return;
        for (const WalkedFile*& it : fresh)
            if (!moves(it)) return;
        if (!remove_gone()) return;
        for (const WalkedFile* it : fresh)
            if (it != nullptr && !file(*it, walk.files.size())) return;
        if (so_far_.beyond > 0)
            done("", "skipped",
                 std::to_string(so_far_.beyond) + (so_far_.beyond == 1 ? " file" : " files") + " skipped: the limit is " +
                     std::to_string(limits().files),
                 so_far_.beyond);
    }

    /// Removes files that two walks did not find, because a stick may have been pulled out in between.
    bool remove_gone() {
        if (gone_.empty()) return true;
        const FileWalk again = walk_folder(folder_, limits().depth);
        if (!again.complete || again.entries == 0) {
            result_.row.error = again.entries == 0      ? emptied_folder
                                : again.trouble.empty() ? "a subfolder is no longer readable"
                                                        : again.trouble;
            return false;
        }
        for (const WalkedFile& it : again.files) std::erase_if(gone_, [&](const auto& gone) { return gone.second == it.path; });
        std::vector<std::string> paths;
        for (const auto& [sum, path] : gone_) paths.push_back(path);
        std::sort(paths.begin(), paths.end());
        for (const std::string& path : paths) {
            done(path, "removed");
            --so_far_.documents;
            so_far_.passages -= stored_.at(path).passages;
            if (request_.dry_run) continue;
            result_.wrote = true;
            if (!kept(store_.remove_document(stored_.at(path).id))) return false;
        }
        return true;
    }

    bool file(const WalkedFile& walked, std::size_t of) {
        if (request_.progress) request_.progress({source_.id, walked.path, ++so_far_.files, of, so_far_.passages});
        const auto found = stored_.find(walked.path);
        const KnowledgeDocument document =
            found == stored_.end() ? KnowledgeDocument{.source = source_.id, .path = walked.path} : found->second;
        const bool again = document.error.starts_with("failed:") && request_.trigger == "hand";
        const bool doubtful = document.extracted_at > 0 && walked.mtime_ns / ns_of_ms + doubtful_ms > document.extracted_at;
        if (document.id != 0 && document.bytes == walked.bytes && document.mtime_ns == walked.mtime_ns && !again && !doubtful)
            return as_before(document);
        if (!type_of_file(walked.path))
            return done(walked.path, "skipped", "unsupported file type (" + ending_of(walked.path) + ")"), true;
        if (walked.bytes > limits().file_mb * bytes_of_mb)
            return refused(document, "skipped", "larger than " + std::to_string(limits().file_mb) + " MB", Settled::no);
        const bool fits = source_.builtin || so_far_.documents < static_cast<std::size_t>(limits().files);
        if (document.id == 0 && !fits) return ++so_far_.beyond, true;
        return read(document, again);
    }

    bool as_before(const KnowledgeDocument& document) {
        const std::string& error = document.error;
        if (error.empty() || error.starts_with(replaced_mark)) return ++result_.row.unchanged, true;
        const std::size_t end = error.find(": ");
        done(document.path, error.substr(0, end), end == std::string::npos ? "" : error.substr(end + 2));
        return true;
    }

    /// Treats a new file with the content of a missing one as that file; `walked` becomes nullptr then.
    bool moves(const WalkedFile*& walked) {
        const bool perhaps = std::any_of(gone_.begin(), gone_.end(),
                                         [&](const auto& gone) { return stored_.at(gone.second).bytes == walked->bytes; });
        if (!perhaps || !type_of_file(walked->path) || walked->bytes > limits().file_mb * bytes_of_mb) return true;
        const OpenFile file(open_below(folder_, walked->path));
        const std::string sum = file.fd < 0 ? "" : sha256_of_file("/proc/self/fd/" + std::to_string(file.fd));
        KnowledgeDocument now{.source = source_.id, .path = walked->path};
        now.bytes = file.before.st_size, now.mtime_ns = file.mtime_ns();
        if (sum.empty() || moved_from(now, sum) == nullptr) return true;
        ++so_far_.files;
        walked = nullptr;
        result_.row.bytes += now.bytes;
        return move(now, sum);
    }

    /// Opens and compares a file. Extracts it if the content differs.
    bool read(KnowledgeDocument document, bool again) {
        const OpenFile file(open_below(folder_, document.path));
        if (file.fd < 0 && errno == ENOENT) return true;  // deleted since the walk: the next sync notices
        if (file.fd < 0)
            return refused(document, "failed",
                           errno == EACCES ? "permission denied" : std::string("cannot be opened: ") + std::strerror(errno),
                           Settled::no);
        const std::string sum = sha256_of_file("/proc/self/fd/" + std::to_string(file.fd));
        if (sum.empty()) return refused(document, "failed", "cannot be read", Settled::no);
        // Reread its text if the row has only the reason the file was not read.
        const bool same = document.id != 0 && document.sha256 == sum && !again && document.bytes >= 0;
        const bool touched = document.mtime_ns != file.mtime_ns();
        document.bytes = file.before.st_size, document.mtime_ns = file.mtime_ns();
        if (same) {
            if (touched && !request_.dry_run && !keep(document)) return false;
            return as_before(document);
        }
        result_.row.bytes += document.bytes;
        document.sha256 = sum;
        const char* action = document.id == 0 ? "added" : "changed";
        if (request_.dry_run) {
            so_far_.documents += document.id == 0 ? 1 : 0;
            return done(document.path, action), true;
        }
        return extract(document, file, action);
    }

    bool keep(KnowledgeDocument& document) {
        result_.wrote = true;
        return kept(store_.put_document(document));
    }

    /// Returns the earlier path of a document with this content.
    const std::string* moved_from(const KnowledgeDocument& document, const std::string& sum) {
        const auto [first, last] = gone_.equal_range(sum);
        const auto is_well = [&](const std::string& error) { return error.empty() || error.starts_with(replaced_mark); };
        for (auto it = first; it != last; ++it)
            if (is_well(stored_.at(it->second).error) && type_of_file(it->second) == type_of_file(document.path))
                return &it->second;
        return nullptr;
    }

    bool move(const KnowledgeDocument& now, const std::string& sum) {
        const std::string from = *moved_from(now, sum);
        std::erase_if(gone_, [&](const auto& gone) { return gone.second == from; });
        done(now.path, "moved", "was " + from);
        KnowledgeDocument document = stored_.at(from);
        document.path = now.path, document.bytes = now.bytes, document.mtime_ns = now.mtime_ns;
        // The file name is the title of a document without one, also in its passages.
        const std::string old_name = std::filesystem::path(from).stem().string(),
                          name = std::filesystem::path(now.path).stem().string();
        if (document.title == old_name && old_name != name) {
            document.sha256 = sum;
            const OpenFile file(open_below(folder_, now.path));
            if (request_.dry_run || file.fd < 0) return true;
            result_.row.items.pop_back();
            --result_.row.moved;
            return extract(document, file, "moved", "was " + from);
        }
        return request_.dry_run || keep(document);
    }

    /// Extracts everything in one transaction, or nothing.
    bool extract(KnowledgeDocument document, const OpenFile& file, const char* action, const std::string& reason = {}) {
        const DocumentType type = *type_of_file(document.path);
        if (type == DocumentType::pdf && so_far_.no_pdftotext) return refused(document, "skipped", no_program, Settled::no);
        const KnowledgeDocument before = document;
        const std::string name = std::filesystem::path(document.path).stem().string();
        ExtractEnd end;
        SqlStatus status;
        bool too_many = false;
        {
            Transaction change = store_.begin_change();
            status = change.status();
            document.type = name_of(type);
            if (status.ok()) status = store_.put_document(document);
            std::int64_t position = 0;
            const auto sink = [&](const Passage& passage) {
                too_many = so_far_.passages - before.passages + position >= limits().passages;
                if (!too_many) ++position, status = store_.add_passage(passage);
                return status.ok() && !too_many;
            };
            if (status.ok())
                end = extract_file({file.fd, type, name, limits().pages, source_.builtin ? nullptr : &readers_}, sink);
            const bool whole = end.outcome == ExtractOutcome::read || end.outcome == ExtractOutcome::empty;
            if (status.ok() && whole && !file.changed_since()) {
                document.title = end.title.empty() ? name : end.title;
                document.pages = end.pages, document.passages = position;
                document.extracted_at = wall_ms();
                document.stale_since.reset();
                document.error = position == 0      ? std::string("empty: ") + no_text(type)
                                 : end.replaced > 0 ? std::string(replaced_mark) + replaced_bytes(end.replaced)
                                                    : "";
                status = store_.put_passages(document.id);
                if (status.ok()) status = store_.put_document(document);
                if (status.ok()) status = change.commit();
                if (status.ok()) return extracted(document, before, action, reason);
            }
        }
        if (!status.ok()) return not_kept(before, status);
        if (too_many)
            return refused(before, "skipped", "more than " + std::to_string(limits().passages) + " passages in all", Settled::no);
        if (file.changed_since()) return done(before.path, "skipped", "changed while being read"), true;
        return not_extracted(before, end);
    }

    bool extracted(const KnowledgeDocument& document, const KnowledgeDocument& before, const char* action,
                   const std::string& reason) {
        result_.wrote = true;
        so_far_.documents += before.id == 0 ? 1 : 0;
        so_far_.passages += document.passages - before.passages;
        if (document.passages == 0) done(document.path, "empty", document.error.substr(document.error.find(' ') + 1));
        else if (document.error.empty()) done(document.path, action, reason);
        else done(document.path, action, document.error.substr(replaced_mark.size()));
        return true;
    }

    bool not_extracted(const KnowledgeDocument& before, const ExtractEnd& end) {
        if (end.outcome == ExtractOutcome::no_program) so_far_.no_pdftotext = true;
        switch (end.outcome) {
            case ExtractOutcome::no_program: return refused(before, "skipped", no_program, Settled::no);
            case ExtractOutcome::not_text: return refused(before, "skipped", "not text", Settled::yes);
            default: return refused(before, "failed", end.reason, Settled::yes);
        }
    }

    /// Handles a rejected write. A full knowledge.db skips this file, since smaller ones may still fit. Anything else ends the
    /// sync.
    bool not_kept(const KnowledgeDocument& before, const SqlStatus& status) {
        if (kept(status)) return true;
        if (!status.full() || result_.row.error == disk_is_full) return false;
        done(before.path, "skipped", std::exchange(result_.row.error, ""));
        return true;
    }

    /// Keeps the text that was read last. `Settled::yes`: the row records the file's current state, so that it is not read again
    /// unchanged.
    bool refused(const KnowledgeDocument& now, const char* action, const std::string& reason, Settled settled) {
        const std::string error = std::string(action) + ": " + reason;
        const auto found = stored_.find(now.path);
        const bool known = found != stored_.end(), was_so = known && found->second.error == error;
        KnowledgeDocument row = settled == Settled::yes || !known ? now : found->second;
        if (known && settled == Settled::no) row.bytes = unsettled_bytes;
        done(now.path, action, reason);
        const bool as_stored = was_so && found->second.bytes == row.bytes && found->second.sha256 == row.sha256;
        if (request_.dry_run || as_stored || (row.id == 0 && settled == Settled::no)) return true;
        row.error = error;
        row.type = name_of(*type_of_file(row.path));
        if (row.passages > 0 && !row.stale_since) row.stale_since = result_.row.started_at;
        if (row.title.empty()) row.title = std::filesystem::path(row.path).stem().string();
        so_far_.documents += row.id == 0 ? 1 : 0;
        return keep(row);
    }

    static constexpr const char* no_program = "pdftotext is not installed";

    KnowledgeStore& store_;
    const std::string database_;
    const DocumentSource& source_;
    const SyncPlaces& places_;
    const SyncRequest& request_;
    const std::string folder_;
    documents::ReaderHost readers_;
    std::map<std::string, KnowledgeDocument> stored_;  ///< by path
    std::multimap<std::string, std::string> gone_;     ///< paths by their sum: files that the walk did not find
    struct {
        std::size_t files = 0, documents = 0, beyond = 0;  ///< done; the owner's in the store; omitted by the limit
        std::int64_t passages = 0;                         ///< in the store
        bool no_pdftotext = false;
    } so_far_;
    SourceResult result_;
};

}  // namespace

SourceResult sync_source(KnowledgeStore& store, const std::string& database, const DocumentSource& source,
                         const SyncPlaces& places, const SyncRequest& request) {
    return SourceSync(store, database, source, places, request).run();
}

std::int64_t wall_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace volt::agent
