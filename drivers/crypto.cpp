#include "drivers/crypto.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <array>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <vector>

namespace volt {

namespace {

std::string hex_of(const unsigned char* bytes, std::size_t count) {
    constexpr const char* digits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * count);
    for (std::size_t i = 0; i < count; ++i) text += {digits[bytes[i] >> 4U], digits[bytes[i] & 15U]};
    return text;
}

}  // namespace

std::string sha256_hex(std::string_view data) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    if (::SHA256(reinterpret_cast<const unsigned char*>(data.data()), data.size(), digest.data()) == nullptr)
        throw std::runtime_error("libcrypto provides no SHA-256; check /etc/ssl/openssl.cnf");
    return hex_of(digest.data(), digest.size());
}

std::string sha256_of_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(::EVP_MD_CTX_new(), ::EVP_MD_CTX_free);
    bool good = file && context && ::EVP_DigestInit_ex(context.get(), ::EVP_sha256(), nullptr) == 1;
    std::vector<char> block(std::size_t{64} * 1024);
    while (good && !file.eof()) {
        file.read(block.data(), static_cast<std::streamsize>(block.size()));
        good = !file.bad() && ::EVP_DigestUpdate(context.get(), block.data(), static_cast<std::size_t>(file.gcount())) == 1;
    }
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    if (!good || ::EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1) return {};
    return hex_of(digest.data(), digest.size());
}

std::optional<std::string> random_hex(std::size_t bytes) {
    std::vector<unsigned char> random(bytes);
    if (::RAND_bytes(random.data(), static_cast<int>(bytes)) != 1) return std::nullopt;
    return hex_of(random.data(), random.size());
}

bool same_secret(std::string_view given, std::string_view expected) {
    return given.size() == expected.size() && ::CRYPTO_memcmp(given.data(), expected.data(), expected.size()) == 0;
}

}  // namespace volt
