#include "tests/bench/store_causes.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>
#include <vector>

namespace volt::bench {

namespace {

constexpr std::size_t block = 4096, wal_header = 32, frame_header = 24;

std::string contents(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::int64_t big_endian(const std::string& bytes, std::size_t at) {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

bool differs(const std::string& before, const std::string& after, std::size_t at, std::size_t length) {
    return before.size() < at + length || before.compare(at, length, after, at, length) != 0;
}

double changed_blocks(const std::string& before, const std::string& after) {
    double count = 0;
    for (std::size_t at = 0; at < after.size(); at += block)
        count += differs(before, after, at, std::min(block, after.size() - at)) ? 1 : 0;
    return count;
}

}  // namespace

Causes::Causes(std::string path) : path_(std::move(path)) {
    Result<Connection> reader = Connection::open(path_, OpenMode::read_only);
    if (!reader) throw std::runtime_error(reader.failure().text);
    reader_ = std::move(reader.value());
    for (std::size_t i = 0; i < parts.size(); ++i) known_[i] = contents(path_ + parts[i]);
}

Causes::Names Causes::tables_by_page() {
    Names names;
    Statement query = reader_.prepare("SELECT pageno, name FROM dbstat");
    while (query.row()) names[query.integer(0)] = query.text(1);
    if (!query.status().ok()) throw std::runtime_error(query.status().text);
    return names;
}

/// Gives each changed page of the file, or frame of the WAL, an equal share of the changed blocks.
void Causes::add_pages(const std::string& before, const std::string& after, const Names& names, bool wal) {
    if (after.size() < wal_header) return;
    const std::size_t page = static_cast<std::size_t>(
        wal ? big_endian(after, 8) : static_cast<unsigned char>(after[16]) << 8 | static_cast<unsigned char>(after[17]));
    const std::size_t step = wal ? page + frame_header : page;
    std::vector<std::string> changed;
    for (std::size_t at = wal ? wal_header : 0; at + step <= after.size(); at += step) {
        if (!differs(before, after, at, step)) continue;
        const std::int64_t number = wal ? big_endian(after, at) : static_cast<std::int64_t>(at / page) + 1;
        const auto name = names.find(number);
        changed.push_back((wal ? "WAL: " : "file: ") + (name == names.end() ? std::string("free pages") : name->second));
    }
    const double share = changed_blocks(before, after) * block / static_cast<double>(std::max<std::size_t>(1, changed.size()));
    for (const std::string& name : changed) bytes_[name] += share;
}

void Causes::count() {
    const Names names = tables_by_page();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        std::string now = contents(path_ + parts[i]);
        if (i < 2) add_pages(known_[i], now, names, i == 1);
        else bytes_[i == 2 ? "WAL index (-shm)" : "copy of the settings"] += changed_blocks(known_[i], now) * block;
        known_[i] = std::move(now);
    }
}

}  // namespace volt::bench
